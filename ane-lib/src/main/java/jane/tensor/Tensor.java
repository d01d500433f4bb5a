package jane.tensor;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An n-dimensional array whose values are fixed at creation. Operations build a graph and compute
 * nothing; looking ({@link #item}, {@link #toArray}, {@link #toString}) compiles and runs what is
 * needed and keeps the result. Operations are listed in {@link TensorOps}, ways to make tensors in
 * {@link TensorFactory}.
 *
 * <p><b>dtype.</b> fp32 by default; Java numbers take the tensor's dtype; there is no implicit
 * promotion. <b>Errors.</b> {@link ShapeException} at the operation that does not fit.
 */
public sealed class Tensor extends TensorOps permits Parameter {
    private final boolean tracked;
    private final Optional<Parameter> owner;
    private Value value;
    private List<Capture.Leaf> links;
    private Optional<Buffer> data = Optional.empty();
    private Optional<Tensor> grad = Optional.empty();

    Tensor(Value value, List<Capture.Leaf> links, boolean tracked) {
        this(value, links, tracked, Optional.empty());
    }

    private Tensor(
            Value value, List<Capture.Leaf> links, boolean tracked, Optional<Parameter> owner) {
        this.value = value;
        this.links = links;
        this.tracked = tracked;
        this.owner = owner;
    }

    /**
     * The tensor that {@code value} stands for.
     *
     * @param operands the tensors whose {@link #value} it was built from
     */
    public static Tensor made(Value value, Tensor... operands) {
        var links = new ArrayList<Capture.Leaf>(operands.length);
        boolean tracked = false;
        for (var t : operands) {
            var operand = t.operand();
            links.add(new Capture.Leaf(operand, operand.value()));
            tracked |= operand.isTracked();
        }
        return new Tensor(value, List.copyOf(links), tracked && value.dtype().isFloat());
    }

    /** A tensor with these contents; {@code data} is owned by it from now on. */
    public static Tensor holding(Buffer data) {
        return known(data, false, Optional.empty());
    }

    /** Stands for values that a program will be given; it cannot be looked at. */
    public static Tensor placeholder(TensorType type) {
        return new Tensor(Leaf.input(type), List.of(), false);
    }

    static Tensor version(Parameter parameter, Buffer memory) {
        return known(memory, parameter.trainable(), Optional.of(parameter));
    }

    private static Tensor known(Buffer data, boolean tracked, Optional<Parameter> owner) {
        var t = new Tensor(Leaf.input(data.type()), List.of(), tracked, owner);
        t.data = Optional.of(data);
        return t;
    }

    /** Element type and shape. */
    public final TensorType type() {
        return value.type();
    }

    /** Dimensions, outermost first. */
    public final Shape shape() {
        return value.shape();
    }

    /** Element type. */
    public final DType dtype() {
        return value.dtype();
    }

    /** The graph value that stands for this tensor in what is built from it. */
    public Value value() {
        return value;
    }

    /** This tensor, or the present version of a parameter. */
    public Tensor operand() {
        return this;
    }

    /** The parameter whose version this is. */
    public final Optional<Parameter> owner() {
        return owner;
    }

    /** Whether gradients flow to or through it. */
    public final boolean isTracked() {
        return tracked;
    }

    /** The same values as a leaf that {@link #backward} gives a gradient. */
    public final Tensor requiresGrad() {
        if (!dtype().isFloat()) {
            throw new ShapeException(
                    "requiresGrad", "%s has no gradients; need fp16 or fp32: cast first", dtype());
        }
        return known(lasting(), true, Optional.empty());
    }

    /** The gradient that {@link #backward} accumulated; empty before, and after zeroing. */
    public final Optional<Tensor> grad() {
        return grad;
    }

    /** Forgets the gradient. */
    public final void zeroGrad() {
        grad = Optional.empty();
    }

    /**
     * Adds the gradient of this scalar to {@link #grad} of every leaf it was made from. Call {@link
     * #zeroGrad} between steps.
     */
    public final void backward() {
        var leaves =
                Capture.leaves(List.of(this)).stream()
                        .map(Capture.Leaf::tensor)
                        .filter(Tensor::isTracked)
                        .toList();
        if (leaves.isEmpty()) {
            throw new JaneException(
                    "backward",
                    "nothing this value is made of wants a gradient; call requiresGrad() on a"
                            + " tensor, or use a Parameter");
        }
        var gradients = Grad.of(this, leaves);
        Session.current().evaluator().evaluate(gradients);
        for (int i = 0; i < leaves.size(); i++) {
            Tensor leaf = leaves.get(i).owner.<Tensor>map(p -> p).orElse(leaves.get(i));
            leaf.accumulate(gradients.get(i).detach());
        }
    }

    private void accumulate(Tensor gradient) {
        grad = Optional.of(grad.map(g -> g.add(gradient).eval()).orElse(gradient));
    }

    /** The same values without history: no gradient flows through. */
    public final Tensor detach() {
        if (isComputed()) {
            return holding(lasting());
        }
        var from = operand();
        var stopped = jane.op.Elementwise.stopGradient(from.value());
        return new Tensor(stopped, List.of(new Capture.Leaf(from, from.value())), false);
    }

    /** Computes now. */
    public final Tensor eval() {
        buffer();
        return this;
    }

    /** The memory with the values, computed if need be. Not to be written. */
    public Buffer buffer() {
        if (data.isEmpty()) {
            Session.current().evaluator().evaluate(List.of(this));
        }
        return data.orElseThrow();
    }

    /** The value of a tensor with one element. */
    public final double item() {
        if (shape().size() != 1) {
            throw new ShapeException(
                    "item",
                    "shape %s has %d elements; need one: sum() or mean() it, or use get()",
                    shape(),
                    shape().size());
        }
        return buffer().get(0);
    }

    /** The element at these indices; negative counts from the end. */
    public final double get(int... index) {
        if (index.length != shape().rank()) {
            throw new ShapeException(
                    "get",
                    "%d indices for shape %s; need %d",
                    index.length,
                    shape(),
                    shape().rank());
        }
        int flat = 0;
        for (int i = 0; i < index.length; i++) {
            int dim = shape().dim(i);
            int at = index[i] < 0 ? index[i] + dim : index[i];
            if (at < 0 || at >= dim) {
                throw new ShapeException(
                        "get",
                        "index %d on axis %d of shape %s; need %d to %d",
                        index[i],
                        i,
                        shape(),
                        -dim,
                        dim - 1);
            }
            flat = flat * dim + at;
        }
        return buffer().get(flat);
    }

    /** The elements in row-major order, a copy. */
    public final float[] toArray() {
        var out = new float[shape().size()];
        buffer().get(out);
        return out;
    }

    /** The values as a table, summarised when there are many. */
    @Override
    public String toString() {
        return TensorPrinter.print(this);
    }

    /** The values in memory that no training step writes. */
    Buffer lasting() {
        return owner.isPresent() ? Parameter.copy(buffer()) : buffer();
    }

    /** Whether the values are known: given, or computed already. */
    public boolean isComputed() {
        return data.isPresent();
    }

    final List<Capture.Leaf> links() {
        return links;
    }

    /** Takes the computed values and, unless a gradient may want it, drops the history. */
    final void computed(Buffer buffer) {
        data = Optional.of(buffer);
        if (!tracked && !links.isEmpty()) {
            links = List.of();
            value = Leaf.input(buffer.type());
        }
    }
}
