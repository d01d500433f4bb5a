package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Cuts a graph into groups: elementwise ops over one shape, and sums and the like over all of it or
 * over lines of it ({@link Domain}), go together where no path leaves a group and comes back; every
 * other node is a group of its own.
 */
final class Groups {
    private static final int MAX_NODES = 256; // of a group: registers must fit the cache

    private final Map<Node<?>, Group> groupOf = new IdentityHashMap<>();
    private final List<Group> all = new ArrayList<>(); // by id; merged ones stay, empty
    private final Map<Value, Integer> readers;

    Groups(Graph graph) {
        readers = graph.readers();
        for (var node : graph.nodes()) {
            var group = new Group(all.size(), all.size());
            group.nodes.add(node);
            group.domain = Domain.of(node);
            all.add(group);
            groupOf.put(node, group);
            for (var in : node.inputs()) {
                var producer = groupOf.get(in.node());
                if (producer != null) {
                    group.before.or(producer.before);
                    group.before.set(producer.id);
                }
            }
        }
        // First with the only reader: such a value never leaves the registers. From the end, so
        // that what only a later group reads stays with that group and not with its operands.
        mergeAll(graph.nodes(), this::isPlain);
        // Then what the ends of lines hold together, until nothing fits any more.
        while (mergeAll(graph.nodes(), (v, node) -> true)) {}
        mergeSiblings(graph);
        all.forEach(g -> g.nodes.clear());
        graph.nodes().forEach(n -> groupOf.get(n).nodes.add(n)); // in the graph's order again
    }

    Group of(Node<?> node) {
        return groupOf.get(node);
    }

