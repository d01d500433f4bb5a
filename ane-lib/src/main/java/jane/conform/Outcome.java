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
 * @param refused how many programs were refused as they should be
 * @param rules the same by rule id; a program may break several
 * @param unpacked how many programs were left out since the route has no surface for a value of
 *     theirs, by what that is: {@code bool}, {@code fp32}, {@code empty}
 * @param judgedShare part of the result elements that rounding does not decide
 * @param failures what does not conform
 */
public record Outcome(
        String engine,
        long seed,
        long graphs,
        long programs,
        long refused,
        Map<String, Integer> ops,
        Map<String, Integer> rules,
        Map<String, Integer> unpacked,
        double judgedShare,
        List<Failure> failures) {
    public Outcome {
        ops = Map.copyOf(ops);
        rules = Map.copyOf(rules);
        unpacked = Map.copyOf(unpacked);
        failures = List.copyOf(failures);
    }
}
