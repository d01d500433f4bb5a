package jane.engine.cpu;

import jane.ir.ConstData;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers the values of a graph by what they are computed from, so that what an expression is
 * called in the graph can be asked, if it is there. A constant of equal elements is the same under
 * every shape, since ops broadcast: passes write 0 now as a scalar and now as a tensor.
 */
final class Numbering {
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final Map<Value, Integer> known = new IdentityHashMap<>();
    private final List<Value> values = new ArrayList<>(); // the first of each number

    Numbering(Graph graph) {
        graph.inputs().forEach(p -> known.putIfAbsent(p.value(), fresh(p.value())));
        for (var node : graph.nodes()) {
            var key = key(node, known);
            for (var out : node.outputs()) {
                int number =
                        out.index() == 0
                                ? numbers.computeIfAbsent(key, k -> fresh(out))
                                : fresh(out);
                known.putIfAbsent(out, number);
            }
        }
    }

    private int fresh(Value value) {
        values.add(value);
        return values.size() - 1;
    }

    /**
     * The graph's value for an expression.
     *
     * @param over values of the graph that the expression is built on
     */
    Optional<Value> find(List<Value> over, Value expression) {
        var ports = new ArrayList<Graph.Port>();
        Map<Value, Integer> own = new IdentityHashMap<>();
        for (var value : over) {
            if (own.put(value, known.get(value)) == null) {
                ports.add(new Graph.Port("x" + ports.size(), value));
            }
        }
        var nodes = Graph.of(ports, List.of(new Graph.Port("y", expression))).nodes();
        for (var node : nodes) {
            var key = key(node, own);
            var number = numbers.get(key);
            if (number == null && !(key instanceof Uniform)) {
                return Optional.empty();
            }
            own.putIfAbsent(node.out(), number == null ? -1 : number);
        }
        return Optional.ofNullable(own.get(expression)).map(values::get);
    }

    /** Whether every element is {@code x}. */
    static boolean isUniform(Value v, double x) {
        return uniform(v.node()).map(u -> u.value() == x).orElse(false);
    }

    private record Uniform(jane.ir.DType dtype, double value) {}

    private static Optional<Uniform> uniform(Node<?> node) {
        if (node.attrs() instanceof Movement.Fill fill && node.op() == Movement.FILL) {
            return Optional.of(new Uniform(node.out().dtype(), fill.value()));
        }
        if (node.op() == Leaf.CONST && node.out().shape().rank() == 0) {
            return Optional.of(new Uniform(node.out().dtype(), ((ConstData) node.attrs()).get(0)));
        }
        return Optional.empty();
    }

    private static Object key(Node<?> node, Map<Value, Integer> numbers) {
        var uniform = uniform(node);
        if (uniform.isPresent()) {
            return uniform.get();
        }
        var key = new ArrayList<Object>();
        key.add(node.op());
        key.add(node.attrs());
        key.add(node.out().type());
        node.inputs().forEach(v -> key.add(numbers.get(v)));
        return key;
    }
}
