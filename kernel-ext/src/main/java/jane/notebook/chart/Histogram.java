package jane.notebook.chart;

import jane.engine.Buffer;
import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * How values are distributed: counts in equal bins from the least to the largest, and the moments.
 * NaN and infinities are counted apart and take part in nothing else. Immutable.
 */
public final class Histogram {
    /** Of no values. */
    public static final Histogram EMPTY = of(new float[0], 1);

    private static final int MOST_BINS = 10_000;

    private final long[] counts;
    private double min;
    private double max;
    private double mean;
    private double std;
    private long finite;
    private long zeros;
    private long nans;
    private long infinities;

    private double low;
    private double high;

    private Histogram(int size, IntToDoubleFunction value, int bins) {
        if (bins < 1 || bins > MOST_BINS) {
            throw new JaneException("histogram", "%d bins; need 1 to %d", bins, MOST_BINS);
        }
        counts = new long[bins];
        measure(size, value);
        low = min;
        high = max;
        fill(size, value);
    }

    /** Counts in bins over a range that holds all of {@code values}, to be set beside others. */
    static Histogram over(Range range, double[] values, int bins) {
        var histogram = new Histogram(0, i -> 0, bins);
        histogram.measure(values.length, i -> values[i]);
        histogram.low = range.low();
        histogram.high = range.high();
        histogram.fill(values.length, i -> values[i]);
        return histogram;
    }

    /** Counts {@code values} in {@code bins} bins. */
    public static Histogram of(float[] values, int bins) {
        return new Histogram(values.length, i -> values[i], bins);
    }

    /** Counts {@code values} in {@code bins} bins. */
    public static Histogram of(double[] values, int bins) {
        return new Histogram(values.length, i -> values[i], bins);
    }

    /** Counts the elements of {@code tensor}, in place: a large tensor is not copied. */
    public static Histogram of(Tensor tensor, int bins) {
        Buffer buffer = tensor.buffer();
        return new Histogram(tensor.shape().size(), Values.reader(buffer), bins);
    }

    private void measure(int size, IntToDoubleFunction value) {
        double shift = 0; // the first value: keeps the sum of squares exact far from zero
        double sum = 0;
        double squares = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            double x = value.applyAsDouble(i);
            if (Double.isNaN(x)) {
                nans++;
            } else if (Double.isInfinite(x)) {
                infinities++;
            } else {
                shift = finite == 0 ? x : shift;
                finite++;
                zeros += x == 0 ? 1 : 0;
                min = Math.min(min, x);
                max = Math.max(max, x);
                sum += x - shift;
                squares += (x - shift) * (x - shift);
            }
        }
        double centre = finite == 0 ? Double.NaN : sum / finite;
        mean = shift + centre;
        std = finite == 0 ? Double.NaN : Math.sqrt(Math.max(0, squares / finite - centre * centre));
        min = finite == 0 ? Double.NaN : min;
        max = finite == 0 ? Double.NaN : max;
    }

    private void fill(int size, IntToDoubleFunction value) {
        double scale = high > low ? counts.length / (high - low) : 0;
        for (int i = 0; i < size; i++) {
            double x = value.applyAsDouble(i);
            if (Double.isFinite(x)) {
                counts[Math.min(counts.length - 1, (int) ((x - low) * scale))]++;
            }
        }
    }

    /** Number of bins. */
    public int bins() {
        return counts.length;
    }

    /** How many values fell into bin {@code bin}. */
    public long count(int bin) {
        return counts[bin];
    }

    /** The fullest bin's count. */
    public long highest() {
        return Arrays.stream(counts).max().orElse(0);
    }

    /** Where bin {@code bin} begins; {@code edge(bins())} is the largest value. */
    public double edge(int bin) {
        return low + (high - low) * bin / counts.length;
    }

    /** The least finite value; NaN if there is none. */
    public double min() {
        return min;
    }

    /** The largest finite value; NaN if there is none. */
    public double max() {
        return max;
    }

    /** Mean of the finite values; NaN if there is none. */
    public double mean() {
        return mean;
    }

    /** Standard deviation of the finite values, dividing by their number; NaN if there is none. */
    public double std() {
        return std;
    }

    /** How many values are finite. */
    public long finite() {
        return finite;
    }

    /** How many values are exactly 0. */
    public long zeros() {
        return zeros;
    }

    /** How many values are NaN. */
    public long nans() {
        return nans;
    }

    /** How many values are infinite. */
    public long infinities() {
        return infinities;
    }

    /** Share of the finite values that are exactly 0; NaN if there is none. */
    public double zeroShare() {
        return finite == 0 ? Double.NaN : (double) zeros / finite;
    }
}
