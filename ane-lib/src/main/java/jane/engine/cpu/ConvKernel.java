package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * 2-D convolution as a {@link Product} whose B, taps by windows, is packed straight from the images
 * and never stored.
 */
final class ConvKernel extends Product {
    private static final int PLANE = OWN_ROW;
    private static final int LINE = OWN_ROW + 1;

    private final ConvSpec spec;
    private final ConvLayout layout;
    private final int channels; // per group
    private final int outputs; // per group
    private final int taps;
    private final int perOutput; // results of one output channel, over all images

    private final Reader images; // [N, C, H, W]
    private final Reader weights; // [groups, outputs, channels, kH, kW]
    private final Writer results; // [groups, outputs, then as the layout counts]
    private WindowPacker[] packers = new WindowPacker[0];

    ConvKernel(ConvSpec spec) {
        this(spec, ConvLayout.of(spec.h(), spec.w(), spec.x().dims[0], imageSize(spec.x())));
    }

    private ConvKernel(ConvSpec spec, ConvLayout layout) {
        super(
                reads(spec),
                List.of(spec.y()),
                spec.groups(),
                spec.outputs(),
                layout.columns(),
                spec.channels() * spec.h().kernel() * spec.w().kernel());
        this.spec = spec;
        this.layout = layout;
        var y = spec.y();
        outputs = spec.outputs();
        channels = spec.channels();
        taps = spec.h().kernel() * spec.w().kernel();
        perOutput = y.dims[0] * y.dims[2] * y.dims[3];
        images = new Reader(spec.x());
        weights = new Reader(spec.weights());
        var grouped = y.split(1, spec.groups(), outputs);
        results =
                new Writer(
                        layout.lanes() > 1
                                ? grouped.transpose(1, 2, 3, 4, 0)
                                : grouped.transpose(1, 2, 0, 3, 4));
    }

    static List<View> reads(ConvSpec spec) {
        return spec.bias().isPresent()
                ? List.of(spec.x(), spec.weights(), spec.bias().get())
                : List.of(spec.x(), spec.weights());
    }

    private static int imageSize(View x) {
        return x.dims[1] * x.dims[2] * x.dims[3];
    }

    @Override
    String describe() {
        return spec.what();
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
        if (spec.bias().isPresent()) {
            finish(spec.bias().get(), g * outputs + i, row, at, n);
        }
        int first = (g * outputs + i) * perOutput + layout.result(j0);
        results.store(memory(), first, n, row, at);
    }

    private void finish(View bias, int channel, float[] row, int at, int n) {
        int place = bias.offset + channel * bias.strides[1];
        float added = memory().floats(bias.storage.id).get(place);
        for (int i = at; i < at + n; i++) {
            float sum = row[i] + added;
            row[i] = spec.relu() ? Math.max(sum, 0) : sum;
        }
    }
}
