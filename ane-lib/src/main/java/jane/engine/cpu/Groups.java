package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Cuts a graph into groups: elementwise ops over one shape, and sums and the like over all of it,
 * go together where no path leaves a group and comes back; every other node is a group of its own.
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
        for (boolean onlyReader : new boolean[] {true, false}) {
            for (int i = graph.nodes().size() - 1; i >= 0; i--) {
                var node = graph.nodes().get(i);
                node.inputs().forEach(v -> tryMerge(v, node, onlyReader));
            }
        }
        all.forEach(g -> g.nodes.clear());
        graph.nodes().forEach(n -> groupOf.get(n).nodes.add(n)); // in the graph's order again
    }

    Group of(Node<?> node) {
        return groupOf.get(node);
    }

    private void tryMerge(Value v, Node<?> reader, boolean onlyReader) {
        var a = groupOf.get(v.node());
        var b = groupOf.get(reader);
        boolean fits =
                a != null
                        && a != b
                        && readers.get(v) == 1 == onlyReader
                        && PlanNodes.fuses(v.node())
                        && (PlanNodes.totals(reader)
                                || PlanNodes.fuses(reader)
                                        && v.shape().equals(reader.out().shape()))
                        && a.nodes.size() + b.nodes.size() <= MAX_NODES;
        if (fits && !joinedFromOutside(a, b) && !readsTotalOf(a, b)) {
            merge(a, b);
        }
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

    /** Whether {@code b} needs a total of {@code a}, which is there only after a kernel's end. */
    private boolean readsTotalOf(Group a, Group b) {
        return b.nodes.stream()
                .flatMap(n -> n.inputs().stream())
                .anyMatch(v -> groupOf.get(v.node()) == a && PlanNodes.totals(v.node()));
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
