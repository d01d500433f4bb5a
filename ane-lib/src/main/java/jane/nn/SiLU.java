package jane.nn;

import jane.tensor.Tensor;

/** {@code x * sigmoid(x)}. Shapes: y as x. */
public final class SiLU extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.silu();
    }
}
