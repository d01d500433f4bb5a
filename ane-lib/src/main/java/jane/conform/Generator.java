package jane.conform;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Value;
import jane.op.Ops;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Random typed graphs of 3 to 12 ops from the op table. The same seed and number give the same
 * graph.
 */
final class Generator {
    private static final int LARGEST_RESULT = 1200;
    private static final int TRIES = 60;
    private static final double INTEGERS = 0.6;

    private final long seed;
    private final Optional<DType> floats;
    private final UnaryOperator<Node<?>> plant;
    private final List<Op<?>> all;
    private final List<Op<?>> exact;

    /**
     * A generator.
     *
     * @param floats the type of floats; empty for either
     */
    Generator(long seed, Optional<DType> floats, UnaryOperator<Node<?>> plant) {
        this.seed = seed;
        this.floats = floats;
        this.plant = plant;
        all =
                Ops.all().stream()
                        .filter(op -> Samplers.of(op).isPresent())
                        .filter(op -> floats.isEmpty() || !Exactness.QUIRKS.containsKey(op.name()))
                        .toList();
        exact = all.stream().filter(op -> Exactness.whole(op.name())).toList();
    }

    /** Graph {@code number} of the seed. */
    Sketch sketch(long number) {
        var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        while (true) {
            var drawn = draw(random);
            if (drawn.isPresent()) {
                return drawn.get();
            }
        }
    }

    private Optional<Sketch> draw(SplittableRandom random) {
        boolean whole = random.nextDouble() < INTEGERS;
        var dtype = floats.orElse(random.nextDouble() < 0.6 ? DType.FP32 : DType.FP16);
        boolean tame = floats.isPresent() && random.nextDouble() < 0.7;
        var style = new Style(whole, dtype, tame);
        var draw = new GraphDraw(style, random);
        var nodes = new ArrayList<Node<?>>();
        int wanted = random.nextInt(3, 13);
        for (int i = 0; i < TRIES && nodes.size() < wanted; i++) {
            var ops = whole ? exact : all;
            next(draw, style, ops.get(random.nextInt(ops.size()))).ifPresent(nodes::add);
        }
        if (nodes.size() < 3) {
            return Optional.empty();
        }
        var graph = Graph.of(draw.ports(), outputs(nodes, random));
        return Optional.of(new Sketch(style, graph, draw.feeds()));
    }

    private Optional<Node<?>> next(GraphDraw draw, Style style, Op<?> op) {
        int mark = draw.mark();
        try {
            var node = plant.apply(Samplers.of(op).orElseThrow().apply(draw));
            var in = draw.numbers(node);
            var results = Evaluation.node(node, in);
            boolean computed = floats.isEmpty() || Exactness.inRange(op.name(), in);
            if (computed && suits(node, style, in, results)) {
                draw.add(node, results);
                return Optional.of(node);
            }
        } catch (JaneException refused) {
            // the sampler met a shape that its op does not take: another choice
        }
        draw.back(mark);
        return Optional.empty();
    }

    private static boolean suits(Node<?> node, Style style, List<Dense> in, List<Dense> results) {
        for (var result : results) {
            var type = result.type();
            double most = style.whole() ? Style.LARGEST : type.dtype() == DType.FP32 ? 1e6 : 2e4;
            if (result.data().length > LARGEST_RESULT
                    || type.shape().rank() > 5
                    || style.tame() && (!type.dtype().isFloat() || result.data().length == 0)
                    || !bounded(result, most, style.whole())) {
                return false;
            }
        }
        if (!style.whole() || !Exactness.adds(node.op().name())) {
            return true;
        }
        var sizes = in.stream().map(Generator::magnitudes).toList();
        return Evaluation.node(node, sizes).stream().allMatch(d -> bounded(d, Style.LARGEST, true));
    }

    private static Dense magnitudes(Dense dense) {
        var sizes = dense.data().clone();
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(sizes[i]);
        }
        return Dense.of(dense.type(), sizes);
    }

    private static boolean bounded(Dense dense, double most, boolean whole) {
        for (double x : dense.data()) {
            if (!(Math.abs(x) <= most) || whole && x != Math.rint(x)) {
                return false;
            }
        }
        return true;
    }

    /** What no node reads, and some of the rest. */
    private static List<Graph.Port> outputs(List<Node<?>> nodes, SplittableRandom random) {
        Set<Value> read = new HashSet<>();
        nodes.forEach(n -> read.addAll(n.inputs()));
        var outputs = new ArrayList<Graph.Port>();
        for (var node : nodes) {
            for (var value : node.outputs()) {
                if (!read.contains(value) || random.nextDouble() < 0.15) {
                    outputs.add(new Graph.Port("y" + outputs.size(), value));
                }
            }
        }
        return outputs;
    }
}
