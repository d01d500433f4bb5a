package jane.nn;

import jane.tensor.Tensor;

/** Hyperbolic tangent. Shapes: y as x. */
public final class Tanh extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.tanh();
    }
}
