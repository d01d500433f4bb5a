package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * 2-D convolution as a {@link Product} whose B, windows by taps, is packed straight from the images
 * and never stored. A transposed convolution is one over an image spread by the stride with the
 * kernel turned round; a weight gradient is one whose kernel is as large as the image.
 */
final class ConvKernel extends Product {
    private static final int PLANE = OWN_ROW;
    private static final int LINE = OWN_ROW + 1;
    private final String describe;
    private final ImageAxis h;
    private final ImageAxis w;
    private final int channels; // per group
    private final int outputs; // per group
    private final int taps;
    private final int windows; // of all images

    private final Reader images; // [N, C, H, W]
    private final Reader weights; // [groups, outputs, channels, kH, kW]
    private final Writer results; // [groups, outputs, N, H', W']
    private final int allChannels;
    private WindowPacker[] packers = new WindowPacker[0];

    private ConvKernel(
            String describe,
            List<View> reads,
            View x,
            View weights,
            View y,
            ImageAxis h,
            ImageAxis w) {
        super(
                reads,
                List.of(y),
                weights.dims[0],
                weights.dims[1],
                x.dims[0] * h.windows() * w.windows(),
                weights.dims[2] * h.kernel() * w.kernel());
        this.describe = describe;
        this.h = h;
        this.w = w;
        outputs = weights.dims[1];
        channels = weights.dims[2];
        allChannels = x.dims[1];
        taps = h.kernel() * w.kernel();
        windows = x.dims[0] * h.windows() * w.windows();
        images = new Reader(x);
        this.weights = new Reader(weights);
        int[] split = {
            y.dims[0], weights.dims[0], outputs, h.windows(), w.windows()
        };
        results = new Writer(split(y, 1, weights.dims[0], split).transpose(1, 2, 0, 3, 4));
    }

    /** {@code axis} of a rank-4 view cut in {@code groups}; strides always allow that. */
    private static View split(View v, int axis, int groups, int[] dims) {
        var strides = new int[5];
        for (int i = 0, k = 0; i < 5; i++) {
            strides[i] = i == axis ? v.strides[axis] * (v.dims[axis] / groups) : v.strides[k++];
        }
        return new View(v.storage, v.dtype, v.offset, dims, strides);
    }

    /** x [N, Ci, H, W], weight [Co, Ci/g, kH, kW], y [N, Co, H', W']. */
    static ConvKernel forward(View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        int[] dims = {
            groups, weight.dims[0] / groups, weight.dims[1], weight.dims[2], weight.dims[3]
        };
        var grouped = split(weight, 0, groups, dims);
        return new ConvKernel(
                "conv     " + what(weight), List.of(x, weight), x, grouped, y, h, w);
    }

    /** x [N, Ci, H, W], weight [Ci, Co/g, kH, kW], y [N, Co, H', W']. */
    static ConvKernel transposed(
            View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        int[] dims = {
            groups, weight.dims[0] / groups, weight.dims[1], weight.dims[2], weight.dims[3]
        };
        var grouped = split(weight, 0, groups, dims).transpose(0, 2, 1, 3, 4).flip(3).flip(4);
        return new ConvKernel(
                "conv_t   " + what(weight), List.of(x, weight), x, grouped, y, h, w);
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
        Arrays.setAll(packers, i -> new WindowPacker(h, w, images));
        needs.reserve(PLANE, 1, WindowPacker.planeSize(h, w, Math.min(windows, N_BLOCK)));
        needs.reserve(LINE, 1, w.size());
    }

    @Override
    void packA(int worker, int g, int i0, int rows, int k0, int ks, float[] a, int stride) {
        int k = channels * taps;
        for (int i = 0; i < rows; i++) {
            weights.load(memory(), (g * outputs + i0 + i) * k + k0, ks, a, i * stride);
        }
    }

    @Override
    void store(int g, int i, int j0, int columns, float[] row, int at) {
        results.store(memory(), (g * outputs + i) * windows + j0, columns, row, at);
    }

    @Override
    void packB(int worker, int g, int k0, int ks, int j0, int columns, float[][] b) {
        int perImage = h.windows() * w.windows();
        var packer = packers[worker];
        packer.begin(memory(), rows(worker)[PLANE], rows(worker)[LINE]);
        for (int c = k0 / taps; c * taps < k0 + ks; c++) {
            packer.taps(Math.max(k0 - c * taps, 0), Math.min(k0 + ks - c * taps, taps));
            for (int image = j0 / perImage; image * perImage < j0 + columns; image++) {
                int begin = image * perImage;
                packer.windows(Math.max(j0 - begin, 0), Math.min(j0 + columns - begin, perImage));
                packer.load((image * allChannels + g * channels + c) * h.size() * w.size());
                packer.copy(b, c * taps - k0, begin - j0);
            }
        }
    }
}
