package jane.engine.cpu;

import java.util.List;

/** Softmax over one axis, whole lines at a time. */
final class SoftmaxKernel extends Kernel {
    private static final int TILE = 2048;
    private static final int LINES = 0;
    private static final int ROOM = 1;

    private final int axis;
    private final int length; // of a line
    private final int lines;
    private final int perTask;
    private final Reader reader;
    private final Writer writer;

    SoftmaxKernel(View x, View y, int axis) {
        super(List.of(x), List.of(y));
        this.axis = axis;
        length = x.dims[axis];
        lines = length == 0 ? 0 : x.size() / length;
        perTask = linesPerTask(length);
        reader = new Reader(last(x, axis));
        writer = new Writer(last(y, axis));
    }

    /** How many lines a task takes. */
    static int linesPerTask(int length) {
        return Math.max(1, TILE / Math.max(1, length));
    }

    /** The view with {@code axis} moved to the end. */
    static View last(View v, int axis) {
        var perm = new int[v.rank()];
        for (int i = 0; i < perm.length - 1; i++) {
            perm[i] = i < axis ? i : i + 1;
        }
        perm[perm.length - 1] = axis;
        return v.transpose(perm);
    }

    @Override
    String describe() {
        return "softmax  axis " + axis;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(2, perTask * length);
        needs.reserveDoubles(Folding.SUMS);
    }

    @Override
    void run() {
        share((lines + perTask - 1) / perTask, 5L * lines * length);
    }

    @Override
    public void run(int task, int worker) {
        int first = task * perTask;
        int count = Math.min(perTask, lines - first);
        int n = count * length;
        var x = rows(worker)[LINES];
        var sums = doubles(worker);
        reader.load(memory(), first * length, n, x, 0);
        for (int line = 0; line < n; line += length) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = line; i < line + length; i++) {
                max = Math.max(max, x[i]);
            }
            for (int i = line; i < line + length; i++) {
                x[i] -= max;
            }
        }
        Curves.exp(x, x, rows(worker)[ROOM], n);
        for (int line = 0; line < n; line += length) {
            Folding.start(ReduceKernel.Kind.SUM, sums, 0);
            Folding.add(ReduceKernel.Kind.SUM, sums, 0, x, line, length);
            float share = (float) (1 / Folding.total(ReduceKernel.Kind.SUM, sums, 0));
            for (int i = line; i < line + length; i++) {
                x[i] *= share;
            }
        }
        writer.store(memory(), first * length, n, x, 0);
    }
}
