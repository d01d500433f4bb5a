package jane.nn;

import jane.ir.ShapeException;
import jane.tensor.Tensor;

/** Largest of each square window. Shapes: x [N, C, H, W], y [N, C, H', W']. */
public final class MaxPool2d extends Layer {
    private final int kernel;
    private final int stride;

    /** Windows side by side. */
    public MaxPool2d(int kernel) {
        this(kernel, kernel);
    }

    /** Windows of {@code kernel} by {@code kernel}, {@code stride} apart. */
    public MaxPool2d(int kernel, int stride) {
        if (kernel < 1 || stride < 1) {
            throw new ShapeException(
                    "MaxPool2d", "kernel %d, stride %d; need 1 or more", kernel, stride);
        }
        this.kernel = kernel;
        this.stride = stride;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.maxPool2d(kernel, stride);
    }

    @Override
    public String describe() {
        return "MaxPool2d(" + kernel + (stride == kernel ? "" : ", stride " + stride) + ")";
    }
}
