package jane.nn;

import jane.tensor.Tensor;

/** {@code 1 / (1 + e^-x)}. Shapes: y as x. */
public final class Sigmoid extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.sigmoid();
    }
}
