package jane.nn;

import jane.ir.Shape;
import jane.tensor.Parameter;
import jane.tensor.Tensor;

/**
 * Layer normalisation: {@code y = (x - mean) / sqrt(var + eps) * weight + bias}, mean and (biased)
 * variance over the last axes of each sample by itself.
 *
 * <p><b>Shapes.</b> x (..., *size), weight and bias (*size), y as x. <b>Init.</b> Weight 1, bias 0.
 * <b>Source.</b> Ba, Kiros, Hinton, "Layer normalization", 2016.
 */
public final class LayerNorm extends Layer {
    private static final double EPSILON = 1e-5;

    private final Trailing size;
    private final double epsilon;
    private final Parameter weight;
    private final Parameter bias;

    /** Over the last axes, which have these sizes; eps 1e-5. */
    public LayerNorm(int... size) {
        this(Shape.of(size), EPSILON);
    }

    /** Over the last axes, which have this shape. */
    public LayerNorm(Shape size, double epsilon) {
        this.size = new Trailing("LayerNorm", size, epsilon);
        this.epsilon = epsilon;
        weight = param("weight", Tensor.full(1, size.toArray()));
        bias = param("bias", Tensor.zeros(size.toArray()));
    }

    @Override
    public Tensor forward(Tensor x) {
        size.require(describe(), x);
        var centered = x.sub(size.mean(x));
        var scale = size.mean(centered.square()).rsqrt(epsilon);
        return centered.mul(scale).mul(weight).add(bias);
    }

    @Override
    public String describe() {
        return "LayerNorm(" + size.text() + ")";
    }
}
