package jane.tensor;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.ShapeException;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Indexing;
import jane.op.Joining;
import jane.op.Logic;
import jane.op.Losses;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Pooling;
import jane.op.Reductions;
import jane.op.Slicing;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The operations of a {@link Tensor}. Two operands broadcast by NumPy's rule and share one dtype;
 * negative axes count from the end.
 */
public abstract class TensorOps extends TensorFactory {
    TensorOps() {}

    // --- arithmetic

    /** {@code this + other}. */
    public final Tensor add(Tensor other) {
        return with(other, Elementwise::add);
    }

    /** {@code this + other}. */
    public final Tensor add(double other) {
        return map(x -> Elementwise.shift(x, other));
    }

    /** {@code this - other}. */
    public final Tensor sub(Tensor other) {
        return with(other, Elementwise::sub);
    }

    /** {@code this - other}. */
    public final Tensor sub(double other) {
        return map(x -> Elementwise.sub(x, Leaf.scalar(x.dtype(), other)));
    }

    /** {@code this * other}, element by element. */
    public final Tensor mul(Tensor other) {
        return with(other, Elementwise::mul);
    }

    /** {@code this * other}. */
    public final Tensor mul(double other) {
        return map(x -> Elementwise.scale(x, other));
    }

    /** {@code this / other}. */
    public final Tensor div(Tensor other) {
        return with(other, Elementwise::div);
    }

    /** {@code this / other}. */
    public final Tensor div(double other) {
        return map(x -> Elementwise.div(x, Leaf.scalar(x.dtype(), other)));
    }

    /** {@code -this}. */
    public final Tensor neg() {
        return map(Elementwise::neg);
    }

    /** {@code this ^ exponent}. */
    public final Tensor pow(double exponent) {
        return map(x -> Elementwise.pow(x, Leaf.scalar(x.dtype(), exponent)));
    }

    /** {@code this ^ exponent}, element by element. */
    public final Tensor pow(Tensor exponent) {
        return with(exponent, Elementwise::pow);
    }

    /** The larger of both. */
    public final Tensor maximum(Tensor other) {
        return with(other, Elementwise::maximum);
    }

    /** The smaller of both. */
    public final Tensor minimum(Tensor other) {
        return with(other, Elementwise::minimum);
    }

    /** {@code |this|}. */
    public final Tensor abs() {
        return map(Elementwise::abs);
    }

    /** -1, 0 or 1. */
    public final Tensor sign() {
        return map(Elementwise::sign);
    }

    /** {@code this * this}. */
    public final Tensor square() {
        return map(Elementwise::square);
    }

    /** {@code e^this}. */
    public final Tensor exp() {
        return map(Elementwise::exp);
    }

    /** Natural logarithm. */
    public final Tensor log() {
        return map(Elementwise::log);
    }

    /** Square root. */
    public final Tensor sqrt() {
        return map(Elementwise::sqrt);
    }

    /** {@code 1 / sqrt(this + epsilon)}. */
    public final Tensor rsqrt(double epsilon) {
        return map(x -> Elementwise.rsqrt(x, epsilon));
    }

    /** {@code min(max(this, low), high)}. */
    public final Tensor clip(double low, double high) {
        return map(x -> Elementwise.clip(x, low, high));
    }

    // --- comparison and selection: bool results

    /** {@code this == other}. */
    public final Tensor eq(Tensor other) {
        return with(other, Logic::equal);
    }

    /** {@code this < other}. */
    public final Tensor lt(Tensor other) {
        return with(other, Logic::less);
    }

    /** {@code this > other}. */
    public final Tensor gt(Tensor other) {
        return with(other, Logic::greater);
    }

    /** {@code this > other}. */
    public final Tensor gt(double other) {
        return map(x -> Logic.greater(x, Leaf.scalar(x.dtype(), other)));
    }

    /** {@code this < other}. */
    public final Tensor lt(double other) {
        return map(x -> Logic.less(x, Leaf.scalar(x.dtype(), other)));
    }

    /** {@code this ? a : b} for a bool tensor. */
    public final Tensor where(Tensor a, Tensor b) {
        var cond = self();
        var x = a.operand();
        var y = b.operand();
        return Tensor.made(Logic.select(cond.value(), x.value(), y.value()), cond, x, y);
    }

    /** The same values as another element type: rounded, or truncated to an integer. */
    public final Tensor cast(DType dtype) {
        return map(x -> Logic.cast(x, dtype));
    }

    // --- activations

    /** {@code max(this, 0)}. */
    public final Tensor relu() {
        return map(Activations::relu);
    }

    /** {@code this * Phi(this)}, exact. */
    public final Tensor gelu() {
        return map(x -> Activations.gelu(x, Activations.GeluMode.EXACT));
    }

    /** {@code this * sigmoid(this)}. */
    public final Tensor silu() {
        return map(Activations::silu);
    }

    /** {@code 1 / (1 + e^-this)}. */
    public final Tensor sigmoid() {
        return map(Activations::sigmoid);
    }

    /** Hyperbolic tangent. */
    public final Tensor tanh() {
        return map(Activations::tanh);
    }

    /** The error function. */
    public final Tensor erf() {
        return map(Activations::erf);
    }

    /** Softmax over one axis. */
    public final Tensor softmax(int axis) {
        return map(x -> Activations.softmax(x, axis));
    }

    // --- reductions: without axes, over everything

