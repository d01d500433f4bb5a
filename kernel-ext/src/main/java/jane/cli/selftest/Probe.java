package jane.cli.selftest;

import jane.engine.sim.SimEngine;
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
 * @param mistaken the same, where values are taken for one another as the order of their names has
 *     it: the bridge asks for that order, the simulator shows what happens to who does not
 * @param slack how far each may be off, relatively
 */
record Probe(
        String name,
        Program program,
        Map<String, float[]> inputs,
        Map<String, float[]> outputs,
        Map<String, float[]> mistaken,
        double slack) {
    static final String SECTION = "hypotheses";
    private static final int SHOWN = 3;

    /** A probe whose order of ports is that of their names. */
    Probe(
            String name,
            Program program,
            Map<String, float[]> inputs,
            Map<String, float[]> outputs,
            double slack) {
        this(name, program, inputs, outputs, outputs, slack);
    }

    Line on(Place place) {
        var refusals = refusals(place);
        var mistakes = mistakes(place);
        var want = mistakes.isEmpty() ? outputs : mistaken;
        var expected =
                refusals.isEmpty()
                        ? words(want) + mistakes
                        : "refused by " + String.join(", ", refusals);
        try (var run = new Run(place.engine(), program)) {
            inputs.forEach(run::put);
            run.run();
            var found = new TreeMap<String, float[]>();
            want.keySet().forEach(name -> found.put(name, run.get(name)));
            boolean ok = refusals.isEmpty() && equal(want, found);
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

    /** By which rules values are taken for one another there; empty if they are not. */
    private String mistakes(Place place) {
        if (mistaken.equals(outputs) || !(place.engine() instanceof SimEngine)) {
            return "";
        }
        var rules =
                place.engine().target().orElseThrow().check(program).stream()
                        .filter(v -> v.effect() == Effect.WRONG_DATA)
                        .map(v -> v.rule())
                        .distinct()
                        .toList();
        return rules.isEmpty() ? "" : "; values taken for one another by " + rules;
    }

    private boolean equal(Map<String, float[]> wanted, Map<String, float[]> found) {
        for (var name : wanted.keySet()) {
            var want = wanted.get(name);
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
