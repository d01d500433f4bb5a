package jane.engine.cpu;

import jane.ir.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Sum, mean, maximum or minimum over any axes, in double, cut as {@link Reduction} says: results do
 * not depend on the threads.
 */
final class ReduceKernel extends Kernel {
    /** How elements combine. */
    enum Kind {
        SUM(0),
        MEAN(0),
        MAX(Double.NEGATIVE_INFINITY),
        MIN(Double.POSITIVE_INFINITY);

        private final double start;

        Kind(double start) {
            this.start = start;
        }

        /** What a node of one of the reductions asks for. */
        static Kind of(Node<?> node) {
            var name = node.op().name().substring("reduce_".length());
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        /** What nothing comes to. */
        double start() {
            return start;
        }

        double combine(double a, double b) {
            return switch (this) {
                case SUM, MEAN -> a + b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
            };
        }
    }

    private static final int TILE = 2048; // at least as wide as a task's results

    private final Reduction how;
    private final Kind kind;
    private final int kept;
    private final int reduced;
    private final Reader reader;
    private final Writer writer;
    private final double[] partials; // [chunks][kept]

    /** {@code y} has the kept axes of {@code x} only, in order; {@code isReduced} says which go. */
    ReduceKernel(Kind kind, View x, View y, boolean[] isReduced) {
        super(List.of(x), List.of(y));
        this.kind = kind;
        how = new Reduction(kind, x, isReduced);
        kept = how.kept;
        reduced = how.reduced;
        reader = new Reader(how.x);
        writer = new Writer(y);
        partials = new double[Math.multiplyExact(how.chunks, kept)];
    }

    @Override
    String describe() {
        return how.describe();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(1, TILE);
        needs.reserveDoubles(TILE);
    }

    @Override
    void run() {
        share(how.tasks, how.work());
        finish();
    }

    @Override
    public void run(int task, int worker) {
        int chunk = how.chunk(task);
        int k0 = how.begin(task);
        int k1 = how.end(task);
        int r0 = chunk * how.chunk;
        int r1 = Math.min(reduced, r0 + how.chunk);
        Arrays.fill(partials, chunk * kept + k0, chunk * kept + k1, kind.start);
        if (how.alongRows && r1 - r0 == reduced && reduced <= TILE) {
            shortRows(worker, chunk, k0, k1);
        } else if (how.alongRows) {
            for (int k = k0; k < k1; k++) {
                longRow(worker, chunk, k, r0, r1);
            }
        } else {
            columns(worker, chunk, k0, k1, r0, r1);
        }
    }

    /** Whole rows, several to a tile. */
    private void shortRows(int worker, int chunk, int k0, int k1) {
        if (reduced == 0) {
            return;
        }
        var row = rows(worker)[0];
        var lanes = doubles(worker);
        int perTile = TILE / reduced;
        for (int k = k0; k < k1; k += perTile) {
            int count = Math.min(perTile, k1 - k);
            reader.load(memory(), k * reduced, count * reduced, row, 0);
            for (int i = 0; i < count; i++) {
                Folding.start(kind, lanes, 0);
                Folding.add(kind, lanes, 0, row, i * reduced, reduced);
                partials[chunk * kept + k + i] = Folding.total(kind, lanes, 0);
            }
        }
    }

    private void longRow(int worker, int chunk, int k, int r0, int r1) {
        var row = rows(worker)[0];
        var lanes = doubles(worker);
        Folding.start(kind, lanes, 0);
        for (int r = r0; r < r1; r += TILE) {
            int n = Math.min(TILE, r1 - r);
            reader.load(memory(), k * reduced + r, n, row, 0);
            Folding.add(kind, lanes, 0, row, 0, n);
        }
        partials[chunk * kept + k] = Folding.total(kind, lanes, 0);
    }

    /** Adds row after row onto a row of results; rows are together at least a tile where short. */
    private void columns(int worker, int chunk, int k0, int k1, int r0, int r1) {
        var row = rows(worker)[0];
        var sums = doubles(worker);
        int width = k1 - k0;
        int perTile = width == kept ? Math.max(1, TILE / Math.max(1, width)) : 1;
        Arrays.fill(sums, 0, width, kind.start);
        for (int r = r0; r < r1; r += perTile) {
            int count = Math.min(perTile, r1 - r);
            reader.load(memory(), r * kept + k0, count * width, row, 0);
            for (int i = 0; i < count; i++) {
                addRow(sums, row, i * width, width);
            }
        }
        System.arraycopy(sums, 0, partials, chunk * kept + k0, width);
    }

    private void addRow(double[] sums, float[] row, int at, int n) {
        switch (kind) {
            case SUM, MEAN -> {
                for (int i = 0; i < n; i++) {
                    sums[i] += row[at + i];
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    sums[i] = Math.max(sums[i], row[at + i]);
                }
            }
            case MIN -> {
                for (int i = 0; i < n; i++) {
                    sums[i] = Math.min(sums[i], row[at + i]);
                }
            }
        }
    }

    private void finish() {
        for (int chunk = 1; chunk < how.chunks; chunk++) {
            for (int k = 0; k < kept; k++) {
                partials[k] = kind.combine(partials[k], partials[chunk * kept + k]);
            }
        }
        var row = rows(0)[0];
        for (int k = 0; k < kept; k += TILE) {
            int n = Math.min(TILE, kept - k);
            for (int i = 0; i < n; i++) {
                row[i] = (float) (partials[k + i] / how.divisor());
            }
            writer.store(memory(), k, n, row, 0);
        }
    }
}
