package jane.ir;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Rebuilds a graph node by node; how every pass changes one. */
public final class Rewriter {
    /** What stands for a node in the new graph. */
    public interface Rule {
        /**
         * Replacements for the node's results, in order and of the same types.
         *
         * @param node the node, already reading the rewritten inputs
         */
        List<Value> apply(Node<?> node);
    }

    private Rewriter() {}

    /** {@code graph} with every node replaced by what {@code rule} says; names are kept. */
    public static Graph rewrite(Graph graph, Rule rule) {
        Map<Value, Value> now = new IdentityHashMap<>();
        graph.inputs().forEach(p -> now.put(p.value(), p.value()));
        return rewrite(graph, graph.inputs(), now, rule);
    }

    /**
     * {@code graph} with values in the places of some of its inputs.
     *
     * @param inputs of the new graph
     * @param given what stands for an input that is none any more
     */
    public static Graph substitute(Graph graph, List<Graph.Port> inputs, Map<Value, Value> given) {
        Map<Value, Value> now = new IdentityHashMap<>(given);
        inputs.forEach(p -> now.put(p.value(), p.value()));
        given.forEach((old, value) -> check(old.node(), old.type(), value.type()));
        return rewrite(graph, inputs, now, Node::outputs);
    }

    private static Graph rewrite(
            Graph graph, List<Graph.Port> inputs, Map<Value, Value> now, Rule rule) {
        Map<Value, String> names = new IdentityHashMap<>();
        for (var node : graph.nodes()) {
            var reads = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
            var fresh = reads.equals(node.inputs()) ? node : node.withInputs(reads);
            var results = rule.apply(fresh);
            for (int i = 0; i < results.size(); i++) {
                var old = node.outputs().get(i);
                check(node, old.type(), results.get(i).type());
                if (now.putIfAbsent(old, results.get(i)) == null) {
                    var name = graph.names().get(old);
                    if (name != null) {
                        names.putIfAbsent(results.get(i), name);
                    }
                }
            }
        }
        var outputs = new ArrayList<Graph.Port>();
        for (var port : graph.outputs()) {
            outputs.add(new Graph.Port(port.name(), now.get(port.value())));
        }
        return Graph.named(inputs, outputs, names);
    }

    private static void check(Node<?> node, TensorType before, TensorType after) {
        if (!before.equals(after)) {
            throw new ShapeException(
                    node.op().name(),
                    "a pass turned %s into %s; need the same type",
                    before,
                    after);
        }
    }
}
