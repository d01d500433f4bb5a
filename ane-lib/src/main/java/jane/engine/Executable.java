package jane.engine;

import jane.ir.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A compiled program. Not re-entrant: its bindings share scratch memory, and running two at once is
 * refused with an error.
 */
public interface Executable extends AutoCloseable {
    /** Types of the inputs by name, in the program's order. */
    Map<String, TensorType> inputs();

    /** Types of the outputs by name, in the program's order. */
    Map<String, TensorType> outputs();

    /**
     * Fixes the buffers of every input and output. An output may share the buffer of an input only
     * where the program declares that alias.
     *
     * @throws jane.ir.JaneException if a name is missing or unknown, or a type differs
     */
    Binding bind(Map<String, Buffer> buffers);

    /** Bytes of scratch memory the plan holds between inputs and outputs. */
    long scratchBytes();

    /** The plan for a person, one line per kernel in order: kernel, ops it covers, result. */
    List<String> plan();

    /**
     * Nanoseconds that each line of {@link #plan} took in the last run; empty where an engine does
     * not measure that.
     */
    default List<Long> nanos() {
        return List.of();
    }

    /** What runs took of a device; empty where there is none, or before the first run. */
    default Optional<DeviceUse> deviceUse() {
        return Optional.empty();
    }

    /**
     * Parts of {@link #plan} that run on the processor because the engine did not take them, and
     * why; counted from 1. Parts that were placed there are not among them.
     */
    default Map<Integer, String> fallbacks() {
        return Map.of();
    }

    @Override
    void close();
}
