package jane.engine.cpu;

import java.util.List;

/** Copies slices of x along one axis, as indices say. */
final class GatherKernel extends Kernel {
    private static final int TILE = 4096;

    private final Indices indices;
    private final int size; // of the axis
    private final int inner; // elements of one slice that follow one another
    private final int slices;
    private final int perTask;
    private final Reader reader;
    private final Writer writer;
    private int[] picked = new int[0];

    GatherKernel(View x, View indices, View y, int axis) {
        super(List.of(x, indices), List.of(y));
        size = x.dims[axis];
        this.indices = new Indices("gather", indices, size);
        int product = 1;
        for (int i = axis + 1; i < x.rank(); i++) {
            product *= x.dims[i];
        }
        inner = product;
        slices = inner == 0 ? 0 : y.size() / inner;
        perTask = Math.max(1, TILE / Math.max(1, inner));
        reader = new Reader(x);
        writer = new Writer(y);
    }

    @Override
    String describe() {
        return "gather   " + indices.count() + " of " + size;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(1, perTask * inner);
    }

    @Override
    void run() {
        if (slices > 0) {
            picked = indices.read(memory());
            share((slices + perTask - 1) / perTask, (long) slices * inner);
        }
    }

    @Override
    public void run(int task, int worker) {
        int first = task * perTask;
        int count = Math.min(perTask, slices - first);
        var row = rows(worker)[0];
        for (int i = 0; i < count; i++) {
            int slice = first + i;
            int outer = slice / picked.length;
            int index = picked[slice % picked.length];
            reader.load(memory(), (outer * size + index) * inner, inner, row, i * inner);
        }
        writer.store(memory(), first * inner, count * inner, row, 0);
    }
}
