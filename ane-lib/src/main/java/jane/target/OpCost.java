package jane.target;

/**
 * What one op costs.
 *
 * @param position index in {@link jane.ir.Graph#nodes()}
 * @param name the op's variable; empty if the graph has no name for it
 * @param op its name
 * @param weightBytes constants that it streams
 * @param spillBytes operands and results too large for the chip
 * @param computeMicros arithmetic at the peak of its kind
 * @param memoryMicros bytes at their bandwidths
 */
public record OpCost(
        int position,
        String name,
        String op,
        long flops,
        long weightBytes,
        long spillBytes,
        double computeMicros,
        double memoryMicros) {
    /** The larger of the two. */
    public double micros() {
        return Math.max(computeMicros, memoryMicros);
    }

    /** Which of the two it is: {@code compute}, {@code memory}, or {@code -} for none. */
    public String bound() {
        if (micros() == 0) {
            return "-";
        }
        return computeMicros >= memoryMicros ? "compute" : "memory";
    }
}
