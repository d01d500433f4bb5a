package jane.conform;

import jane.compile.Packing;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.TensorType;
import jane.target.Target;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A graph in the form in which an engine takes it: on the in-memory route packed into surfaces.
 *
 * @param graph what is printed
 * @param packing how values reach its ports; empty if they are the ports
 */
record Form(Graph graph, Optional<Packing> packing) {
    static Form plain(Graph graph) {
        return new Form(graph, Optional.empty());
    }

    static Form packed(Graph graph, Target target) {
        var packing = Packing.of(graph, target);
        return new Form(packing.graph(), Optional.of(packing));
    }

    /** What its ports are fed for these values. */
    Map<String, Dense> feeds(Map<String, Dense> values) {
        if (packing.isEmpty()) {
            return values;
        }
        var numbers = new HashMap<String, double[]>();
        values.forEach((name, dense) -> numbers.put(name, dense.data()));
        var ports = packing.get().inputs(numbers);
        var feeds = new LinkedHashMap<String, Dense>();
        types(graph.inputs()).forEach((n, type) -> feeds.put(n, Dense.of(type, ports.get(n))));
        return feeds;
    }

    /** What is expected of its ports; zero between the values, and nothing else. */
    Map<String, Expected> expected(Map<String, Expected> values) {
        if (packing.isEmpty()) {
            return values;
        }
        var numbers = new HashMap<String, double[]>();
        var slack = new HashMap<String, double[]>();
        values.forEach((name, e) -> numbers.put(name, e.values().data()));
        values.forEach((name, e) -> slack.put(name, e.slack()));
        var ports = packing.get().outputs(numbers);
        var slacks = packing.get().outputs(slack);
        var expected = new LinkedHashMap<String, Expected>();
        types(graph.outputs())
                .forEach(
                        (n, type) -> {
                            var dense = Dense.of(type, ports.get(n));
                            expected.put(n, new Expected(dense, slacks.get(n)));
                        });
        return expected;
    }

    private static Map<String, TensorType> types(Iterable<Graph.Port> ports) {
        var types = new LinkedHashMap<String, TensorType>();
        ports.forEach(p -> types.put(p.name(), p.value().type()));
        return types;
    }
}
