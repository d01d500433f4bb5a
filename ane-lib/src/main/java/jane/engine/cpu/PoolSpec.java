package jane.engine.cpu;

/**
 * What a pooling does with its windows.
 *
 * @param max the largest element, or else the mean
 * @param countPadding whether a mean's divisor counts padding
 */
record PoolSpec(boolean max, boolean countPadding, ImageAxis h, ImageAxis w) {
    /** For the plan. */
    String what() {
        return (max ? "max_pool " : "avg_pool ") + h.kernel() + "x" + w.kernel();
    }

    int windows() {
        return h.windows() * w.windows();
    }

    int taps() {
        return h.kernel() * w.kernel();
    }

    /** What a mean's window o of row u multiplies its elements by. */
    float share(int u, int o) {
        int count = countPadding ? taps() : h.inside(u) * w.inside(o);
        return (float) (1.0 / count);
    }
}
