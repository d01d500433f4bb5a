package jane.engine.cpu;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Convolution;
import jane.op.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * An op of this engine's own, that stands for several of a program ({@link Idioms}). It has a type
 * and kernels, and nothing that only programs need.
 */
record PlanOp<A>(String name, TypeRule<A> type) implements Op<A> {
    /** The result's type. */
    interface TypeRule<A> {
        TensorType apply(A attrs, List<TensorType> inputs);
    }

    /** A convolution, a bias per channel, and perhaps a ReLU: x, weight, bias [1, Co, 1, 1]. */
    record Biased(Convolution.Conv conv, boolean relu) {}

    /**
     * A pooling's gradient: x, y and dy for a maximum, dy alone for a mean.
     *
     * @param image type of x
     * @param relu whether x is a ReLU's result and the gradient goes on through that
     */
    record PoolGradient(Pooling.Pool pool, boolean max, TensorType image, boolean relu) {}

    static final PlanOp<Biased> CONV_BIAS =
            new PlanOp<>(
                    "conv_bias",
                    (a, in) -> Convolution.CONV.infer(a.conv(), in.subList(0, 2)).get(0));

    static final PlanOp<PoolGradient> POOL_GRADIENT =
            new PlanOp<>("pool_gradient", (a, in) -> a.image());

    @Override
    public List<TensorType> infer(A attrs, List<TensorType> inputs) {
        return List.of(type.apply(attrs, inputs));
    }

    @Override
    public boolean differentiable() {
        return false;
    }

    @Override
    public List<Value> vjp(Node<A> node, List<Value> dy) {
        throw onlyPlanned();
    }

    @Override
    public Optional<jane.ir.Spelling<A>> spelling() {
        return Optional.empty();
    }

    @Override
    public List<Value> lower(Node<A> node) {
        return node.outputs();
    }

    @Override
    public void reference(A attrs, List<Dense> in, List<Dense> out) {
        throw onlyPlanned();
    }

    @Override
    public long flops(Node<A> node) {
        throw onlyPlanned();
    }

    private IllegalStateException onlyPlanned() {
        return new IllegalStateException(name + " is an op of a plan: it has kernels only");
    }
}
