package jane.compile;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Rewriter;
import jane.ir.Shape;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Rewrites that change no bit of any result: {@link Identities}, a reshape of a reshape, and an
 * operand stretched to a shape that it would broadcast to by itself.
 *
 * <pre>
 * before:  x [2, 6] -> reshape [3, 4] -> reshape [12] -> maximum <- fill [12] of 0.1
 * after:   x [2, 6] -> reshape [12] -> maximum <- const 0.1
 * </pre>
 */
final class Simplify {
    /** Ops whose operands broadcast. */
    private static final Set<Object> BROADCASTING =
            Set.of(
                    Elementwise.ADD,
                    Elementwise.SUB,
                    Elementwise.MUL,
                    Elementwise.REAL_DIV,
                    Elementwise.MAXIMUM,
                    Elementwise.MINIMUM,
                    Elementwise.POW,
                    Logic.SELECT);

    /** The inputs, which any op may have made: what lies behind them must not be looked at. */
    private final Set<Value> inputs = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Identities identities = new Identities(this::madeBy, this::isScalar);

    private Simplify() {}

    static Graph apply(Graph graph) {
        var rules = new Simplify();
        graph.inputs().forEach(p -> rules.inputs.add(p.value()));
        return Rewriter.rewrite(graph, rules::node);
    }

    private boolean madeBy(Op<?> op, Value v) {
        return v.node().op() == op && !inputs.contains(v);
    }

    private List<Value> node(Node<?> node) {
        var fresh = BROADCASTING.contains(node.op()) ? unstretched(node) : node;
        var same = identities.of(fresh);
        if (same.isPresent()) {
            return List.of(same.orElseThrow());
        }
        if (fresh.op() == Movement.RESHAPE) {
            return List.of(reshape(fresh));
        }
        return fresh.outputs();
    }

    private Value reshape(Node<?> node) {
        var x = node.in(0);
        while (madeBy(Movement.RESHAPE, x)) {
            x = x.node().in(0);
        }
        if (madeBy(Movement.FILL, x)) {
            var fill = (Movement.Fill) x.node().attrs();
            return Movement.fill(node.out().type(), fill.value());
        }
        return x == node.in(0) && !x.shape().equals(node.out().shape())
                ? node.out()
                : Movement.reshape(x, node.out().shape());
    }

    /** Operands as small as they may be while the others still give the result its shape. */
    private Node<?> unstretched(Node<?> node) {
        var operands = new ArrayList<>(node.inputs());
        for (int i = 0; i < operands.size(); i++) {
            var kept = operands.set(i, smaller(operands.get(i)));
            if (!shape(operands).equals(node.out().shape())) {
                operands.set(i, kept);
            }
        }
        return operands.equals(node.inputs()) ? node : node.withInputs(operands);
    }

    /** A filled tensor as its scalar, and {@code x} for an x stretched by a product with ones. */
    private Value smaller(Value v) {
        if (madeBy(Movement.FILL, v)) {
            return scalar(v);
        }
        if (madeBy(Elementwise.MUL, v)) {
            for (int i = 0; i < 2; i++) {
                var factor = v.node().in(i);
                if (madeBy(Movement.FILL, factor) && isScalar(scalar(factor), 1)) {
                    return v.node().in(1 - i);
                }
            }
        }
        return v;
    }

    private static Value scalar(Value filled) {
        var fill = (Movement.Fill) filled.node().attrs();
        return Leaf.scalar(fill.type().dtype(), fill.value());
    }

    private static Shape shape(List<Value> operands) {
        var shape = Shape.SCALAR;
        for (var in : operands) {
            shape = Shape.broadcast(shape, in.shape(), "simplify");
        }
        return shape;
    }

    private boolean isScalar(Value v, double x) {
        return madeBy(Leaf.CONST, v) && v.shape().rank() == 0 && Leaf.data(v).get(0) == x;
    }
}
