package jane.grad;

import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.ShapeException;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Movement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reverse mode: the graph of the gradients from the graph of a value. The result is made of
 * ordinary nodes, so it can be printed, compiled, and differentiated again.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * The gradients of a scalar.
     *
     * @param y one element, float
     * @param xs values that y may depend on; where it does not, the gradient is zeros
     * @return one value per x, of its shape
     */
    public static List<Value> of(Value y, List<Value> xs) {
        if (y.shape().size() != 1) {
            throw new ShapeException(
                    "gradient",
                    "the value to differentiate has shape %s; need one element: take its mean() or"
                            + " sum() first",
                    y.shape());
        }
        return of(y, Movement.fill(y.type(), 1), xs);
    }

    /**
     * Vector-Jacobian products: the gradients of {@code sum(dy * y)}.
     *
     * @param dy cotangent of y, of its type
     */
    public static List<Value> of(Value y, Value dy, List<Value> xs) {
        if (!y.dtype().isFloat() || !dy.type().equals(y.type())) {
            throw new ShapeException(
                    "gradient",
                    "value %s with cotangent %s; need one float type",
                    y.type(),
                    dy.type());
        }
        for (var x : xs) {
            if (!x.dtype().isFloat()) {
                throw new ShapeException(
                        "gradient",
                        "cannot differentiate by a value of %s; need fp16 or fp32",
                        x.type());
            }
        }
        Set<Value> active = Collections.newSetFromMap(new IdentityHashMap<>());
        active.addAll(xs);
        var order = Topology.order(List.of(y), Set.of());
        for (var node : order) {
            boolean depends = node.inputs().stream().anyMatch(active::contains);
            if (depends && node.op().differentiable()) {
                node.outputs().stream().filter(v -> v.dtype().isFloat()).forEach(active::add);
            }
        }
        Map<Value, Value> cotangent = new IdentityHashMap<>();
        cotangent.put(y, dy);
        for (int i = order.size() - 1; i >= 0; i--) {
            backward(order.get(i), active, cotangent);
        }
        return xs.stream().map(x -> cotangent.getOrDefault(x, Movement.fill(x.type(), 0))).toList();
    }

    private static void backward(Node<?> node, Set<Value> active, Map<Value, Value> cotangent) {
        boolean reached =
                node.outputs().stream()
                        .anyMatch(v -> active.contains(v) && cotangent.containsKey(v));
        if (!reached || !node.op().differentiable() || node.op() == Leaf.INPUT) {
            return;
        }
        var dy =
                node.outputs().stream()
                        .map(v -> cotangent.containsKey(v) ? cotangent.get(v) : zeros(v))
                        .toList();
        var dx = node.vjp(dy);
        for (int i = 0; i < node.inputs().size(); i++) {
            var x = node.in(i);
            if (active.contains(x)) {
                check(node, x, dx.get(i));
                cotangent.merge(x, dx.get(i), Elementwise::add);
            }
        }
    }

    private static Value zeros(Value v) {
        return Movement.fill(v.type(), 0);
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
