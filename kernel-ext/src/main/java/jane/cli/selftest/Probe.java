package jane.cli.selftest;

import jane.engine.Engine;
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
    private static final String SECTION = "hypotheses";
    private static final int SHOWN = 3;

    Line on(Engine engine, boolean simulated) {
        var refusals = refusals(engine);
        var expected =
                refusals.isEmpty() ? words(outputs) : "refused by " + String.join(", ", refusals);
        try (var run = new Run(engine, program)) {
            inputs.forEach(run::put);
            run.run();
            var found = new TreeMap<String, float[]>();
            outputs.keySet().forEach(name -> found.put(name, run.get(name)));
            boolean ok = refusals.isEmpty() && equal(found);
            return line(engine, expected, words(found), ok, simulated);
        } catch (JaneException e) {
            var found = "refused: " + e.getMessage().lines().limit(2).reduce((a, b) -> a + b).get();
            return line(engine, expected, found, !refusals.isEmpty(), simulated);
        }
    }

    private Line line(Engine on, String expected, String found, boolean ok, boolean simulated) {
        var verdict = ok ? Verdict.OK : Verdict.DIFFERS;
        return new Line(SECTION, name, on.name(), expected, found, verdict, simulated);
    }

    /** What this interface cannot ask, and why. */
    static Line absent(String name, String engine, String why, boolean simulated) {
        var found = "not on this route: " + why;
        return new Line(SECTION, name, engine, "an answer", found, Verdict.UNAVAILABLE, simulated);
    }

    private List<String> refusals(Engine engine) {
        return engine.target().stream()
                .flatMap(t -> t.check(program).stream())
                .filter(Violation::isError)
                .filter(v -> v.effect() != Effect.EVAL_FAILURE)
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
