package jane.target;

import java.util.List;

/**
 * What one run of a program costs.
 *
 * @param target the target's name
 * @param dispatchMicros the floor of any run
 * @param portBytes inputs and outputs
 * @param portMicros their way in and out
 * @param ops in the graph's order, constants left out
 */
public record ProgramCost(
        String target, double dispatchMicros, long portBytes, double portMicros, List<OpCost> ops) {
    public ProgramCost {
        ops = List.copyOf(ops);
    }

    /** Time of one run in microseconds. */
    public double micros() {
        return dispatchMicros + portMicros + ops.stream().mapToDouble(OpCost::micros).sum();
    }

    /** Floating-point operations of one run. */
    public long flops() {
        return ops.stream().mapToLong(OpCost::flops).sum();
    }

    /** Operations over time, in TFLOP/s. */
    public double teraflops() {
        return flops() / micros() / 1e6;
    }
}
