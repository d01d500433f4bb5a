package jane.compile;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Identities that hold bit for bit, for NaN, infinities and both zeros too:
 *
 * <pre>
 * x * 1, x / 1, x - 0                          ->  x        (not x + 0: -0 + 0 is +0)
 * x -> transpose p -> transpose q              ->  x -> transpose p then q; x if that is no change
 * x fp16 -> cast fp32 -> cast fp16             ->  x        (not the other way round)
 * x -> relu -> relu, x -> abs -> abs           ->  x -> relu, x -> abs
 * </pre>
 */
final class Identities {
    /** Whether an op made a value that may be looked behind. */
    private final BiPredicate<Op<?>, Value> madeBy;

    /** Whether a value is a constant scalar with this number. */
    interface Scalar {
        boolean is(Value v, double number);
    }

    private final Scalar scalar;

    Identities(BiPredicate<Op<?>, Value> madeBy, Scalar scalar) {
        this.madeBy = madeBy;
        this.scalar = scalar;
    }

    /** What the node's only result is equal to; empty if none of these identities applies. */
    Optional<Value> of(Node<?> node) {
        var op = node.op();
        if (op == Elementwise.MUL) {
            return unit(node, 0, 1, 1).or(() -> unit(node, 1, 0, 1));
        }
        if (op == Elementwise.REAL_DIV) {
            return unit(node, 0, 1, 1);
        }
        if (op == Elementwise.SUB) {
            return unit(node, 0, 1, 0).filter(x -> isPositiveZero(node.in(1)));
        }
        if (op == Movement.TRANSPOSE) {
            return transpose(node);
        }
        if (op == Logic.CAST) {
            return cast(node);
        }
        boolean twice = op == Activations.RELU || op == Elementwise.ABS;
        return twice && madeBy.test(op, node.in(0)) ? Optional.of(node.in(0)) : Optional.empty();
    }

    /** Operand {@code x} if the other is a scalar that changes nothing and gives no shape. */
    private Optional<Value> unit(Node<?> node, int x, int other, double neutral) {
        boolean same =
                scalar.is(node.in(other), neutral) && node.in(x).type().equals(node.out().type());
        return same ? Optional.of(node.in(x)) : Optional.empty();
    }

    private static boolean isPositiveZero(Value v) {
        return Double.doubleToRawLongBits(Leaf.data(v).get(0)) == 0;
    }

    private Optional<Value> transpose(Node<?> node) {
        var outer = order(node);
        var x = node.in(0);
        boolean joined = madeBy.test(Movement.TRANSPOSE, x);
        var perm = new ArrayList<Integer>();
        var inner = joined ? order(x.node()) : List.<Integer>of();
        outer.forEach(axis -> perm.add(joined ? inner.get(axis) : axis));
        var source = joined ? x.node().in(0) : x;
        boolean still = true;
        for (int i = 0; i < perm.size(); i++) {
            still &= perm.get(i) == i;
        }
        if (still) {
            return Optional.of(source);
        }
        return joined ? Optional.of(Movement.transpose(source, perm)) : Optional.empty();
    }

    private static List<Integer> order(Node<?> transpose) {
        var dims = ((Movement.Dims) transpose.attrs()).dims();
        int rank = dims.size();
        return dims.stream().map(axis -> axis < 0 ? axis + rank : axis).toList();
    }

    private Optional<Value> cast(Node<?> node) {
        var x = node.in(0);
        if (x.dtype() == node.out().dtype()) {
            return Optional.of(x);
        }
        boolean widened =
                madeBy.test(Logic.CAST, x)
                        && x.dtype() == DType.FP32
                        && x.node().in(0).dtype() == DType.FP16
                        && node.out().dtype() == DType.FP16;
        return widened ? Optional.of(x.node().in(0)) : Optional.empty();
    }
}
