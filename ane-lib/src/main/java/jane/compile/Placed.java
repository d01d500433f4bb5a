package jane.compile;

import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Graph;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.target.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A placed graph, printed and compiled. Parts that compute the same, such as the blocks of a deep
 * stack, are one program, compiled once and run for each.
 *
 * @param placement which node runs where, and why
 * @param programs one for each part; the same object for parts that share one
 * @param executable all of them, in order
 */
public record Placed(Placement placement, List<Program> programs, Executable executable) {
    /**
     * Places, prints and compiles a graph.
     *
     * @param aliases input name by the output name that may share its buffer
     * @param device an engine with a target
     * @param host takes what the target does not, and what the device refuses
     */
    public static Placed of(Graph graph, Map<String, String> aliases, Engine device, Engine host) {
        return of(graph, aliases, device, host, refusal -> {});
    }

    /**
     * The same.
     *
     * @param refusals hears of each program that the device refuses, now or when it runs
     */
    public static Placed of(
            Graph graph,
            Map<String, String> aliases,
            Engine device,
            Engine host,
            Consumer<String> refusals) {
        var target = device.target().orElseThrow();
        var placement = Placement.of(Passes.run(graph, target), target);
        var programs = new ArrayList<Program>();
        var all =
                new PlacedExecutable(
                        types(graph.inputs()), types(graph.outputs()), aliases, device);
        var shared = new HashMap<Shared, Executable>();
        var texts = new HashMap<Shared, Program>();
        var repeated = repeated(placement.parts());
        for (var part : placement.parts()) {
            var own = SeparateOutputs.apply(part.graph());
            var within = within(own, aliases);
            var engine = part.side() == Part.Side.DEVICE ? device : host;
            boolean general = repeated.contains(part.graph().structure()) && within.isEmpty();
            var form =
                    part.side() == Part.Side.DEVICE && Passes.packs(target)
                            ? Form.packed(own, target)
                            : general ? Form.general(own) : Form.plain(own);
            var key = new Shared(part.side(), own.structure());
            var program =
                    form.shared()
                            ? texts.computeIfAbsent(key, k -> MilPrinter.print(form.printed()))
                            : MilPrinter.print(own).withAliases(within);
            Supplier<Executable> compiled =
                    () -> compiled(program, part.side(), device, host, refusals);
            var executable =
                    form.shared()
                            ? shared.computeIfAbsent(key, k -> compiled.get())
                            : compiled.get();
            programs.add(program);
            all.add(form.member(engine, executable, own));
        }
        return new Placed(placement, List.copyOf(programs), all);
    }

    private static Executable compiled(
            Program program,
            Part.Side side,
            Engine device,
            Engine host,
            Consumer<String> refusals) {
        return side == Part.Side.DEVICE
                ? new Fallback(program, device, host, refusals)
                : host.compile(program);
    }

    private record Shared(Part.Side side, Graph.Structure structure) {}

    /**
     * A part as it is printed.
     *
     * @param border how the part's values reach its ports
     * @param shared whether its names fit every part that computes the same
     */
    private record Form(Graph printed, Border border, boolean shared) {
        static Form plain(Graph own) {
            return new Form(own, Border.renamed(own, own), false);
        }

        /** Under names that do not tell which of several equal parts it is. */
        static Form general(Graph own) {
            var printed = Graph.of(numbered("x", own.inputs()), numbered("y", own.outputs()));
            return new Form(printed, Border.renamed(own, printed), true);
        }

        /** Copied to and from surfaces, so that no output needs to share an input's memory. */
        static Form packed(Graph own, Target target) {
            var packed = PackSurfaces.of(own, target);
            return new Form(packed.graph(), packed, true);
        }

        PlacedExecutable.Member member(Engine engine, Executable program, Graph own) {
            return new PlacedExecutable.Member(engine, program, own, border);
        }
    }

    /** What more than one part computes. */
    private static Set<Graph.Structure> repeated(List<Part> parts) {
        var seen = new HashSet<Graph.Structure>();
        return parts.stream()
                .map(part -> part.graph().structure())
                .filter(structure -> !seen.add(structure))
                .collect(Collectors.toSet());
    }

    private static List<Graph.Port> numbered(String prefix, List<Graph.Port> ports) {
        var numbered = new ArrayList<Graph.Port>();
        ports.forEach(p -> numbered.add(new Graph.Port(prefix + numbered.size(), p.value())));
        return numbered;
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
