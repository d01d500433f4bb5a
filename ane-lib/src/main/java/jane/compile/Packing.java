package jane.compile;

import jane.ir.Graph;
import jane.ir.TensorType;
import jane.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A graph as one program of a target, in the form in which placement gives it each part: packed
 * into surfaces on the in-memory route, as it is on others. So that whole programs can be made by
 * hand and held against an engine.
 */
public final class Packing {
    private final Graph graph;
    private final Optional<PackSurfaces.Packed> packed;

    private Packing(Graph graph, Optional<PackSurfaces.Packed> packed) {
        this.graph = graph;
        this.packed = packed;
    }

    /**
     * Packs a graph.
     *
     * @param graph each output a value of its own, none of them an input
     * @throws IllegalArgumentException if there are {@link #misfits}
     */
    public static Packing of(Graph graph, Target target) {
        var misfits = misfits(graph, target);
        if (!misfits.isEmpty()) {
            throw new IllegalArgumentException("no surface holds " + misfits);
        }
        return new Packing(
                graph,
                Passes.packs(target)
                        ? Optional.of(PackSurfaces.of(graph, target))
                        : Optional.empty());
    }

    /** Types of inputs and outputs that cannot be packed; none on a route without surfaces. */
    public static List<TensorType> misfits(Graph graph, Target target) {
        return Stream.of(graph.inputs(), graph.outputs())
                .flatMap(List::stream)
                .map(port -> port.value().type())
                .filter(type -> Passes.packs(target) && !Surface.takes(type))
                .toList();
    }

    /** The program's graph. */
    public Graph graph() {
        return packed.map(PackSurfaces.Packed::graph).orElse(graph);
    }

    /** What its input ports hold for these values, by name; zero where there is none. */
    public Map<String, double[]> inputs(Map<String, double[]> values) {
        return packed.map(p -> laid(p.inputs(), values)).orElse(values);
    }

    /** The same of its output ports. */
    public Map<String, double[]> outputs(Map<String, double[]> values) {
        return packed.map(p -> laid(p.outputs(), values)).orElse(values);
    }

    private static Map<String, double[]> laid(
            List<Surface> surfaces, Map<String, double[]> values) {
        var ports = new LinkedHashMap<String, double[]>();
        surfaces.forEach(s -> ports.put(s.name(), s.laid(values)));
        return ports;
    }
}
