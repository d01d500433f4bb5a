package jane.conform;

import java.util.List;
import java.util.Map;

/**
 * What a campaign found.
 *
 * @param engine the engine's name
 * @param seed that the graphs were drawn from
 * @param graphs how many were drawn
 * @param programs how many programs ran; several per graph
 * @param ops how often each op was drawn
 * @param rules how many programs were refused as they should be, by rule id
 * @param judgedShare part of the result elements that rounding does not decide
 * @param failures what does not conform
 */
public record Outcome(
        String engine,
        long seed,
        long graphs,
        long programs,
        Map<String, Integer> ops,
        Map<String, Integer> rules,
        double judgedShare,
        List<Failure> failures) {
    public Outcome {
        ops = Map.copyOf(ops);
        rules = Map.copyOf(rules);
        failures = List.copyOf(failures);
    }
}
