package jane.nn;

import jane.tensor.Tensor;

/** {@code [N, ...]} to {@code [N, everything else]}. */
public final class Flatten extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.flatten();
    }
}
