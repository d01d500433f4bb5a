package jane.nn;

import jane.ir.ShapeException;
import jane.tensor.Tensor;

/**
 * {@code y = x + f(x)}: a shortcut around layers that keep the shape.
 *
 * <p><b>Shapes.</b> y as x. <b>Source.</b> He et al., "Deep residual learning", 2015.
 */
public final class Residual extends Layer {
    private final Layer inner;

    /** A shortcut around {@code layers}, one after the other. */
    public Residual(Layer... layers) {
        inner = layer("inner", layers.length == 1 ? layers[0] : new Sequential(layers));
    }

    @Override
    public Tensor forward(Tensor x) {
        var y = inner.apply(x);
        if (!y.shape().equals(x.shape())) {
            throw new ShapeException(
                    describe(),
                    "%s turns %s into %s; need the same shape to add them: mind strides, padding"
                            + " and channels",
                    inner.describe(),
                    x.shape(),
                    y.shape());
        }
        return x.add(y);
    }
}
