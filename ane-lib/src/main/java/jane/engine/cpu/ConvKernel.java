package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * 2-D convolution as a {@link Product} whose B, taps by windows, is packed straight from the images
 * and never stored. A transposed convolution is one over an image spread by the stride with the
 * kernel turned round; a weight gradient is one whose kernel is as large as the image.
 */
final class ConvKernel extends Product {
    private static final int PLANE = OWN_ROW;
    private static final int LINE = OWN_ROW + 1;

    private final String describe;
    private final ConvLayout layout;
    private final int channels; // per group
    private final int outputs; // per group
    private final int taps;
    private final int perOutput; // results of one output channel, over all images

    private final Reader images; // [N, C, H, W]
    private final Reader weights; // [groups, outputs, channels, kH, kW]
    private final Writer results; // [groups, outputs, then as the layout counts]
    private WindowPacker[] packers = new WindowPacker[0];

    private ConvKernel(String describe, View x, View weight, View y, View w, ConvLayout layout) {
        super(
                List.of(x, weight),
                List.of(y),
                w.dims[0],
                w.dims[1],
                layout.columns(),
                w.dims[2] * w.dims[3] * w.dims[4]);
        this.describe = describe;
        this.layout = layout;
        outputs = w.dims[1];
        channels = w.dims[2];
        taps = w.dims[3] * w.dims[4];
        perOutput = y.dims[0] * y.dims[2] * y.dims[3];
        images = new Reader(x);
        weights = new Reader(w);
        int[] dims = {y.dims[0], w.dims[0], outputs, y.dims[2], y.dims[3]};
        var grouped = split(y, 1, dims);
        results =
                new Writer(
                        layout.lanes() > 1
                                ? grouped.transpose(1, 2, 3, 4, 0)
                                : grouped.transpose(1, 2, 0, 3, 4));
    }

    /** A rank-4 view with {@code axis} cut in two; strides always allow that. */
    private static View split(View v, int axis, int[] dims) {
        var strides = new int[5];
        for (int i = 0, k = 0; i < 5; i++) {
            strides[i] = i == axis ? v.strides[axis] * dims[axis + 1] : v.strides[k++];
        }
        return new View(v.storage, v.dtype, v.offset, dims, strides);
    }

    /** x [N, Ci, H, W], weight [Co, Ci/g, kH, kW], y [N, Co, H', W']. */
    static ConvKernel forward(View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        return new ConvKernel(
                "conv     " + what(weight), x, weight, y, grouped(weight, groups), layout(x, h, w));
    }

    /** x [N, Ci, H, W], weight [Ci, Co/g, kH, kW], y [N, Co, H', W']. */
    static ConvKernel transposed(
            View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        var turned = grouped(weight, groups).transpose(0, 2, 1, 3, 4).flip(3).flip(4);
        return new ConvKernel("conv_t   " + what(weight), x, weight, y, turned, layout(x, h, w));
    }

    private static ConvLayout layout(View x, ImageAxis h, ImageAxis w) {
        return ConvLayout.of(h, w, x.dims[0], x.dims[1] * x.dims[2] * x.dims[3]);
    }

    private static View grouped(View weight, int groups) {
        int[] d = weight.dims;
        return split(weight, 0, new int[] {groups, d[0] / groups, d[1], d[2], d[3]});
    }

    private static String what(View weight) {
        return weight.dims[0] + "x" + weight.dims[1] + "x" + weight.dims[2] + "x" + weight.dims[3];
    }

    @Override
    String describe() {
        return describe;
    }

    @Override
    void reserve(Scratch needs) {
        super.reserve(needs);
        packers = new WindowPacker[needs.workers()];
        Arrays.setAll(packers, i -> new WindowPacker(layout, images));
        needs.reserve(PLANE, 1, layout.planeSize(N_BLOCK, K_BLOCK));
        needs.reserve(LINE, 1, Math.max(layout.w().size(), layout.w().fullSpan()));
    }

    @Override
    void packA(int worker, int g, int i0, int rows, int k0, int ks, float[] a, int stride) {
        int k = channels * taps;
        for (int i = 0; i < rows; i++) {
            weights.load(memory(), (g * outputs + i0 + i) * k + k0, ks, a, i * stride);
        }
    }

    @Override
    void packB(int worker, int g, int k0, int ks, int j0, int columns, float[][] b) {
        int perImage = layout.imageLength();
        int channelSize = layout.h().size() * layout.w().size();
        var packer = packers[worker];
        packer.begin(memory(), rows(worker)[PLANE], rows(worker)[LINE]);
        for (int c = k0 / taps; c * taps < k0 + ks; c++) {
            packer.taps(Math.max(k0 - c * taps, 0), Math.min(k0 + ks - c * taps, taps));
            for (int image = j0 / perImage; image * perImage < j0 + columns; image++) {
                int begin = image * perImage;
                packer.windows(Math.max(j0 - begin, 0), Math.min(j0 + columns - begin, perImage));
                packer.load(image * layout.imageSize() + (g * channels + c) * channelSize);
                packer.copy(b, c * taps - k0, begin - j0);
            }
        }
    }

    @Override
    void store(int g, int i, int j0, int columns, float[] row, int at) {
        int n = layout.compact(j0, columns, row, at);
        int first = (g * outputs + i) * perOutput + layout.result(j0);
        results.store(memory(), first, n, row, at);
    }
}
