package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Sum, mean, maximum or minimum over any axes, in double. Large reductions are cut into chunks that
 * depend on the shape only and are put together in order: results do not depend on the threads.
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

        double combine(double a, double b) {
            return switch (this) {
                case SUM, MEAN -> a + b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
            };
        }
    }

    private static final int TILE = 2048;

    /** Elements of x that one task reads, about. */
    private static final int GRAIN = 32 * 1024;

    private final Kind kind;
    private final String describe;
    private final boolean alongRows;
    private final int kept; // results
    private final int reduced; // elements of x for each
    private final int keptPerTask;
    private final int reducedPerTask;
    private final int keptTasks;
    private final int chunks;
    private final Reader reader;
    private final Writer writer;
    private final double[] partials; // [chunks][kept]

    /** {@code y} has the kept axes of {@code x} only, in order; {@code isReduced} says which go. */
    ReduceKernel(Kind kind, View x, View y, boolean[] isReduced) {
        super(List.of(x), List.of(y));
        this.kind = kind;
        describe = kind.name().toLowerCase(java.util.Locale.ROOT) + " over " + axes(isReduced);
        kept = y.size();
        reduced = count(x, isReduced, true);
        alongRows = innermostIsReduced(x, isReduced);
        reader = new Reader(x.transpose(order(isReduced, alongRows)));
        writer = new Writer(y);
        int width = Math.max(1, reduced);
        if (alongRows) {
            keptPerTask = Math.max(1, Math.min(kept, GRAIN / width));
            reducedPerTask = Math.max(1, Math.min(reduced, GRAIN));
        } else {
            keptPerTask = Math.max(1, Math.min(kept, TILE));
            reducedPerTask = Math.max(1, Math.min(reduced, GRAIN / keptPerTask));
        }
        keptTasks = (kept + keptPerTask - 1) / keptPerTask;
        chunks = Math.max(1, (reduced + reducedPerTask - 1) / reducedPerTask);
        partials = new double[Math.multiplyExact(chunks, kept)];
    }

    private static String axes(boolean[] isReduced) {
        var text = new StringBuilder();
        for (int i = 0; i < isReduced.length; i++) {
            if (isReduced[i]) {
                text.append(text.length() == 0 ? "" : ",").append(i);
            }
        }
        return text.length() == 0 ? "no axis" : text.toString();
    }

    private static int count(View x, boolean[] isReduced, boolean which) {
        int count = 1;
        for (int i = 0; i < x.rank(); i++) {
            count *= isReduced[i] == which ? x.dims[i] : 1;
        }
        return count;
    }

    private static boolean innermostIsReduced(View x, boolean[] isReduced) {
        int best = -1;
        for (int i = 0; i < x.rank(); i++) {
            boolean closer = best < 0 || Math.abs(x.strides[i]) <= Math.abs(x.strides[best]);
            if (x.dims[i] != 1 && x.strides[i] != 0 && closer) {
                best = i;
            }
        }
        return best < 0 || isReduced[best];
    }

    /** Kept axes first and reduced last, or the other way round. */
    private static int[] order(boolean[] isReduced, boolean reducedLast) {
        var order = new int[isReduced.length];
        int n = 0;
        for (boolean which : new boolean[] {!reducedLast, reducedLast}) {
            for (int i = 0; i < order.length; i++) {
                if (isReduced[i] == which) {
                    order[n++] = i;
                }
            }
        }
        return order;
    }

    @Override
    String describe() {
        return "reduce   " + describe;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(1, TILE);
        needs.reserveDoubles(TILE);
    }

    @Override
    void run() {
        share(keptTasks * chunks, (long) kept * reduced);
        finish();
    }

    @Override
    public void run(int task, int worker) {
        int chunk = task / keptTasks;
        int k0 = task % keptTasks * keptPerTask;
        int k1 = Math.min(kept, k0 + keptPerTask);
        int r0 = chunk * reducedPerTask;
        int r1 = Math.min(reduced, r0 + reducedPerTask);
        Arrays.fill(partials, chunk * kept + k0, chunk * kept + k1, kind.start);
        if (alongRows && r1 - r0 == reduced && reduced <= TILE) {
            shortRows(worker, chunk, k0, k1);
        } else if (alongRows) {
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
        int perTile = TILE / reduced;
        for (int k = k0; k < k1; k += perTile) {
            int count = Math.min(perTile, k1 - k);
            reader.load(memory(), k * reduced, count * reduced, row, 0);
            for (int i = 0; i < count; i++) {
                partials[chunk * kept + k + i] = fold(row, i * reduced, (i + 1) * reduced);
            }
        }
    }

    private void longRow(int worker, int chunk, int k, int r0, int r1) {
        var row = rows(worker)[0];
        double sum = kind.start;
        for (int r = r0; r < r1; r += TILE) {
            int n = Math.min(TILE, r1 - r);
            reader.load(memory(), k * reduced + r, n, row, 0);
            sum = kind.combine(sum, fold(row, 0, n));
        }
        partials[chunk * kept + k] = sum;
    }

    private double fold(float[] row, int from, int to) {
        return switch (kind) {
            case SUM, MEAN -> sum(row, from, to);
            case MAX -> max(row, from, to);
            case MIN -> min(row, from, to);
        };
    }

    /** In four sums, which the processor can keep going at once. */
    private static double sum(float[] row, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            s0 += row[i];
            s1 += row[i + 1];
            s2 += row[i + 2];
            s3 += row[i + 3];
        }
        for (; i < to; i++) {
            s0 += row[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    private static double max(float[] row, int from, int to) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, row[i]);
        }
        return max;
    }

    private static double min(float[] row, int from, int to) {
        float min = Float.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            min = Math.min(min, row[i]);
        }
        return min;
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
        for (int chunk = 1; chunk < chunks; chunk++) {
            for (int k = 0; k < kept; k++) {
                partials[k] = kind.combine(partials[k], partials[chunk * kept + k]);
            }
        }
        var row = rows(0)[0];
        double divisor = kind == Kind.MEAN ? reduced : 1;
        for (int k = 0; k < kept; k += TILE) {
            int n = Math.min(TILE, kept - k);
            for (int i = 0; i < n; i++) {
                row[i] = (float) (partials[k + i] / divisor);
            }
            writer.store(memory(), k, n, row, 0);
        }
    }
}
