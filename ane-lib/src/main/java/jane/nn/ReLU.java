package jane.nn;

import jane.tensor.Tensor;

/** {@code max(x, 0)}. Shapes: y as x. */
public final class ReLU extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.relu();
    }
}