    /** Sum over {@code axes}, which go. */
    public final Tensor sum(int... axes) {
        return map(x -> Reductions.sum(x, axes(x, axes), false));
    }

    /** Mean over {@code axes}, which go. */
    public final Tensor mean(int... axes) {
        return map(x -> Reductions.mean(x, axes(x, axes), false));
    }

    /** Largest over {@code axes}, which go. */
    public final Tensor max(int... axes) {
        return map(x -> Reductions.max(x, axes(x, axes), false));
    }

    /** Smallest over {@code axes}, which go. */
    public final Tensor min(int... axes) {
        return map(x -> Reductions.min(x, axes(x, axes), false));
    }

    // --- shape

    /** The same elements under another shape; one dimension may be -1. */
    public final Tensor reshape(int... dims) {
        return map(x -> Movement.reshape(x, Arrays.stream(dims).boxed().toList()));
    }

    /** {@code [N, ...]} as {@code [N, everything else]}. */
    public final Tensor flatten() {
        var shape = self().shape();
        if (shape.rank() < 1) {
            throw new ShapeException("flatten", "shape %s; need rank 1 or more", shape);
        }
        return reshape(shape.dim(0), shape.slice(1, shape.rank()).size());
    }

    /** The last two axes exchanged. */
    public final Tensor transpose() {
        return map(Movement::transpose);
    }

    /** Axes in another order: result axis i is axis {@code perm[i]}. */
    public final Tensor permute(int... perm) {
        return map(x -> Movement.transpose(x, Arrays.stream(perm).boxed().toList()));
    }

    /** Elements {@code begin} to {@code end} (exclusive) on one axis. */
    public final Tensor slice(int axis, int begin, int end) {
        return map(x -> Slicing.slice(x, axis, begin, end, 1));
    }

    /** A border of {@code value} on one axis. */
    public final Tensor pad(int axis, int before, int after, double value) {
        return map(x -> Padding.pad(x, axis, before, after, value));
    }

    /** This and others side by side along one axis. */
    public final Tensor concat(int axis, Tensor... others) {
        var all = new Tensor[others.length + 1];
        all[0] = self();
        for (int i = 0; i < others.length; i++) {
            all[i + 1] = others[i].operand();
        }
        var values = Arrays.stream(all).map(Tensor::value).toList();
        return Tensor.made(Joining.concat(values, axis), all);
    }

    /** Slices along one axis: int32 indices, whose shape takes the axis's place. */
    public final Tensor gather(Tensor indices, int axis) {
        return with(indices, (x, i) -> Indexing.gather(x, i, axis));
    }

    /** This with slices of {@code updates} added along one axis, at int32 indices of rank 1. */
    public final Tensor scatterAdd(Tensor indices, Tensor updates, int axis) {
        var x = self();
        var i = indices.operand();
        var u = updates.operand();
        return Tensor.made(Indexing.scatterAdd(x.value(), i.value(), u.value(), axis), x, i, u);
    }

    // --- contractions

    /**
     * (..., M, K) times (..., K, N); leading axes broadcast. A vector is one row, or one column.
     */
    public final Tensor matmul(Tensor other) {
        return with(other, Contraction::matmul);
    }

    /** As {@link #matmul(Tensor)}, each side with its last two axes exchanged first if so asked. */
    public final Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
        return with(other, (x, y) -> Contraction.matmul(x, y, transposeThis, transposeOther));
    }

    /**
     * Convolution of [N, Ci, H, W] with weight [Co, Ci, kH, kW]; stride and padding on all sides.
     */
    public final Tensor conv2d(Tensor weight, int stride, int pad) {
        return conv2d(weight, Convolution.Conv.of(stride, pad, 1, 1));
    }

    /** Convolution with every option. */
    public final Tensor conv2d(Tensor weight, Convolution.Conv attrs) {
        return with(weight, (x, w) -> Convolution.conv(x, w, attrs));
    }

    /** Largest of each square window of [N, C, H, W]. */
    public final Tensor maxPool2d(int kernel, int stride) {
        return map(x -> Pooling.maxPool(x, Pooling.Pool.of(kernel, stride, 0)));
    }

    /** Mean of each square window of [N, C, H, W]. */
    public final Tensor avgPool2d(int kernel, int stride) {
        return map(x -> Pooling.avgPool(x, Pooling.Pool.of(kernel, stride, 0)));
    }

    /** Cross-entropy of each row of logits (..., C) with one-hot targets of the same shape. */
    public final Tensor crossEntropy(Tensor target) {
        return with(target, Losses::crossEntropy);
    }

    /** Binary cross-entropy of each logit with a target of 0 to 1. Shapes: all three alike. */
    public final Tensor binaryCrossEntropy(Tensor target) {
        return with(target, Losses::binaryCrossEntropy);
    }

    private Tensor self() {
        return ((Tensor) this).operand();
    }

    private Tensor map(UnaryOperator<Value> f) {
        var x = self();
        return Tensor.made(f.apply(x.value()), x);
    }

    private Tensor with(Tensor other, BinaryOperator<Value> f) {
        var x = self();
        var y = other.operand();
        return Tensor.made(f.apply(x.value(), y.value()), x, y);
    }

    private static List<Integer> axes(Value x, int[] axes) {
        return axes.length == 0 ? Reductions.all(x.shape()) : Arrays.stream(axes).boxed().toList();
    }
}
