package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Turns a graph into a {@link Plan}: groups, places, kernels, outputs, order, scratch memory. */
final class Planner {
    private final Graph graph;
    private final Map<String, String> aliases;
    private final Kernels make;
    private final Groups groups;
    private final Views views;

    private Planner(Graph graph, Map<String, String> aliases, Kernels make) {
        this.graph =
                PlanNodes.withOwnOperands(
                        Stretches.later(Idioms.replace(Composites.expand(Empties.fill(graph)))));
        this.aliases = aliases;
        this.make = make;
        groups = new Groups(this.graph);
        views = new Views(this.graph, groups, make);
    }

    /**
     * The plan.
     *
     * @param aliases input name by the output name that may share its buffer
     * @param make whose kernels the plan consists of
     * @throws JaneException if an alias names no port, or ports of different types
     */
    static Plan plan(Graph graph, Map<String, String> aliases, Kernels make) {
        return new Planner(graph, aliases, make).plan();
    }

    private Plan plan() {
        checkAliases();
        makeKernels();
        makeOutputs();
        var kernels = new ArrayList<Kernel>();
        groups.sorted().forEach(g -> kernels.addAll(g.kernels));
        var joined = SlicePlan.of(kernels, s -> aliases.containsKey(s.port()));
        joined.forEach(k -> k.reads().forEach(v -> v.storage.becomeRead()));
        return new Plan(joined, views.storages(), allocate(joined));
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
        var lowering = new Lowering(views::of, views::fresh, make);
        for (var group : groups.all()) {
            var first = group.nodes.get(0);
            if (group.isFused()) {
                var stored =
                        group.nodes.stream()
                                .filter(n -> !PlanNodes.totals(n))
                                .map(n -> n.out())
                                .filter(views::isNeeded)
                                .toList();
                var code = new FusedBuilder(group, views::of, stored).build();
                group.kernels.add(make.fused(code));
            } else if (!PlanNodes.isView(first)) {
                group.kernels.addAll(lowering.kernels(first));
            }
        }
    }

    /** Has each output computed in its buffer where that is safe, and copied there otherwise. */
    private void makeOutputs() {
        var aliased = new ArrayList<Graph.Port>();
        for (var port : graph.outputs()) {
            var view = views.of(port.value());
            if (aliases.containsKey(port.name())) {
                aliased.add(port);
            } else if (isOwn(view)) {
                view.storage.becomeOutput(port.name());
            } else {
                copyOut(view, port);
            }
        }
        // Last, when all readers of the inputs that these overwrite are known.
        var sources = aliased.stream().map(this::stage).toList();
        for (int i = 0; i < sources.size(); i++) {
            overwrite(aliased.get(i), sources.get(i));
        }
    }

    private static boolean isOwn(View view) {
        return view.storage.kind() == Storage.Kind.SCRATCH && view.isWhole();
    }

    private Group copyOut(View from, Graph.Port port) {
        return copy("out", from, views.output(port.value().type(), port.name()));
    }

    private Group copy(String why, View from, View to) {
        var writers = groups.all().stream().filter(g -> g.writes(from.storage)).toList();
        var group = groups.add();
        group.kernels.add(make.copy(why, from, to));
        writers.forEach(w -> groups.order(w, group));
        return group;
    }

    /**
     * Where an aliased output is before it is copied: not in an input, which may be overwritten.
     */
    private View stage(Graph.Port port) {
        var view = views.of(port.value());
        boolean fromInput = view.storage.kind() == Storage.Kind.INPUT;
        if (!fromInput || view.samePlaces(View.dense(input(port)))) {
            return view;
        }
        var staged = views.fresh(port.value().type());
        copy("staged", view, staged);
        return staged;
    }

    /** The input whose buffer {@code port} may share. */
    private Storage input(Graph.Port port) {
        var name = aliases.get(port.name());
        return views.storages().stream()
                .filter(s -> s.kind() == Storage.Kind.INPUT && s.port().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Writes an aliased output after every read of the input. */
    private void overwrite(Graph.Port port, View view) {
        var overwritten = input(port);
        var readers = groups.all().stream().filter(g -> g.reads(overwritten)).toList();
        var writers = groups.all().stream().filter(g -> g.writes(view.storage)).toList();
        if (isOwn(view) && writers.size() == 1) {
            var writer = writers.get(0);
            boolean safe =
                    readers.stream()
                            .allMatch(
                                    r ->
                                            r == writer
                                                    ? inPlace(r, overwritten)
                                                    : !r.before.get(writer.id));
            if (safe) {
                readers.forEach(r -> groups.order(r, writer));
                view.storage.becomeOutput(port.name());
                return;
            }
        }
        var copy = copyOut(view, port);
        readers.forEach(r -> groups.order(r, copy));
    }

    /** Whether a group reads {@code storage} only where, and before, it writes the same element. */
    private static boolean inPlace(Group group, Storage storage) {
        return group.kernels.stream()
                .allMatch(
                        k ->
                                k.worksInPlace()
                                        && k.reads().stream()
                                                .filter(v -> v.storage == storage)
                                                .allMatch(View::isWhole));
    }

    private List<Long> allocate(List<Kernel> kernels) {
        Map<Storage, Integer> last = new IdentityHashMap<>();
        for (int i = 0; i < kernels.size(); i++) {
            for (var storage : touched(kernels.get(i))) {
                last.put(storage, i);
            }
        }
        var arena = new Arena();
        for (int i = 0; i < kernels.size(); i++) {
            var kernel = kernels.get(i);
            int now = i;
            var touched = touched(kernel);
            var left = new ArrayList<>(touched);
            left.removeIf(s -> !s.placed() || last.get(s) != now);
            for (var storage : touched) {
                if (storage.placed()) {
                    continue;
                }
                var same = left.stream().filter(s -> mayReplace(kernel, s, storage)).findFirst();
                same.ifPresentOrElse(s -> arena.pass(s, storage), () -> arena.allocate(storage));
                same.ifPresent(left::remove);
            }
            for (var storage : touched) {
                if (last.get(storage) == i) {
                    arena.free(storage);
                }
            }
        }
        return arena.blocks();
    }

    /**
     * Whether what a kernel computes may lie where an operand lay that nobody reads again: then it
     * is written where the cache has it.
     */
    private static boolean mayReplace(Kernel kernel, Storage operand, Storage result) {
        return kernel.worksInPlace()
                && operand.type.equals(result.type)
                && isWhole(kernel.reads(), operand)
                && isWhole(kernel.writes(), result);
    }

    private static boolean isWhole(List<View> views, Storage storage) {
        var of = views.stream().filter(v -> v.storage == storage).toList();
        return !of.isEmpty() && of.stream().allMatch(View::isWhole);
    }

    private static Set<Storage> touched(Kernel kernel) {
        var touched = new LinkedHashSet<Storage>(); // storages compare by identity
        Stream.concat(kernel.writes().stream(), kernel.reads().stream())
                .map(v -> v.storage)
                .filter(s -> s.kind() == Storage.Kind.SCRATCH)
                .forEach(touched::add);
        return touched;
    }
}
