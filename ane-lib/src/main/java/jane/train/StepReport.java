package jane.train;

import jane.engine.DeviceUse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one training step did.
 *
 * @param step 1 for the first
 * @param loss before the update, mean over the samples
 * @param learningRate the rate used
 * @param samples how many samples counted; the rest of the batch was padding
 * @param parameters per trained parameter, by path
 * @param millis time by phase, in milliseconds: {@code build}, {@code compile} (first step only),
 *     {@code upload}, {@code run}
 * @param engine where it ran
 * @param fallbacks parts that the engine did not take and the processor ran, and why
 * @param device what the engine's device takes for one run, on average; empty without one
 */
public record StepReport(
        long step,
        double loss,
        double learningRate,
        int samples,
        List<ParameterReport> parameters,
        Map<String, Double> millis,
        String engine,
        List<String> fallbacks,
        Optional<DeviceUse> device) {
    /** Keeps the order of the phases. */
    public StepReport {
        parameters = List.copyOf(parameters);
        fallbacks = List.copyOf(fallbacks);
        millis = Collections.unmodifiableMap(new LinkedHashMap<>(millis));
    }

    /**
     * What happened to one parameter: Euclidean norms.
     *
     * @param gradient of its gradient
     * @param update of the change made to it; NaN in a step built without details
     * @param weight of its new values; NaN in a step built without details
     */
    public record ParameterReport(String name, double gradient, double update, double weight) {}

    /** Euclidean norm of the whole gradient. */
    public double gradientNorm() {
        return Math.sqrt(parameters.stream().mapToDouble(p -> p.gradient() * p.gradient()).sum());
    }
}