    private boolean mergeAll(List<Node<?>> nodes, BiPredicate<Value, Node<?>> wanted) {
        boolean any = false;
        for (boolean onlyReader : new boolean[] {true, false}) {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                var node = nodes.get(i);
                for (var v : node.inputs()) {
                    any |=
                            readers.get(v) == 1 == onlyReader
                                    && wanted.test(v, node)
                                    && join(v, node);
                }
            }
        }
        return any;
    }

    /**
     * Merges groups that read the same elements, so that these are loaded once. Not those that
     * compute outputs: which may have to wait for readers of the buffers that they overwrite.
     */
    private void mergeSiblings(Graph graph) {
        var fixed = new HashSet<Group>();
        graph.outputs().forEach(p -> fixed.add(groupOf.get(p.value().node())));
        var readers = new LinkedHashMap<Value, Set<Group>>();
        for (var node : graph.nodes()) {
            for (var v : node.inputs()) {
                var group = groupOf.get(node);
                boolean wide =
                        group.domain.map(d -> d.shape().equals(v.shape())).orElse(false)
                                && !v.isConst()
                                && !fixed.contains(group);
                if (wide) {
                    readers.computeIfAbsent(v, k -> new LinkedHashSet<>()).add(group);
                }
            }
        }
        for (var groups : readers.values()) {
            var list = groups.stream().filter(g -> !g.nodes.isEmpty()).toList();
            for (int i = 1; i < list.size(); i++) {
                for (int k = 0; k < i; k++) {
                    tryMergeSiblings(list.get(k), list.get(i));
                }
            }
        }
    }

    private void tryMergeSiblings(Group a, Group b) {
        boolean there = !a.nodes.isEmpty() && !b.nodes.isEmpty();
        var both =
                there
                        ? a.domain.orElseThrow().and(b.domain.orElseThrow())
                        : Optional.<Domain>empty();
        if (both.isPresent()
                && !a.before.get(b.id)
                && !b.before.get(a.id)
                && a.nodes.size() + b.nodes.size() <= MAX_NODES) {
            merge(a, b);
            a.domain = both;
        }
    }

    /** Whether elements are read one by one, by an op or a total. */
    private boolean isPlain(Value v, Node<?> reader) {
        return PlanNodes.fuses(v.node())
                && (PlanNodes.totals(reader)
                        || PlanNodes.fuses(reader) && v.shape().equals(reader.out().shape()));
    }

    private boolean join(Value v, Node<?> reader) {
        var a = groupOf.get(v.node());
        var b = groupOf.get(reader);
        if (a == null || a == b || a.nodes.size() + b.nodes.size() > MAX_NODES) {
            return false;
        }
        var both = a.domain.flatMap(d -> b.domain.flatMap(d::and));
        boolean fits = both.isPresent() && isHeld(a, both.get()) && isHeld(b, both.get());
        if (!fits || joinedFromOutside(a, b) || !isReadOnTheWay(a, b, both.get())) {
            return false;
        }
        merge(a, b);
        a.domain = both;
        return true;
    }

    /** Whether all of a group can be part of the domain: a total of numbers of lines cannot. */
    private static boolean isHeld(Group group, Domain domain) {
        return !domain.holds(group.domain.orElseThrow())
                || group.nodes.stream().noneMatch(PlanNodes::totals);
    }

    /** Whether some third group lies on a path from {@code a} to {@code b}. */
    private boolean joinedFromOutside(Group a, Group b) {
        for (int i = b.before.nextSetBit(0); i >= 0; i = b.before.nextSetBit(i + 1)) {
            if (all.get(i).before.get(a.id)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether all that {@code b} needs of {@code a} is there on the way: no total, which comes at a
     * kernel's end, and nothing of another shape, such as sums of lines with their axis gone.
     */
    private boolean isReadOnTheWay(Group a, Group b, Domain domain) {
        return b.nodes.stream()
                .flatMap(n -> n.inputs().stream())
                .filter(v -> groupOf.get(v.node()) == a)
                .allMatch(
                        v ->
                                !PlanNodes.totals(v.node())
                                        && (v.shape().equals(domain.shape())
                                                || v.shape().equals(domain.narrow())));
    }

    private void merge(Group a, Group b) {
        a.nodes.addAll(b.nodes);
        b.nodes.forEach(n -> groupOf.put(n, a));
        b.nodes.clear();
        a.before.or(b.before);
        a.before.clear(a.id);
        a.rank = Math.max(a.rank, b.rank);
        for (var group : all) {
            if (group.before.get(b.id) || group.before.get(a.id)) {
                group.before.or(a.before);
                group.before.set(a.id);
                group.before.clear(b.id);
            }
        }
        a.before.clear(a.id);
    }

    /** A group without nodes that runs after everything it is told to. */
    Group add() {
        var group = new Group(all.size(), all.size());
        all.add(group);
        return group;
    }

    /** Makes {@code second} run after {@code first}; the caller knows that this makes no cycle. */
    void order(Group first, Group second) {
        if (first == second || second.before.get(first.id)) {
            return;
        }
        second.before.or(first.before);
        second.before.set(first.id);
        for (var group : all) {
            if (group.before.get(second.id)) {
                group.before.or(second.before);
            }
        }
    }

    List<Group> all() {
        return all.stream().filter(g -> !g.nodes.isEmpty() || !g.kernels.isEmpty()).toList();
    }

    /** The groups in an executable order, otherwise as the graph has them. */
    List<Group> sorted() {
        var groups = all();
        var waiting = new IdentityHashMap<Group, Integer>();
        var followers = new HashMap<Integer, List<Group>>();
        var ready = new PriorityQueue<Group>((a, b) -> Integer.compare(a.rank, b.rank));
        for (var group : groups) {
            int count = group.before.cardinality();
            waiting.put(group, count);
            group.before.stream()
                    .forEach(i -> followers.computeIfAbsent(i, k -> new ArrayList<>()).add(group));
            if (count == 0) {
                ready.add(group);
            }
        }
        var order = new ArrayList<Group>();
        while (!ready.isEmpty()) {
            var group = ready.remove();
            order.add(group);
            for (var next : followers.getOrDefault(group.id, List.of())) {
                if (waiting.merge(next, -1, Integer::sum) == 0) {
                    ready.add(next);
                }
            }
        }
        if (order.size() != groups.size()) {
            throw new IllegalStateException("the plan has a cycle");
        }
        return order;
    }
}
