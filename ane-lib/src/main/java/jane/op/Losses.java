package jane.op;

import static jane.op.Elementwise.exp;
import static jane.op.Elementwise.log;
import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.sub;

import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;

/** Losses that are worth a gradient rule of their own. C: classes, the last axis. */
public final class Losses {
    private static final List<Integer> LAST = List.of(-1);

    /**
     * {@code -sum(target * log softmax(logits))} over the last axis, in the form that neither
     * overflows nor takes the log of 0. Shapes: logits and target (..., C), loss (...).
     */
    public static final Op<NoAttrs> CROSS_ENTROPY =
            OpDef.<NoAttrs>named("cross_entropy")
                    .type((a, in) -> List.of(type(in.get(0), in.get(1))))
                    .vjp(Losses::vjp)
                    .lower(2, n -> Reductions.sum(terms(n.in(0), n.in(1)), LAST, false))
                    .reference((a, in, out) -> loop(in.get(0), in.get(1), out))
                    .flops(n -> 6L * n.in(0).shape().size())
                    .build();

    static final List<Op<?>> ALL = List.of(CROSS_ENTROPY);

    private Losses() {}

    /**
     * Cross-entropy of each row.
     *
     * @param logits (..., C), before any softmax
     * @param target (..., C), one-hot or any weights
     */
    public static Value crossEntropy(Value logits, Value target) {
        return Elementwise.apply(CROSS_ENTROPY, logits, target);
    }

    /**
     * Binary cross-entropy of each logit: {@code max(z, 0) - z t + log(1 + e^-|z|)}, which is
     * {@code -t log s - (1-t) log(1-s)} of s = sigmoid(z), in the form that never overflows.
     *
     * @param logits z, before any sigmoid
     * @param target t, of the same shape, 0 to 1
     */
    public static Value binaryCrossEntropy(Value logits, Value target) {
        if (!logits.shape().equals(target.shape())) {
            throw new ShapeException(
                    "binary_cross_entropy",
                    "logits %s and target %s; need the same shape",
                    logits.shape(),
                    target.shape());
        }
        var zero = Leaf.scalar(logits.dtype(), 0);
        // maximum and not relu: its gradient at 0 is 1/2, which sigmoid(0) - t needs
        var linear = sub(Elementwise.maximum(logits, zero), mul(logits, target));
        var tail = log(Elementwise.shift(exp(Elementwise.neg(Elementwise.abs(logits))), 1));
        return Elementwise.add(linear, tail);
    }

    private static TensorType type(TensorType logits, TensorType target) {
        String op = "cross_entropy";
        Types.floats(op, logits);
        Types.sameDtype(op, logits, target);
        Shape shape = logits.shape();
        if (!shape.equals(target.shape()) || shape.rank() < 1 || shape.dim(-1) < 1) {
            throw new ShapeException(
                    op,
                    "logits %s and target %s; need the same shape (..., C): labels as one-hot",
                    shape,
                    target.shape());
        }
        return logits.as(shape.slice(0, shape.rank() - 1));
    }

    /** {@code -log softmax(x)} over the last axis. */
    private static Value surprise(Value x) {
        var z = sub(x, Reductions.max(x, LAST, true));
        return sub(log(Reductions.sum(exp(z), LAST, true)), z);
    }

    /** What each class adds to the loss; nothing where its target is 0, even at a logit of -inf. */
    private static Value terms(Value logits, Value target) {
        var zero = Leaf.scalar(target.dtype(), 0);
        return Logic.select(Logic.equal(target, zero), zero, mul(target, surprise(logits)));
    }

    private static List<Value> vjp(Node<NoAttrs> n, Value dy) {
        var logits = n.in(0);
        var target = n.in(1);
        var row = Movement.reshape(dy, logits.shape().with(-1, 1));
        var mass = Reductions.sum(target, LAST, true);
        var dlogits = sub(mul(Activations.softmax(logits, -1), mass), target);
        return List.of(mul(row, dlogits), mul(row, surprise(logits)));
    }

    private static void loop(Dense logits, Dense target, Dense loss) {
        int classes = logits.shape().dim(-1);
        for (int i = 0; i < loss.data().length; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                max = Math.max(max, logits.get(i * classes + c));
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(logits.get(i * classes + c) - max);
            }
            for (int c = 0; c < classes; c++) {
                double z = logits.get(i * classes + c) - max;
                double weight = target.get(i * classes + c);
                loss.data()[i] += weight == 0 ? 0 : weight * (Math.log(sum) - z);
            }
        }
    }
}
