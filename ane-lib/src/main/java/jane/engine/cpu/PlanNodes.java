package jane.engine.cpu;

import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Movement;
import java.util.Optional;

/**
 * What the plan makes of a node: nothing but other strides, part of a fused kernel, or a kernel.
 */
final class PlanNodes {
    private PlanNodes() {}

    /** Whether a fused kernel computes the node. */
    static boolean fuses(Node<?> node) {
        return Instructions.has(node) && !isView(node);
    }

    /** Whether the result is another view of an operand (or of a constant), without a kernel. */
    static boolean isView(Node<?> node) {
        var op = node.op();
        return op == Leaf.CONST
                || op == Movement.FILL
                || op == Movement.RESHAPE
                || op == Movement.TRANSPOSE
                || op == Movement.SLICE
                || op == Elementwise.IDENTITY && node.out().dtype().isInt()
                || stretched(node).isPresent();
    }

    /** The operand that {@code x * ones} only broadcasts. */
    static Optional<Value> stretched(Node<?> node) {
        if (node.op() != Elementwise.MUL || node.in(0) == node.in(1)) {
            return Optional.empty();
        }
        if (isOne(node.in(1))) {
            return Optional.of(node.in(0));
        }
        return isOne(node.in(0)) ? Optional.of(node.in(1)) : Optional.empty();
    }

    private static boolean isOne(Value v) {
        if (v.node().attrs() instanceof Movement.Fill fill) {
            return fill.value() == 1;
        }
        return v.isConst() && v.shape().rank() == 0 && Leaf.data(v).get(0) == 1;
    }
}
