package jane.cli.selftest;

import jane.ir.JaneException;
import jane.mil.Program;
import jane.target.Route;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Whether a program that is loaded again, after its weights were overwritten in place, runs with
 * the new ones.
 *
 * @param program with the old weights
 * @param files with the new ones
 * @param inputs by name
 * @param before each element of {@code y} with the old weights
 * @param after each with the new ones
 */
record ReloadProbe(
        Program program,
        Map<String, ByteBuffer> files,
        Map<String, float[]> inputs,
        float before,
        float after) {
    private static final String NAME = "(g) load again after weights were overwritten in place";

    Line on(Place place) {
        var target = place.engine().target().orElseThrow();
        if (target.route() != Route.IN_MEMORY) {
            return Probe.absent(place, NAME, "every load of e5rt is that of a compile");
        }
        boolean takes = target.takesReloadedWeights();
        var expected = takes ? words("new", after) : words("old", before);
        try (var run = new Run(place.engine(), program)) {
            inputs.forEach(run::put);
            run.run();
            var first = run.get("y");
            run.reload(files);
            run.run();
            var found = told(first, run.get("y"));
            return place.line(Probe.SECTION, NAME, expected, found, found.equals(expected));
        } catch (JaneException e) {
            var found = "refused: " + e.getMessage();
            return place.line(Probe.SECTION, NAME, expected, found, false);
        }
    }

    private String told(float[] first, float[] then) {
        if (!all(first, before)) {
            return "before that, y = " + first[0];
        }
        return all(then, after)
                ? words("new", after)
                : all(then, before) ? words("old", before) : "neither: y = " + then[0];
    }

    private static boolean all(float[] values, float wanted) {
        for (float value : values) {
            if (value != wanted) {
                return false;
            }
        }
        return true;
    }

    private static String words(String weights, float y) {
        return "the " + weights + " weights: y = " + y;
    }
}
