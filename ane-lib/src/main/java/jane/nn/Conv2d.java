package jane.nn;

import jane.ir.ShapeException;
import jane.tensor.Parameter;
import jane.tensor.Tensor;

/**
 * 2-D convolution with bias.
 *
 * <p><b>Shapes.</b> x [N, in, H, W], W (out, in, k, k), b (out), y [N, out, H', W'] with H' = (H +
 * 2 pad - k)/stride + 1. <b>Init.</b> U(±1/sqrt(in k k)).
 */
public final class Conv2d extends Layer {
    private final int in;
    private final int out;
    private final int kernel;
    private final int stride;
    private final int pad;
    private final Parameter weight;
    private final Parameter bias;

    /** Stride 1, no padding. */
    public Conv2d(int in, int out, int kernel) {
        this(in, out, kernel, 1, 0);
    }

    /** Square kernel; padding on all sides. */
    public Conv2d(int in, int out, int kernel, int stride, int pad) {
        if (in < 1 || out < 1 || kernel < 1 || stride < 1 || pad < 0) {
            throw new ShapeException(
                    "Conv2d",
                    "%d -> %d channels, kernel %d, stride %d, pad %d; need 1 or more (pad 0 or"
                            + " more)",
                    in,
                    out,
                    kernel,
                    stride,
                    pad);
        }
        this.in = in;
        this.out = out;
        this.kernel = kernel;
        this.stride = stride;
        this.pad = pad;
        int fanIn = in * kernel * kernel;
        weight = param("weight", Init.uniform(fanIn, out, in, kernel, kernel));
        bias = param("bias", Init.uniform(fanIn, out));
    }

    @Override
    public Tensor forward(Tensor x) {
        requireImages(x, in);
        return x.conv2d(weight, stride, pad).add(bias.reshape(1, out, 1, 1));
    }

    @Override
    public String describe() {
        return "Conv2d(%d -> %d, %dx%d%s%s)"
                .formatted(
                        in,
                        out,
                        kernel,
                        kernel,
                        stride == 1 ? "" : ", stride " + stride,
                        pad == 0 ? "" : ", pad " + pad);
    }
}
