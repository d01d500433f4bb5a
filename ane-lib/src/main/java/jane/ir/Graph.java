package jane.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program as data: named inputs, named outputs, and the nodes between them in an order in which
 * each follows what it reads. Immutable. Any value may serve as an input: the graph is cut there.
 */
public final class Graph {
    /** A named input or output. */
    public record Port(String name, Value value) {}

    private final List<Port> inputs;
    private final List<Port> outputs;
    private final List<Node<?>> nodes;
    private final Map<Value, String> names;

    private Graph(List<Port> inputs, List<Port> outputs, Map<Value, String> names) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        checkPorts();
        this.nodes = Collections.unmodifiableList(order());
        this.names = Collections.unmodifiableMap(new IdentityHashMap<>(names));
    }

    /**
     * The graph from {@code inputs} to {@code outputs}; what no output needs is left out.
     *
     * @throws JaneException if a name repeats or an output needs a placeholder that is not listed
     */
    public static Graph of(List<Port> inputs, List<Port> outputs) {
        return new Graph(inputs, outputs, Map.of());
    }

    /** As {@link #of}, keeping names for inner values, as a parser found them. */
    public static Graph named(List<Port> inputs, List<Port> outputs, Map<Value, String> names) {
        return new Graph(inputs, outputs, names);
    }

    /** Inputs in order. */
    public List<Port> inputs() {
        return inputs;
    }

    /** Outputs in order. */
    public List<Port> outputs() {
        return outputs;
    }

    /** Nodes in an executable order: constants and ops, but not the inputs. */
    public List<Node<?>> nodes() {
        return nodes;
    }

    /** Names given to inner values; not every value has one. */
    public Map<Value, String> names() {
        return names;
    }

    private void checkPorts() {
        for (var ports : List.of(inputs, outputs)) {
            Set<String> seen = new HashSet<>();
            for (var port : ports) {
                if (!port.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    throw new JaneException(
                            "graph",
                            "'%s' cannot name an input or output; need letters, digits and _,"
                                    + " not starting with a digit",
                            port.name());
                }
                if (!seen.add(port.name())) {
                    throw new JaneException(
                            "graph", "two ports are named '%s'; need one each", port.name());
                }
            }
        }
    }

    private List<Node<?>> order() {
        Set<Value> cut = Collections.newSetFromMap(new IdentityHashMap<>());
        inputs.forEach(p -> cut.add(p.value()));
        var order = Topology.order(outputs.stream().map(Port::value).toList(), cut);
        for (var node : order) {
            if (node.op() == Leaf.INPUT) {
                throw new JaneException(
                        "graph",
                        "an output needs a placeholder of type %s that is not among the inputs"
                                + " %s; list it as an input",
                        node.out().type(),
                        inputs.stream().map(Port::name).toList());
            }
        }
        return order;
    }

    /**
     * What this graph computes, without names: ops, attributes, types and wiring. Equal structures
     * compile to the same program.
     */
    public Structure structure() {
        var code = new ArrayList<Object>();
        Map<Value, Integer> number = new IdentityHashMap<>();
        for (var in : inputs) {
            number.putIfAbsent(in.value(), number.size());
            code.add(number.get(in.value()));
            code.add(in.value().type());
        }
        for (var node : nodes) {
            code.add(node.op());
            code.add(node.attrs());
            for (var in : node.inputs()) {
                code.add(number.get(in));
            }
            for (var out : node.outputs()) {
                number.putIfAbsent(out, number.size());
                code.add(out.type());
            }
        }
        code.add("outputs");
        for (var out : outputs) {
            code.add(number.get(out.value()));
        }
        return new Structure(List.copyOf(code), code.hashCode());
    }

    /** A graph's structure as a map key. */
    public record Structure(List<Object> code, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Structure s && hash == s.hash && code.equals(s.code);
        }
    }

    /** How many nodes read each value; an output counts as one reader. */
    public Map<Value, Integer> readers() {
        Map<Value, Integer> count = new IdentityHashMap<>();
        for (var node : nodes) {
            node.inputs().forEach(v -> count.merge(v, 1, Integer::sum));
        }
        outputs.forEach(p -> count.merge(p.value(), 1, Integer::sum));
        return count;
    }

    /** Floating-point operations of one run. */
    public long flops() {
        return nodes.stream().mapToLong(Node::flops).sum();
    }

    /**
     * Runs the graph with the ops' reference kernels in double: the meaning of every engine's
     * result.
     */
    public Map<String, Dense> reference(Map<String, Dense> feeds) {
        Map<Value, Dense> computed = new IdentityHashMap<>();
        for (var in : inputs) {
            var fed = feeds.get(in.name());
            if (fed == null || !fed.shape().equals(in.value().shape())) {
                throw new JaneException(
                        "reference",
                        "input '%s' is %s; need %s",
                        in.name(),
                        fed == null ? "missing" : fed.type(),
                        in.value().type());
            }
            computed.put(in.value(), fed);
        }
        for (var node : nodes) {
            evaluate(node, computed);
        }
        Map<String, Dense> results = new HashMap<>();
        outputs.forEach(p -> results.put(p.name(), computed.get(p.value())));
        return results;
    }

    private static <A> void evaluate(Node<A> node, Map<Value, Dense> computed) {
        var in = node.inputs().stream().map(computed::get).toList();
        var out = node.outputs().stream().map(v -> Dense.zeros(v.type())).toList();
        node.op().reference(node.attrs(), in, out);
        for (int i = 0; i < out.size(); i++) {
            computed.putIfAbsent(node.outputs().get(i), out.get(i));
        }
    }
}
