package jane.notebook.chart;

/** From the least to the largest of some finite values. */
record Range(double low, double high) {
    /** Over the finite values; from NaN to NaN if there is none. */
    static Range of(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double x : values) {
            if (Double.isFinite(x)) {
                low = Math.min(low, x);
                high = Math.max(high, x);
            }
        }
        return low <= high ? new Range(low, high) : new Range(Double.NaN, Double.NaN);
    }

    /** 0 at the low end to 1 at the high end; 0.5 where both are the same. */
    double share(double x) {
        return high > low ? (x - low) / (high - low) : 0.5;
    }
}
