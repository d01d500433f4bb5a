package jane.engine.sim;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** A function as the Neural Engine keeps it: halves at equal steps, straight lines between. */
final class Table {
    private final double from;
    private final double step;
    private final double[] entries;

    private Table(double from, double step, double[] entries) {
        this.from = from;
        this.step = step;
        this.entries = entries;
    }

    /** Exact samples of {@code f}, rounded to halves, at {@code intervals + 1} points. */
    static Table sampled(DoubleUnaryOperator f, double from, double to, int intervals) {
        double step = (to - from) / intervals;
        var entries = new double[intervals + 1];
        for (int i = 0; i <= intervals; i++) {
            entries[i] = HalfAway.round((float) f.applyAsDouble(from + i * step));
        }
        return new Table(from, step, entries);
    }

    /**
     * The entries with the least square error between the points, rounded to halves.
     *
     * @param known entries that stay as they are, by their points
     */
    static Table fitted(
            DoubleUnaryOperator f,
            double from,
            double to,
            int intervals,
            Map<Double, Double> known) {
        double step = (to - from) / intervals;
        int n = intervals + 1;
        var diagonal = new double[n];
        var beside = new double[n]; // entry i with entry i + 1
        var right = new double[n];
        int samples = 64;
        for (int i = 0; i < intervals; i++) {
            for (int s = 0; s < samples; s++) {
                double t = (s + 0.5) / samples;
                double value = f.applyAsDouble(from + (i + t) * step);
                diagonal[i] += (1 - t) * (1 - t);
                diagonal[i + 1] += t * t;
                beside[i] += t * (1 - t);
                right[i] += (1 - t) * value;
                right[i + 1] += t * value;
            }
        }
        known.forEach(
                (x, y) -> {
                    int i = (int) Math.round((x - from) / step);
                    right[i - 1] -= beside[i - 1] * y;
                    right[i + 1] -= beside[i] * y;
                    beside[i - 1] = 0;
                    beside[i] = 0;
                    diagonal[i] = 1;
                    right[i] = y;
                });
        for (int i = 1; i < n; i++) { // elimination of a symmetric tridiagonal system
            double factor = beside[i - 1] / diagonal[i - 1];
            diagonal[i] -= factor * beside[i - 1];
            right[i] -= factor * right[i - 1];
        }
        var entries = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double next = i + 1 < n ? beside[i] * entries[i + 1] : 0;
            entries[i] = (right[i] - next) / diagonal[i];
        }
        for (int i = 0; i < n; i++) {
            entries[i] = HalfAway.round((float) entries[i]);
        }
        return new Table(from, step, entries);
    }

    /** Between the entries on a straight line; outside the first or last entry. */
    double at(double x) {
        double place = (x - from) / step;
        if (!(place > 0)) {
            return entries[0];
        }
        int last = entries.length - 1;
        if (place >= last) {
            return entries[last];
        }
        int i = (int) place;
        return entries[i] + (place - i) * (entries[i + 1] - entries[i]);
    }
}
