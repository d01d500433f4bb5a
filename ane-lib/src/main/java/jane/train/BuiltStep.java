package jane.train;

import jane.engine.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A compiled step for batches of one shape. */
interface BuiltStep {
    /**
     * Runs it once.
     *
     * @param weights of the samples; a sample of weight 0 is padding
     * @param number of the step, 1 for the first
     * @param recording where to write programs, inputs and outputs
     * @param millis takes the times of {@code upload} and {@code run}
     */
    void run(
            Buffer x,
            Buffer target,
            Buffer weights,
            long number,
            Optional<Path> recording,
            Map<String, Double> millis);

    /** What the last run came to. */
    Apply result();

    /** Its programs in the order in which they run. */
    List<Traced> programs();
}
