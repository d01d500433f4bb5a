package jane.nn;

import jane.ir.Shape;
import jane.tensor.Parameter;
import jane.tensor.Tensor;

/**
 * Root-mean-square normalisation: {@code y = x / sqrt(mean(x²) + eps) * weight}, over the last
 * axis.
 *
 * <p><b>Shapes.</b> x (..., size), weight (size), y as x. <b>Init.</b> Weight 1. <b>Source.</b>
 * Zhang, Sennrich, "Root mean square layer normalization", 2019.
 */
public final class RMSNorm extends Layer {
    private static final double EPSILON = 1e-5;

    private final Trailing size;
    private final double epsilon;
    private final Parameter weight;

    /** Over a last axis of {@code size}; eps 1e-5. */
    public RMSNorm(int size) {
        this(size, EPSILON);
    }

    /** Over a last axis of {@code size}. */
    public RMSNorm(int size, double epsilon) {
        this.size = new Trailing("RMSNorm", Shape.of(size), epsilon);
        this.epsilon = epsilon;
        weight = param("weight", Tensor.ones(size));
    }

    @Override
    public Tensor forward(Tensor x) {
        size.require(describe(), x);
        return x.mul(size.mean(x.square()).rsqrt(epsilon)).mul(weight);
    }

    @Override
    public String describe() {
        return "RMSNorm(" + size.text() + ")";
    }
}
