package jane.conform;

import jane.grad.Gradients;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Op;
import jane.ir.ShapeException;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Quantisation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** A graph's gradients, as another graph, and what finite differences say of them. */
final class Derivatives {
    private static final double STEP = 0x1p-17;
    private static final double TOLERANCE = 1e-3;
    private static final double BESIDE = 1.1e-3;
    private static final double UNIT = 0x1p-24;

    /** Ops whose gradient is not, by design, that of what they compute: steps, for example. */
    private static final Set<Op<?>> OTHERWISE =
            Set.of(
                    Elementwise.STOP_GRADIENT,
                    Logic.CAST,
                    Quantisation.QUANTIZE,
                    Quantisation.DEQUANTIZE);

    private Derivatives() {}

    /** The gradients of one fp32 output by every fp32 input; empty if there are none. */
    static Optional<Sketch> of(Sketch sketch) {
        var graph = sketch.graph();
        var xs = smooth(graph.inputs());
        var ys = smooth(graph.outputs());
        if (xs.isEmpty() || ys.isEmpty()) {
            return Optional.empty();
        }
        if (graph.nodes().stream().anyMatch(n -> OTHERWISE.contains(n.op()))) {
            return Optional.empty();
        }
        var y = ys.get(ys.size() - 1).value();
        List<Value> dx;
        try {
            dx = Gradients.of(y, cotangent(y), xs.stream().map(Graph.Port::value).toList());
        } catch (ShapeException e) {
            if (e.getMessage().contains("] gradient of mode")) {
                return Optional.empty(); // a scatter that says it has none
            }
            throw e;
        }
        var outputs = new ArrayList<Graph.Port>();
        for (int i = 0; i < dx.size(); i++) {
            outputs.add(new Graph.Port("d" + xs.get(i).name(), dx.get(i)));
        }
        return Optional.of(sketch.with(Graph.of(graph.inputs(), outputs), sketch.feeds()));
    }

    private static Value cotangent(Value y) {
        var dy = new double[y.shape().size()];
        for (int i = 0; i < dy.length; i++) {
            dy[i] = 1 - (i % 4) / 2.0; // 1, 0.5, 0, -0.5: exact in every type
        }
        return Leaf.constant(ConstData.of(y.type(), dy));
    }

    /**
     * Whether the derivative along a random direction is what differences say. Judged only where
     * three step sizes agree, so that no kink lies between.
     */
    static Optional<String> wrong(Sketch sketch, Sketch gradients) {
        var last = smooth(sketch.graph().outputs());
        var y = last.get(last.size() - 1);
        var dy = cotangent(y.value());
        var along = direction(gradients, 7);
        // beside the point, where no operands are equal and none lies on a bound
        var point = moved(sketch.feeds(), direction(gradients, 8), BESIDE);
        double analytic = 0;
        double size = 1e-3;
        var values = Evaluation.exact(gradients.graph(), point);
        var found = Evaluation.outputs(gradients.graph(), values);
        for (var d : along.entrySet()) {
            var dx = found.get("d" + d.getKey());
            for (int i = 0; i < dx.data().length; i++) {
                analytic += dx.get(i) * d.getValue()[i];
                size = Math.max(size, Math.abs(dx.get(i) * d.getValue()[i]));
            }
        }
        var graph = Graph.of(sketch.graph().inputs(), List.of(y));
        var slopes = new ArrayList<Double>();
        for (double step : List.of(STEP, STEP / 4, -STEP)) {
            slopes.add(slope(graph, point, along, dy, step));
        }
        double numeric = (slopes.get(0) + slopes.get(2)) / 2;
        for (double slope : slopes) {
            if (!(Math.abs(slope - numeric) <= TOLERANCE * Math.max(size, Math.abs(numeric)))) {
                return Optional.empty();
            }
        }
        double off = Math.abs(numeric - analytic);
        double lost = UNIT * largest(values.values());
        if (off <= 4 * TOLERANCE * Math.max(size, Math.abs(numeric)) + lost) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        "the derivative of '%s' along a direction is %s by its gradient and %s by"
                                + " differences; need agreement to %s",
                        y.name(), analytic, numeric, 4 * TOLERANCE));
    }

    /** The largest magnitude on the way, of which constants in fp32 lose a unit. */
    private static double largest(Collection<Dense> values) {
        return values.stream()
                .filter(dense -> dense.type().dtype().isFloat())
                .flatMapToDouble(dense -> Arrays.stream(dense.data()))
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    private static Map<String, double[]> direction(Sketch gradients, int seed) {
        var random = new SplittableRandom(seed);
        var along = new LinkedHashMap<String, double[]>();
        for (var port : gradients.graph().outputs()) {
            var d = new double[port.value().shape().size()];
            for (int i = 0; i < d.length; i++) {
                d[i] = random.nextDouble(0.5, 1.5) * (random.nextBoolean() ? 1 : -1);
            }
            along.put(port.name().substring(1), d);
        }
        return along;
    }

    /** One-sided: a kink at the point itself shows as two slopes. */
    private static double slope(
            Graph graph,
            Map<String, Dense> feeds,
            Map<String, double[]> along,
            Value dy,
            double h) {
        double there = dot(graph, moved(feeds, along, h), dy);
        double nearer = dot(graph, moved(feeds, along, h / 2), dy);
        double here = dot(graph, feeds, dy);
        return (4 * nearer - there - 3 * here) / h; // second order
    }

    private static Map<String, Dense> moved(
            Map<String, Dense> feeds, Map<String, double[]> along, double h) {
        var all = new LinkedHashMap<>(feeds);
        along.forEach(
                (name, d) -> {
                    var data = feeds.get(name).data().clone();
                    for (int i = 0; i < data.length; i++) {
                        data[i] += h * d[i];
                    }
                    all.put(name, Dense.of(feeds.get(name).type(), data));
                });
        return all;
    }

    private static double dot(Graph graph, Map<String, Dense> feeds, Value dy) {
        var y = graph.reference(feeds).values().iterator().next();
        var weights = Leaf.data(dy).dense();
        double sum = 0;
        for (int i = 0; i < y.data().length; i++) {
            sum += y.get(i) * weights.get(i);
        }
        return sum;
    }

    /** Whether the sketch is one whose derivatives are worth checking: real and not rounded. */
    static boolean suits(Sketch sketch) {
        return !sketch.style().whole() && sketch.style().floats() == DType.FP32;
    }

    /**
     * Of fp32: to fp16 a gradient's constants are rounded, such as the root of a half in that of
     * gelu. What is of fp32 depends on no fp16, since casts are left out.
     */
    private static List<Graph.Port> smooth(List<Graph.Port> ports) {
        return ports.stream().filter(p -> p.value().dtype() == DType.FP32).toList();
    }
}
