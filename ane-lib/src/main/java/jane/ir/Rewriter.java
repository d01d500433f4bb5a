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
        Map<Value, String> names = new IdentityHashMap<>();
        for (var node : graph.nodes()) {
            var inputs = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
            var fresh = inputs.equals(node.inputs()) ? node : node.withInputs(inputs);
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
        return Graph.named(graph.inputs(), outputs, names);
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
