package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Turns a graph into a {@link Plan}: groups, places, kernels, outputs, order, scratch memory. */
final class Planner {
    private final Graph graph;
    private final Map<String, String> aliases;
    private final Groups groups;
    private final Views views;

    private Planner(Graph graph, Map<String, String> aliases) {
        this.graph = graph;
        this.aliases = aliases;
        groups = new Groups(graph);
        views = new Views(graph, groups);
    }

    /**
     * The plan.
     *
     * @param aliases input name by the output name that may share its buffer
     * @throws JaneException if an alias names no port, or ports of different types
     */
    static Plan plan(Graph graph, Map<String, String> aliases) {
        return new Planner(graph, aliases).plan();
    }

    private Plan plan() {
        checkAliases();
        makeKernels();
        makeOutputs();
        var kernels = new ArrayList<Kernel>();
        groups.sorted().forEach(g -> kernels.addAll(g.kernels));
        return new Plan(kernels, views.storages(), allocate(kernels));
    }

    private void checkAliases() {
        var seen = new HashMap<String, String>();
        aliases.forEach(
                (out, in) -> {
                    var output = port(graph.outputs(), out, "output");
                    var input = port(graph.inputs(), in, "input");
                    if (!output.type().equals(input.type())) {
                        throw new JaneException(
                                "cpu",
                                "output '%s' is %s and cannot share the buffer of input '%s', %s;"
                                        + " need one type",
                                out,
                                output.type(),
                                in,
                                input.type());
                    }
                    var other = seen.put(in, out);
                    if (other != null) {
                        throw new JaneException(
                                "cpu",
                                "outputs '%s' and '%s' both share the buffer of input '%s'; need"
                                        + " one at most",
                                other,
                                out,
                                in);
                    }
                });
    }

    private static Value port(List<Graph.Port> ports, String name, String what) {
        for (var port : ports) {
            if (port.name().equals(name)) {
                return port.value();
            }
        }
        throw new JaneException(
                "cpu",
                "an alias names %s '%s'; need one of %s",
                what,
                name,
                ports.stream().map(Graph.Port::name).toList());
    }

    private void makeKernels() {
        var lowering = new Lowering(views::of);
        for (var group : groups.all()) {
            var first = group.nodes.get(0);
            if (PlanNodes.fuses(first)) {
                var stored = group.nodes.stream().map(n -> n.out()).filter(views::isNeeded).toList();
                group.kernels.add(new FusedBuilder(group.nodes, views::of, stored).build());
            } else if (!PlanNodes.isView(first)) {
                group.kernels.addAll(lowering.kernels(first));
            }
        }
    }

    /** Has each output computed in its buffer where that is safe, and copied there otherwise. */
    private void makeOutputs() {
        var producers = new IdentityHashMap<Storage, Group>();
        for (var group : groups.all()) {
            for (var kernel : group.kernels) {
                kernel.writes().forEach(v -> producers.put(v.storage, group));
            }
        }
        var aliased = new ArrayList<Graph.Port>();
        for (var port : graph.outputs()) {
            if (aliases.containsKey(port.name())) {
                aliased.add(port);
                continue;
            }
            var view = views.of(port.value());
            if (isOwn(view)) {
                view.storage.becomeOutput(port.name());
            } else {
                copyOut(view, port);
            }
        }
        // Last, when all readers of the inputs that they overwrite are known.
        aliased.forEach(port -> stage(port));
        aliased.forEach(port -> overwrite(port, producers));
    }

    private static boolean isOwn(View view) {
        return view.storage.kind() == Storage.Kind.SCRATCH && view.isWhole();
    }

    private Group copyOut(View from, Graph.Port port) {
        var group = groups.add();
        group.kernels.add(
                new CopyKernel("out", from, views.output(port.value().type(), port.name())));
        orderAfterWriters(group, from.storage);
        return group;
    }

    private void orderAfterWriters(Group reader, Storage storage) {
        for (var group : groups.all()) {
            if (group != reader
                    && group.kernels.stream()
                            .anyMatch(
                                    k ->
                                            k.writes().stream()
                                                    .anyMatch(v -> v.storage == storage))) {
                groups.order(group, reader);
            }
        }
    }
}
