package jane.op;

import jane.ir.Node;
import jane.ir.ShapeException;
import jane.ir.Topology;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reverse mode: cotangents passed from results back to what they depend on. */
public final class Reverse {
    private final Set<Value> active = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Value, Value> cotangents = new IdentityHashMap<>();

    private Reverse() {}

    /**
     * Vector-Jacobian products: the gradients of {@code sum(dy * y)} over all of {@code ys}.
     *
     * @param dys one cotangent per y, of its type
     * @param xs values that the ys may depend on
     * @param cut values behind which nothing is looked at
     * @return for each x its cotangent; none where no y depends on it
     */
    public static List<Optional<Value>> run(
            List<Value> ys, List<Value> dys, List<Value> xs, Set<Value> cut) {
        var reverse = new Reverse();
        reverse.active.addAll(xs);
        var order = Topology.order(ys, cut);
        order.forEach(reverse::activate);
        for (int i = 0; i < ys.size(); i++) {
            reverse.add(ys.get(i), dys.get(i));
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            if (cut.stream().noneMatch(order.get(i).outputs()::contains)) {
                reverse.backward(order.get(i));
            }
        }
        return xs.stream().map(x -> Optional.ofNullable(reverse.cotangents.get(x))).toList();
    }

    /** The gradient of a node that is defined by others: that of its definition. */
    static <A> List<Value> through(
            Node<A> node, Function<Node<A>, List<Value>> definition, List<Value> dy) {
        var inputs = new ArrayList<Value>();
        var seen = new HashSet<Value>();
        for (var x : node.inputs()) {
            // a second use of a value gets a node of its own, and so a cotangent of its own
            inputs.add(seen.add(x) ? x : Elementwise.identity(x));
        }
        var fresh = inputs.equals(node.inputs()) ? node : node.withInputs(inputs);
        var xs = inputs.stream().filter(x -> x.dtype().isFloat()).toList();
        var dx = run(definition.apply(fresh), dy, xs, new HashSet<>(inputs));
        var all = new ArrayList<Value>();
        for (var x : inputs) {
            boolean real = x.dtype().isFloat();
            var found = real ? dx.get(xs.indexOf(x)) : Optional.of(x); // no float: ignored
            all.add(found.orElseGet(() -> Elementwise.zerosLike(x)));
        }
        return all;
    }

    private void activate(Node<?> node) {
        boolean depends = node.inputs().stream().anyMatch(active::contains);
        if (depends && node.op().differentiable()) {
            node.outputs().stream().filter(v -> v.dtype().isFloat()).forEach(active::add);
        }
    }

    private void backward(Node<?> node) {
        boolean reached =
                node.outputs().stream()
                        .anyMatch(v -> active.contains(v) && cotangents.containsKey(v));
        if (!reached || !node.op().differentiable()) {
            return;
        }
        var dy =
                node.outputs().stream()
                        .map(v -> cotangents.containsKey(v) ? cotangents.get(v) : zeros(v))
                        .toList();
        var dx = node.vjp(dy);
        for (int i = 0; i < node.inputs().size(); i++) {
            var x = node.in(i);
            if (active.contains(x)) {
                check(node, x, dx.get(i));
                add(x, dx.get(i));
            }
        }
    }

    private void add(Value x, Value dx) {
        cotangents.merge(x, dx, Elementwise::add);
    }

    /** A result that nothing reads: no float takes part, since its entry is ignored. */
    private static Value zeros(Value v) {
        return v.dtype().isFloat() ? Elementwise.zerosLike(v) : v;
    }

    private static void check(Node<?> node, Value x, Value dx) {
        if (!dx.type().equals(x.type())) {
            throw new ShapeException(
                    node.op().name(),
                    "its gradient rule gave %s for an input of %s; need the same type",
                    dx.type(),
                    x.type());
        }
    }
}
