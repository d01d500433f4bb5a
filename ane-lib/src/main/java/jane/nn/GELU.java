package jane.nn;

import jane.tensor.Tensor;

/** {@code x * Phi(x)}, exact. Shapes: y as x. */
public final class GELU extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.gelu();
    }
}
