package jane.cli.selftest;

import jane.ir.JaneException;
import jane.mil.Program;
import jane.target.Effect;
import jane.target.Violation;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A small program that tells two hypotheses about a chip apart.
 *
 * @param name its letter and what it asks
 * @param inputs by name
 * @param outputs what they hold if the program is taken, by name
 * @param slack how far each may be off, relatively
 */
record Probe(
        String name,
        Program program,
        Map<String, float[]> inputs,
        Map<String, float[]> outputs,
        double slack) {
    static final String SECTION = "hypotheses";
    private static final int SHOWN = 3;

    Line on(Place place) {
        var refusals = refusals(place);
        var expected =
                refusals.isEmpty() ? words(outputs) : "refused by " + String.join(", ", refusals);
        try (var run = new Run(place.engine(), program)) {
            inputs.forEach(run::put);
            run.run();
            var found = new TreeMap<String, float[]>();
            outputs.keySet().forEach(name -> found.put(name, run.get(name)));
            boolean ok = refusals.isEmpty() && equal(found);
            return place.line(SECTION, name, expected, words(found), ok);
        } catch (JaneException e) {
            var found = "refused: " + e.getMessage().lines().limit(2).reduce((a, b) -> a + b).get();
            return place.line(SECTION, name, expected, found, !refusals.isEmpty());
        }
    }

    /** What this interface cannot ask, and why. */
    static Line absent(Place place, String name, String why) {
        var found = "not on this route: " + why;
        return place.line(SECTION, name, "an answer", found, Verdict.UNAVAILABLE);
    }

    /** The simulator refuses what gives wrong data, too; a chip runs it. */
    private static boolean isRefused(Place place, Effect effect) {
        return place.hardware()
                ? effect.stage() != Effect.Stage.EVAL
                : effect != Effect.EVAL_FAILURE;
    }

    private List<String> refusals(Place place) {
        return place.engine().target().stream()
                .flatMap(t -> t.check(program).stream())
                .filter(Violation::isError)
                .filter(v -> isRefused(place, v.effect()))
                .map(v -> v.rule())
                .distinct()
                .toList();
    }

    private boolean equal(Map<String, float[]> found) {
        for (var name : outputs.keySet()) {
            var want = outputs.get(name);
            var got = found.get(name);
            for (int i = 0; i < want.length; i++) {
                boolean same = Float.compare(want[i] + 0f, got[i] + 0f) == 0;
                if (!same && !(Math.abs(want[i] - got[i]) <= slack * Math.abs(want[i]))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String words(Map<String, float[]> values) {
        var all = new StringJoiner("; ");
        new TreeMap<>(values)
                .forEach(
                        (name, v) -> {
                            var some = new StringJoiner(", ", name + " = ", "");
                            for (int i = 0; i < Math.min(SHOWN, v.length); i++) {
                                some.add(Float.toString(v[i]));
                            }
                            all.add(some + (v.length > SHOWN ? ", ..." : ""));
                        });
        return all.toString();
    }
}
