package jane.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The order in which values can be computed. */
public final class Topology {
    private Topology() {}

    /**
     * The nodes that {@code outputs} need, each after what it reads. Depth-first with a stack of
     * its own: graphs can be deeper than Java's.
     *
     * @param cut values that are given: what lies behind them is left out
     */
    public static List<Node<?>> order(List<Value> outputs, Set<Value> cut) {
        Set<Node<?>> done = Collections.newSetFromMap(new IdentityHashMap<>());
        var order = new ArrayList<Node<?>>();
        var stack = new ArrayDeque<Visit>();
        for (var out : outputs) {
            if (!cut.contains(out) && done.add(out.node())) {
                stack.push(new Visit(out.node()));
            }
            while (!stack.isEmpty()) {
                var visit = stack.peek();
                if (visit.next == visit.node.inputs().size()) {
                    order.add(stack.pop().node);
                    continue;
                }
                var in = visit.node.in(visit.next++);
                if (!cut.contains(in) && done.add(in.node())) {
                    stack.push(new Visit(in.node()));
                }
            }
        }
        return order;
    }

    /** A node and how many of its inputs have been looked at. */
    private static final class Visit {
        final Node<?> node;
        int next;

        Visit(Node<?> node) {
            this.node = node;
        }
    }
}
