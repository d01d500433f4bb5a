package jane.conform;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Runs graphs with the reference kernels, exactly or as a machine that rounds would. */
final class Evaluation {
    private static final double SMALLEST_NORMAL_HALF = 0x1p-14;

    private Evaluation() {}

    /** The results of one node, in double. */
    static <A> List<Dense> node(Node<A> node, List<Dense> in) {
        var out = node.outputs().stream().map(v -> Dense.zeros(v.type())).toList();
        node.op().reference(node.attrs(), in, out);
        return out;
    }

    /** Every value of the graph in double, by identity. */
    static Map<Value, Dense> exact(Graph graph, Map<String, Dense> feeds) {
        return all(graph, feeds, Optional.empty());
    }

    /** Every value, each rounded to its type and moved by up to a few units in the last place. */
    static Map<Value, Dense> rounded(Graph graph, Map<String, Dense> feeds, Noise noise) {
        return all(graph, feeds, Optional.of(noise));
    }

    private static Map<Value, Dense> all(
            Graph graph, Map<String, Dense> feeds, Optional<Noise> noise) {
        Map<Value, Dense> values = new IdentityHashMap<>();
        graph.inputs().forEach(p -> values.put(p.value(), feeds.get(p.name())));
        for (var node : graph.nodes()) {
            var in = node.inputs().stream().map(values::get).toList();
            if (noise.isPresent() && noise.get().flushes()) {
                in = in.stream().map(Evaluation::flushed).toList();
            }
            boolean moved =
                    noise.isPresent()
                            && node.op() != Leaf.CONST
                            && !Exactness.selects(node.op().name());
            if (moved && Exactness.inParts(node.op().name())) {
                values.put(node.out(), parts(node, in, noise.get()).get(0));
                continue;
            }
            var out = node(node, moved ? noise.get().onInputs(in) : in);
            if (noise.isPresent()) {
                out =
                        out.stream()
                                .map(d -> noise.get().onResult(node.op().name(), d, moved))
                                .toList();
            }
            for (int i = 0; i < out.size(); i++) {
                values.putIfAbsent(node.outputs().get(i), out.get(i));
            }
        }
        return values;
    }

    /** As a chip reads it that has no subnormal halves: zeros in their place. */
    private static Dense flushed(Dense x) {
        if (x.type().dtype() != DType.FP16) {
            return x;
        }
        var data = x.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] =
                    Math.abs(data[i]) < SMALLEST_NORMAL_HALF ? Math.copySign(0, data[i]) : data[i];
        }
        return Dense.of(x.type(), data);
    }

    /** The results of a node by its definition, each part of it rounded and moved. */
    private static List<Dense> parts(Node<?> node, List<Dense> in, Noise noise) {
        var inputs = new ArrayList<Graph.Port>();
        var feeds = new LinkedHashMap<String, Dense>();
        for (int i = 0; i < in.size(); i++) {
            inputs.add(new Graph.Port("x" + i, node.in(i)));
            feeds.put("x" + i, in.get(i));
        }
        var results = node.lower();
        var outputs = new ArrayList<Graph.Port>();
        for (int i = 0; i < results.size(); i++) {
            outputs.add(new Graph.Port("y" + i, results.get(i)));
        }
        var values = rounded(Graph.of(inputs, outputs), feeds, noise);
        return results.stream().map(values::get).toList();
    }

    /** The graph's outputs by name, out of all values. */
    static Map<String, Dense> outputs(Graph graph, Map<Value, Dense> values) {
        var outputs = new LinkedHashMap<String, Dense>();
        graph.outputs().forEach(p -> outputs.put(p.name(), values.get(p.value())));
        return outputs;
    }

    /**
     * Disturbs what an op reads and makes, as rounding does, with signs drawn at random.
     *
     * @param tables whether curves are read from tables, as on a chip
     * @param flushes whether ops read subnormal halves as zero, as M1 does: a step may lie between
     */
    record Noise(double size, boolean tables, boolean flushes, RandomGenerator random) {
        List<Dense> onInputs(List<Dense> in) {
            var moved = new ArrayList<Dense>();
            for (var dense : in) {
                moved.add(dense.type().dtype().isFloat() ? moved(dense, 0) : dense);
            }
            return moved;
        }

        Dense onResult(String op, Dense dense, boolean alsoMoved) {
            var dtype = dense.type().dtype();
            double most = 0;
            for (double x : dense.data()) {
                most = Math.max(most, Math.abs(x));
            }
            boolean moves = alsoMoved && dtype.isFloat();
            double usual = Exactness.cancels(op) ? 1 : Math.min(1, most);
            double floor = Math.max(usual, tables ? Exactness.table(op) / size : 0);
            var result = moves ? moved(dense, floor) : dense;
            var rounded = new double[dense.data().length];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = dtype.round(result.get(i));
            }
            return Dense.of(dense.type(), rounded);
        }

        private Dense moved(Dense dense, double floor) {
            var data = dense.data().clone();
            for (int i = 0; i < data.length; i++) {
                data[i] += size * (Math.abs(data[i]) + floor) * random.nextDouble(-1, 1);
            }
            return Dense.of(dense.type(), data);
        }
    }
}
