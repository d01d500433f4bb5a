package jane.compile;

import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Graph;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A placed graph, printed and compiled.
 *
 * @param placement which node runs where, and why
 * @param programs one for each part
 * @param executable all of them, in order
 */
public record Placed(Placement placement, List<Program> programs, Executable executable) {
    /**
     * Places, prints and compiles a graph.
     *
     * @param aliases input name by the output name that may share its buffer
     * @param device an engine with a target
     * @param host takes what the target does not
     */
    public static Placed of(Graph graph, Map<String, String> aliases, Engine device, Engine host) {
        var target = device.target().orElseThrow();
        var placement = Placement.of(Passes.run(graph, target), target);
        var programs = new ArrayList<Program>();
        var all =
                new PlacedExecutable(
                        types(graph.inputs()), types(graph.outputs()), aliases, device);
        for (var part : placement.parts()) {
            var program =
                    MilPrinter.print(SeparateOutputs.apply(part.graph()))
                            .withAliases(within(part.graph(), aliases));
            var engine = part.side() == Part.Side.DEVICE ? device : host;
            programs.add(program);
            all.add(engine.name(), engine.compile(program));
        }
        return new Placed(placement, List.copyOf(programs), all);
    }

    private static Map<String, TensorType> types(List<Graph.Port> ports) {
        var types = new LinkedHashMap<String, TensorType>();
        ports.forEach(p -> types.put(p.name(), p.value().type()));
        return Collections.unmodifiableMap(types);
    }

    /** The aliases of which a part has both ends. */
    private static Map<String, String> within(Graph part, Map<String, String> aliases) {
        var inputs = part.inputs().stream().map(Graph.Port::name).toList();
        var own = new LinkedHashMap<String, String>();
        for (var port : part.outputs()) {
            var input = aliases.get(port.name());
            if (input != null && inputs.contains(input)) {
                own.put(port.name(), input);
            }
        }
        return own;
    }
}
