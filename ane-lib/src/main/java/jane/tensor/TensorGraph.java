package jane.tensor;

import jane.grad.Gradients;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What a tensor is made of, as a graph: inputs are parameters by name and data as {@code x0, x1},
 * outputs {@code y} and, where asked for, a gradient {@code d_NAME} of each input that wants one.
 */
public final class TensorGraph {
    private final Graph graph;
    private final Set<Value> forward;
    private final Set<String> parameters;

    private TensorGraph(Graph graph, Set<Value> forward, Set<String> parameters) {
        this.graph = graph;
        this.forward = forward;
        this.parameters = Set.copyOf(parameters);
    }

    /**
     * The graph that computes {@code y}; with the gradients if {@code y} is one element that
     * something wants a gradient of.
     *
     * @throws JaneException if nothing is left to compute
     */
    public static TensorGraph of(Tensor y) {
        var inputs = new ArrayList<Graph.Port>();
        var wanting = new ArrayList<Graph.Port>();
        var parameters = new HashSet<String>();
        for (var leaf : Capture.leaves(List.of(y))) {
            if (leaf.value() == y.value()) {
                throw new JaneException(
                        "graph",
                        "%s is plain values: nothing is left to compute. Look at a result before"
                                + " its values are looked at, or at one made of a Parameter",
                        y.type());
            }
            var name = name(leaf.tensor(), inputs);
            inputs.add(new Graph.Port(name, leaf.value()));
            if (leaf.tensor().isTracked()) {
                wanting.add(inputs.get(inputs.size() - 1));
                parameters.add(name);
            }
        }
        var outputs = new ArrayList<>(List.of(new Graph.Port("y", y.value())));
        var forward = values(Graph.of(inputs, outputs));
        if (y.shape().size() == 1 && y.dtype().isFloat() && !wanting.isEmpty()) {
            var by = wanting.stream().map(Graph.Port::value).toList();
            var gradients = Gradients.of(y.value(), by);
            for (int i = 0; i < gradients.size(); i++) {
                outputs.add(new Graph.Port("d_" + wanting.get(i).name(), gradients.get(i)));
            }
        }
        return new TensorGraph(Graph.of(inputs, outputs), forward, parameters);
    }

    private static String name(Tensor leaf, List<Graph.Port> taken) {
        var name = leaf.owner().map(Parameter::name).orElse("x" + taken.size());
        var unique = name;
        for (int i = 2; isTaken(unique, taken); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }

    private static boolean isTaken(String name, List<Graph.Port> taken) {
        return name.equals("y") || taken.stream().anyMatch(port -> port.name().equals(name));
    }

    private static Set<Value> values(Graph graph) {
        Set<Value> values = Collections.newSetFromMap(new IdentityHashMap<>());
        graph.inputs().forEach(port -> values.add(port.value()));
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        return values;
    }

    /** Inputs, computation, outputs. */
    public Graph graph() {
        return graph;
    }

    /** Whether a value is needed for {@code y} itself and not only for gradients. */
    public boolean isForward(Value value) {
        return forward.contains(value);
    }

    /** Names of the inputs that want a gradient. */
    public Set<String> parameters() {
        return parameters;
    }
}
