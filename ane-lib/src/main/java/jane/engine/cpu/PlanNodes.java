package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import jane.op.Slicing;
import java.util.Optional;
import java.util.Set;

/**
 * What the plan makes of a node: nothing but other strides, part of a fused kernel, or a kernel.
 */
final class PlanNodes {
    private static final Set<Op<?>> REDUCTIONS =
            Set.of(
                    Reductions.REDUCE_SUM,
                    Reductions.REDUCE_MEAN,
                    Reductions.REDUCE_MAX,
                    Reductions.REDUCE_MIN);

    private PlanNodes() {}

    /** Whether a fused kernel computes the node. */
    static boolean fuses(Node<?> node) {
        return Instructions.has(node) && !isView(node);
    }

    /** Whether the node makes one number of all elements of its operand: a fused kernel can. */
    static boolean totals(Node<?> node) {
        return reduces(node)
                && node.out().dtype().isFloat()
                && node.out().shape().size() == 1
                && node.in(0).shape().size() > 0;
    }

    /** Whether there is a kernel for the reduction that the node is. */
    static boolean reduces(Node<?> node) {
        return REDUCTIONS.contains(node.op());
    }

    /**
     * Gives totals an operand of their own where it costs one step only and others read it too:
     * {@code sum(square(g))} then reads g once and stores nothing, and whoever else squares g does
     * so on the way.
     */
    static Graph withOwnOperands(Graph graph) {
        var readers = graph.readers();
        return Rewriter.rewrite(
                graph,
                node -> {
                    if (!totals(node) || readers.getOrDefault(node.in(0), 1) == 1) {
                        return node.outputs();
                    }
                    var operand = node.in(0).node();
                    boolean cheap = operand.op() == Elementwise.SQUARE;
                    cheap |= operand.op() == Elementwise.ABS;
                    return cheap && fuses(operand)
                            ? node.withInputs(operand.withInputs(operand.inputs()).outputs())
                                    .outputs()
                            : node.outputs();
                });
    }

    /** Whether the result is another view of an operand (or of a constant), without a kernel. */
    static boolean isView(Node<?> node) {
        var op = node.op();
        return op == Leaf.CONST
                || op == Movement.FILL
                || op == Movement.RESHAPE
                || op == Movement.TRANSPOSE
                || op == Slicing.SLICE && ((Slicing.Slice) node.attrs()).isPlain()
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
