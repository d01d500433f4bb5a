package jane.notebook.magics;

import jane.ir.Graph;
import jane.ir.Value;
import jane.tensor.Tensor;
import jane.tensor.TensorGraph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Calls what goes into a tensor's graph, and what comes out, by the variables that hold it. */
final class VariableNames {
    private static final String GRADIENT = "d_";

    private final Subjects subjects;

    VariableNames(Subjects subjects) {
        this.subjects = subjects;
    }

    /** A graph and the names of its inputs that want a gradient. */
    record Named(Graph graph, Set<String> parameters) {}

    /**
     * The graph of the tensor in variable {@code result}; an input that no variable holds keeps its
     * name, and all do where two would be called the same.
     */
    Named applied(TensorGraph made, String result) {
        var graph = made.graph();
        var held = held();
        Map<String, String> names = new HashMap<>();
        for (var port : graph.inputs()) {
            var name = held.getOrDefault(port.value(), port.name());
            names.put(port.name(), name);
            names.put(GRADIENT + port.name(), GRADIENT + name);
        }
        names.put(graph.outputs().get(0).name(), Subjects.isName(result) ? result : "y");
        var inputs = renamed(graph.inputs(), names);
        var outputs = renamed(graph.outputs(), names);
        var all = new HashSet<String>();
        boolean unique = inputs.stream().allMatch(port -> all.add(port.name()));
        unique &= outputs.stream().allMatch(port -> all.add(port.name()));
        if (!unique) {
            return new Named(graph, made.parameters());
        }
        var parameters = made.parameters().stream().map(names::get).collect(Collectors.toSet());
        return new Named(Graph.named(inputs, outputs, graph.names()), parameters);
    }

    private Map<Value, String> held() {
        Map<Value, String> held = new IdentityHashMap<>();
        for (var name : subjects.names(Tensor.class)) {
            subjects.find(name, Tensor.class)
                    .ifPresent(t -> held.putIfAbsent(t.operand().value(), name));
        }
        return held;
    }

    private static List<Graph.Port> renamed(List<Graph.Port> ports, Map<String, String> names) {
        return ports.stream()
                .map(p -> new Graph.Port(names.getOrDefault(p.name(), p.name()), p.value()))
                .toList();
    }
}
