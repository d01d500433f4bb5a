package jane.conform;

import jane.ir.DType;
import jane.ir.Dense;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What one output must be: numbers, and by how much each may be off; NaN where it is not judged.
 */
final class Expected {
    /** By how many times the spread of the disturbed references a result may be off. */
    private static final double FACTOR = 16;

    /** A spread above this part of the output's size means that rounding decides: not judged. */
    private static final double JUDGED = 0.02;

    private final Dense values;
    private final double[] slack;

    Expected(Dense values, double[] slack) {
        this.values = values;
        this.slack = slack;
    }

    Dense values() {
        return values;
    }

    double[] slack() {
        return slack;
    }

    /**
     * The outputs of {@code sketch}.
     *
     * @param unit relative size of the engine's own errors
     * @param mirrors how many disturbed references to spread
     */
    static Map<String, Expected> of(Sketch sketch, double unit, int mirrors) {
        var graph = sketch.graph();
        var exact = Evaluation.outputs(graph, Evaluation.exact(graph, sketch.feeds()));
        var results = new java.util.LinkedHashMap<String, Expected>();
        if (sketch.style().whole()) {
            exact.forEach((n, d) -> results.put(n, new Expected(d, new double[d.data().length])));
            return results;
        }
        var others = new ArrayList<Map<String, Dense>>();
        for (int i = 0; i < mirrors; i++) {
            boolean chip = unit >= 0x1p-9;
            var random = new SplittableRandom(i);
            var noise = new Evaluation.Noise(unit, chip, chip && i == 0, random);
            others.add(Evaluation.outputs(graph, Evaluation.rounded(graph, sketch.feeds(), noise)));
        }
        exact.forEach(
                (name, dense) ->
                        results.put(
                                name,
                                spread(
                                        dense,
                                        others.stream().map(o -> o.get(name)).toList(),
                                        unit)));
        return results;
    }

    private static Expected spread(Dense exact, List<Dense> others, double unit) {
        var spread = new double[exact.data().length];
        double squares = 0;
        double size = 0;
        for (int i = 0; i < spread.length; i++) {
            for (var other : others) {
                double off = Math.abs(other.get(i) - exact.get(i));
                spread[i] = off <= spread[i] ? spread[i] : off; // NaN stays
            }
            squares += spread[i] * spread[i];
            size += exact.get(i) * exact.get(i);
        }
        double typical = Math.sqrt(squares / Math.max(1, spread.length));
        size = Math.sqrt(size / Math.max(1, spread.length));
        var dtype = exact.type().dtype();
        double least = unit >= 0x1p-9 ? 0x1p-14 : 0x1p-24; // some chips flush subnormals
        double floor = dtype == DType.FP16 ? least : 1e-30;
        double last = dtype == DType.FP16 ? 0x1p-10 : unit;
        for (int i = 0; i < spread.length; i++) {
            double x = Math.abs(exact.get(i));
            boolean judged =
                    dtype.isFloat()
                            ? spread[i] <= JUDGED * Math.max(x, size) || spread[i] <= floor
                            : spread[i] == 0;
            // one lucky element of a noisy tensor must not be held to its luck
            double wide = Math.max(spread[i], Math.min(typical, JUDGED * size));
            double allowed =
                    dtype.isFloat()
                            ? FACTOR * wide + 4 * last * x + 2 * unit * Math.min(1, size) + floor
                            : 0;
            spread[i] = judged ? allowed : Double.NaN;
        }
        return new Expected(exact, spread);
    }

    /** What is wrong with an engine's result, if anything. */
    Optional<String> wrong(String name, Dense found) {
        int count = 0;
        int first = -1;
        for (int i = 0; i < slack.length; i++) {
            double want = values.get(i);
            boolean same =
                    slack[i] == 0
                            ? found.get(i) == want
                            : !(Math.abs(found.get(i) - want) > slack[i]);
            boolean nan = Double.isNaN(found.get(i)) && !Double.isNaN(want);
            if (!Double.isNaN(slack[i]) && (!same || nan)) {
                first = count++ == 0 ? i : first;
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        "output '%s' (%s): %d of %d elements are wrong, first element %d: %s; need"
                                + " %s to within %s",
                        name,
                        values.type(),
                        count,
                        slack.length,
                        first,
                        found.get(first),
                        values.get(first),
                        slack[first]));
    }

    /** Elements that are judged. */
    int judged() {
        int count = 0;
        for (double s : slack) {
            count += Double.isNaN(s) ? 0 : 1;
        }
        return count;
    }
}
