package jane.notebook.chart;

import java.util.Arrays;

/**
 * The losses of a run, however long, in bounded memory: runs of consecutive steps are kept as their
 * least, largest and mean. When the memory is full, neighbours merge and each run covers twice as
 * many steps, so a step costs O(1) on average.
 */
final class LossCurve {
    /** Runs held at most; even. */
    static final int MOST = 1024;

    private static final int SMOOTHING = 40;

    private double[] at = new double[MOST];
    private double[] least = new double[MOST];
    private double[] largest = new double[MOST];
    private double[] mean = new double[MOST];
    private double[] rate = new double[MOST];
    private int size;
    private int stepsPerRun = 1;
    private int inLast;

    private long steps;
    private long notFinite;
    private long firstNotFinite;
    private long lastStep;
    private double first = Double.NaN;
    private double last = Double.NaN;
    private double min = Double.POSITIVE_INFINITY;
    private long minStep;

    void add(long step, double loss, double learningRate) {
        steps++;
        lastStep = step;
        if (!Double.isFinite(loss)) {
            firstNotFinite = notFinite++ == 0 ? step : firstNotFinite;
            return;
        }
        first = Double.isNaN(first) ? loss : first;
        last = loss;
        minStep = loss < min ? step : minStep;
        min = Math.min(min, loss);
        if (size == 0 || inLast == stepsPerRun) {
            begin();
        }
        int i = size - 1;
        inLast++;
        at[i] += (step - at[i]) / inLast;
        mean[i] += (loss - mean[i]) / inLast;
        least[i] = Math.min(least[i], loss);
        largest[i] = Math.max(largest[i], loss);
        rate[i] = learningRate;
    }

    private void begin() {
        if (size == MOST) {
            mergeNeighbours();
        }
        least[size] = Double.POSITIVE_INFINITY;
        largest[size] = Double.NEGATIVE_INFINITY;
        at[size] = 0;
        mean[size++] = 0;
        inLast = 0;
    }

    private void mergeNeighbours() {
        for (int i = 0; i < MOST / 2; i++) {
            at[i] = (at[2 * i] + at[2 * i + 1]) / 2;
            mean[i] = (mean[2 * i] + mean[2 * i + 1]) / 2;
            least[i] = Math.min(least[2 * i], least[2 * i + 1]);
            largest[i] = Math.max(largest[2 * i], largest[2 * i + 1]);
            rate[i] = rate[2 * i + 1];
        }
        size = MOST / 2;
        stepsPerRun *= 2;
    }

    /** A copy to draw from while steps go on. */
    LossCurve copy() {
        var copy = new LossCurve();
        copy.at = Arrays.copyOf(at, MOST);
        copy.least = Arrays.copyOf(least, MOST);
        copy.largest = Arrays.copyOf(largest, MOST);
        copy.mean = Arrays.copyOf(mean, MOST);
        copy.rate = Arrays.copyOf(rate, MOST);
        copy.size = size;
        copy.stepsPerRun = stepsPerRun;
        copy.inLast = inLast;
        copy.steps = steps;
        copy.notFinite = notFinite;
        copy.firstNotFinite = firstNotFinite;
        copy.lastStep = lastStep;
        copy.first = first;
        copy.last = last;
        copy.min = min;
        copy.minStep = minStep;
        return copy;
    }

    /** The losses as they came: the least and the largest of each run. */
    Thinning.Points raw() {
        if (stepsPerRun == 1) {
            return new Thinning.Points(at, mean).first(size);
        }
        var points = new Thinning.Points(new double[2 * size], new double[2 * size]);
        for (int i = 0; i < size; i++) {
            points.x[2 * i] = at[i];
            points.x[2 * i + 1] = at[i];
            points.y[2 * i] = i % 2 == 0 ? least[i] : largest[i];
            points.y[2 * i + 1] = i % 2 == 0 ? largest[i] : least[i];
        }
        return points;
    }

    /**
     * Averages over a window of a 20th of the run so far: narrower at the start, where the loss
     * falls fast, and one-sided at the end, where a narrow one would follow single batches.
     */
    Thinning.Points smooth() {
        var points = new Thinning.Points(at, mean).first(size);
        var sums = new double[size + 1];
        for (int i = 0; i < size; i++) {
            sums[i + 1] = sums[i] + mean[i];
        }
        int reach = size / SMOOTHING;
        for (int i = 0; i < size; i++) {
            int before = Math.min(reach, i);
            int after = Math.min(before, size - 1 - i);
            points.y[i] = (sums[i + after + 1] - sums[i - before]) / (before + after + 1);
        }
        return points;
    }

    /** Mean of some losses, and how far it may be from the true one by chance. */
    record Level(double mean, double error) {
        /** Whether this is below {@code other} by {@code share} of it, and not by chance. */
        boolean below(Level other, double share) {
            double chance = 2 * Math.hypot(error, other.error);
            double distance = other.mean - mean;
            return distance > chance && distance > share * Math.abs(other.mean);
        }
    }

    /** Level of the first tenth of the steps. */
    Level early() {
        return level(0, tenth());
    }

    /** Level of the last tenth of the steps. */
    Level recent() {
        return level(size - tenth(), size);
    }

    private int tenth() {
        return Math.min(size, Math.max(5, size / 10));
    }

    private Level level(int from, int to) {
        int n = to - from;
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += mean[i];
        }
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (mean[i] - sum / n) * (mean[i] - sum / n);
        }
        return new Level(sum / n, Math.sqrt(squares / Math.max(1, n - 1) / n));
    }

    /** Learning rates at the same places as {@link #smooth}. */
    Thinning.Points rates() {
        return new Thinning.Points(at, rate).first(size);
    }

    /** Whether nothing can be drawn. */
    boolean isEmpty() {
        return size == 0;
    }

    long steps() {
        return steps;
    }

    long notFinite() {
        return notFinite;
    }

    long firstNotFinite() {
        return firstNotFinite;
    }

    long lastStep() {
        return lastStep;
    }

    double first() {
        return first;
    }

    double last() {
        return last;
    }

    double min() {
        return min;
    }

    long minStep() {
        return minStep;
    }
}
