package jane.engine.cpu;

import java.util.Arrays;

/**
 * Sums, and the largest or smallest, of stretches of floats. Sums run in double in {@link #SUMS}
 * lanes: element i of a chunk goes to lane {@code i % SUMS}, and in the end lanes 8, 4, 2 and 1
 * apart are added. Native kernels keep to this order, so that both come to the same bits.
 */
final class Folding {
    /** Lanes of a sum; other kinds use the first of them. */
    static final int SUMS = 16;

    private Folding() {}

    /** Empties the lanes at {@code at}. */
    static void start(ReduceKernel.Kind kind, double[] lanes, int at) {
        Arrays.fill(lanes, at, at + SUMS, kind.start());
    }

    /** Adds {@code n} floats; before the last stretch of a chunk, n is a multiple of SUMS. */
    static void add(ReduceKernel.Kind kind, double[] lanes, int at, float[] row, int from, int n) {
        switch (kind) {
            case SUM, MEAN -> sum(lanes, at, row, from, n);
            case MAX -> lanes[at] = Math.max(lanes[at], max(row, from, n));
            case MIN -> lanes[at] = Math.min(lanes[at], min(row, from, n));
        }
    }

    private static void sum(double[] lanes, int at, float[] row, int from, int n) {
        int whole = n / SUMS * SUMS;
        for (int i = from; i < from + whole; i += SUMS) {
            for (int k = 0; k < SUMS; k++) {
                lanes[at + k] += row[i + k];
            }
        }
        for (int k = 0; k < n - whole; k++) {
            lanes[at + k] += row[from + whole + k];
        }
    }

    static double max(float[] row, int from, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, row[i]);
        }
        return max;
    }

    static double min(float[] row, int from, int n) {
        float min = Float.POSITIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            min = Math.min(min, row[i]);
        }
        return min;
    }

    /** The sum of {@code n} floats, as a chunk of its own: see {@link #total}. */
    static double sum(float[] row, int from, int n) {
        double even = everyFourth(row, from, n, 0) + everyFourth(row, from, n, 2);
        return even + (everyFourth(row, from, n, 1) + everyFourth(row, from, n, 3));
    }

    /** Lanes {@code first}, 4, 8 and 12 after that, put together. */
    private static double everyFourth(float[] row, int from, int n, int first) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = from + n;
        int i = from + first;
        for (; i + 12 < end; i += SUMS) {
            a += row[i];
            b += row[i + 4];
            c += row[i + 8];
            d += row[i + 12];
        }
        a += i < end ? row[i] : 0;
        b += i + 4 < end ? row[i + 4] : 0;
        c += i + 8 < end ? row[i + 8] : 0;
        return (a + c) + (b + d);
    }

    /** What the lanes have come to; they are lost. */
    static double total(ReduceKernel.Kind kind, double[] lanes, int at) {
        if (kind == ReduceKernel.Kind.MAX || kind == ReduceKernel.Kind.MIN) {
            return lanes[at];
        }
        for (int step = SUMS / 2; step > 0; step /= 2) {
            for (int i = at; i < at + step; i++) {
                lanes[i] += lanes[i + step];
            }
        }
        return lanes[at];
    }
}
