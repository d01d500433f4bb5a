package jane.compile;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts a graph whose nodes have sides into parts that run one after the other. A node runs one
 * stage after the last part on the other side that it reads from; what shares stage and side is one
 * part, so that parts are few and never wait for each other in a circle. A part on the target in
 * which blocks repeat is cut into these: {@link Repeats}. One that is too much for a program of the
 * target is cut in two.
 *
 * <p>Constants and bools belong to no part: each part that reads one has its own, since neither can
 * cross the border of a Neural Engine program.
 */
final class Partition {
    private record Place(int stage, Part.Side side, int piece) {}

    private final Graph graph;
    private final Map<Node<?>, Part.Side> sides;
    private final Set<Node<?>> starts;
    private final Set<Value> inputs = new HashSet<>(); // values compare by identity
    private final Set<Value> outputs = new HashSet<>();
    private final Map<Node<?>, Place> places = new IdentityHashMap<>();
    private final Map<Place, List<Node<?>>> members = new LinkedHashMap<>();
    private final Map<Value, String> names = new IdentityHashMap<>();

    private Partition(Graph graph, Map<Node<?>, Part.Side> sides, Set<Node<?>> starts) {
        this.graph = graph;
        this.sides = sides;
        this.starts = starts;
        graph.inputs().forEach(p -> inputs.add(p.value()));
        graph.outputs().forEach(p -> outputs.add(p.value()));
    }

    /**
     * The parts in the order in which they run.
     *
     * @param sides of every node
     * @param starts nodes at which a part begins anew
     */
    static List<Part> of(Graph graph, Map<Node<?>, Part.Side> sides, Set<Node<?>> starts) {
        return new Partition(graph, sides, starts).parts();
    }

    /**
     * The node at which a part on the target falls into two halves; empty if it is one node.
     *
     * @param outputs of the whole graph
     */
    static Optional<Node<?>> middle(Part part, Set<Value> outputs) {
        var nodes = part.graph().nodes().stream().filter(n -> !isFree(n, outputs)).toList();
        return nodes.size() < 2 ? Optional.empty() : Optional.of(nodes.get(nodes.size() / 2));
    }

    private boolean isFree(Node<?> node) {
        return isFree(node, outputs);
    }

    /** Whether every part has its own copy of a node. */
    private static boolean isFree(Node<?> node, Set<Value> outputs) {
        return node.out().isConst()
                || node.outputs().stream()
                        .allMatch(v -> v.dtype() == DType.BOOL && !outputs.contains(v));
    }

    private List<Part> parts() {
        for (var node : graph.nodes()) {
            if (!isFree(node)) {
                places.put(node, place(node));
                members.computeIfAbsent(places.get(node), p -> new ArrayList<>()).add(node);
            }
        }
        List.copyOf(members.keySet()).forEach(this::cut);
        nameCrossings();
        return members.keySet().stream()
                .sorted(Comparator.comparingInt(Place::stage).thenComparingInt(Place::piece))
                .map(place -> new Part(place.side(), part(place)))
                .toList();
    }

    private Place place(Node<?> node) {
        var side = sides.get(node);
        int stage = 0;
        for (var source : sources(node)) {
            var before = places.get(source.node());
            if (before != null && !inputs.contains(source)) {
                stage = Math.max(stage, before.stage() + (before.side() == side ? 0 : 1));
            }
        }
        return new Place(stage, side, 0);
    }

    /** Cuts what runs on the target where it is told to, and where it repeats: {@link Repeats}. */
    private void cut(Place place) {
        var nodes = members.get(place);
        if (place.side() == Part.Side.HOST) {
            return;
        }
        var all = new TreeSet<>(Repeats.cuts(nodes));
        for (int i = 1; i < nodes.size(); i++) {
            if (starts.contains(nodes.get(i))) {
                all.add(i);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        var cuts = List.copyOf(all);
        members.remove(place);
        int from = 0;
        for (int piece = 0; piece <= cuts.size(); piece++) {
            int to = piece == cuts.size() ? nodes.size() : cuts.get(piece);
            var own = new Place(place.stage(), place.side(), piece);
            members.put(own, List.copyOf(nodes.subList(from, to)));
            members.get(own).forEach(node -> places.put(node, own));
            from = to;
        }
    }

    /** What a node reads that is not free, itself or by way of free nodes. */
    private Set<Value> sources(Node<?> node) {
        var sources = new LinkedHashSet<Value>();
        var seen = new HashSet<Node<?>>();
        var waiting = new ArrayList<Node<?>>(List.of(node));
        while (!waiting.isEmpty()) {
            for (var in : waiting.remove(waiting.size() - 1).inputs()) {
                if (inputs.contains(in) || !isFree(in.node())) {
                    sources.add(in);
                } else if (seen.add(in.node())) {
                    waiting.add(in.node());
                }
            }
        }
        return sources;
    }

    /** Names every value that a part hands on; an output keeps its name. */
    private void nameCrossings() {
        var taken = new HashSet<String>();
        graph.inputs().forEach(p -> names.put(p.value(), p.name()));
        graph.inputs().forEach(p -> taken.add(p.name()));
        graph.outputs().forEach(p -> names.putIfAbsent(p.value(), p.name()));
        graph.outputs().forEach(p -> taken.add(p.name()));
        int count = 0;
        for (var node : graph.nodes()) {
            if (isFree(node)) {
                continue;
            }
            for (var source : sources(node)) {
                boolean crosses =
                        !names.containsKey(source)
                                && !places.get(source.node()).equals(places.get(node));
                if (crosses) {
                    String name = "between_" + count++;
                    while (!taken.add(name)) {
                        name = "between_" + count++;
                    }
                    names.put(source, name);
                }
            }
        }
    }

    private Graph part(Place place) {
        var own = Collections.newSetFromMap(new IdentityHashMap<Node<?>, Boolean>());
        own.addAll(members.get(place));
        var reads = new LinkedHashSet<Value>();
        for (var node : members.get(place)) {
            sources(node).stream()
                    .filter(v -> inputs.contains(v) || !own.contains(v.node()))
                    .forEach(reads::add);
        }
        var ins = reads.stream().map(v -> new Graph.Port(names.get(v), v)).toList();
        var outs = new ArrayList<Graph.Port>();
        for (var node : members.get(place)) {
            for (var value : node.outputs()) {
                if (names.containsKey(value)) {
                    outs.add(new Graph.Port(names.get(value), value));
                }
            }
        }
        return Graph.named(ins, outs, inner(own));
    }

    private Map<Value, String> inner(Set<Node<?>> own) {
        var kept = new HashMap<Value, String>();
        graph.names()
                .forEach(
                        (value, name) -> {
                            if (own.contains(value.node()) && !names.containsKey(value)) {
                                kept.put(value, name);
                            }
                        });
        return kept;
    }
}
