package jane.nn;

import jane.ir.ShapeException;
import jane.tensor.Parameter;
import jane.tensor.Tensor;

/**
 * {@code y = x Wᵀ + b}.
 *
 * <p><b>Shapes.</b> x (..., in), W (out, in), b (out), y (..., out). <b>Init.</b> U(±1/sqrt(in)).
 */
public final class Linear extends Layer {
    private final int in;
    private final int out;
    private final Parameter weight;
    private final Parameter bias;

    /** From {@code in} features to {@code out}. */
    public Linear(int in, int out) {
        if (in < 1 || out < 1) {
            throw new ShapeException("Linear", "sizes %d -> %d; need 1 or more", in, out);
        }
        this.in = in;
        this.out = out;
        weight = param("weight", Init.uniform(in, out, in));
        bias = param("bias", Init.uniform(in, out));
    }

    @Override
    public Tensor forward(Tensor x) {
        requireLast(x, in);
        if (x.shape().rank() == 1) {
            return forward(x.reshape(1, in)).reshape(out);
        }
        return x.matmul(weight, false, true).add(bias);
    }

    @Override
    public String describe() {
        return "Linear(" + in + " -> " + out + ")";
    }
}
