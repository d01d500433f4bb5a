package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import jane.ir.DType;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link NativeConv} against {@link ConvKernel}. */
final class NativeConvTest {
    private static final int SAMPLES = 60;
    private Kernels kernels;

    @BeforeEach
    void natives() {
        kernels = KernelRuns.nativeKernels();
    }

    @Test
    void agreesWithTheJavaKernelOnRandomWindowsAndViews() {
        KernelRuns.atEveryLevel(
                level -> {
                    for (long seed = 1; seed <= SAMPLES; seed++) {
                        var random = new Random(seed);
                        boolean transposed = random.nextInt(3) == 0;
                        int groups = 1 + random.nextInt(3);
                        int[] sizes = {
                            1 + random.nextInt(5), // images
                            groups * (1 + random.nextInt(7)),
                            groups * (1 + random.nextInt(21))
                        };
                        var h = axis(random, transposed);
                        var w = axis(random, transposed);
                        check("level " + level + ", seed " + seed, random, groups, sizes, h, w);
                    }
                });
    }

    @Test
    void agreesOnWeightGradientsAndOtherLargeKernels() {
        int[][] sizes = { // images, channels, outputs, image, kernel, padding
            {3, 40, 17, 13, 13, 1},
            {1, 9, 16, 28, 28, 1},
            {20, 13, 5, 9, 7, 0},
            {1, 2, 3, 70, 69, 2}
        };
        KernelRuns.atEveryLevel(
                level -> {
                    for (int[] s : sizes) {
                        int windows = s[3] + 2 * s[5] - s[4] + 1;
                        var axis = new ImageAxis(s[3], s[4], windows, 1, 1, s[5], 1);
                        check("level " + level, new Random(s[0]), 1, s, axis, axis);
                    }
                });
    }

    @Test
    void leavesToJavaWhatItCannotDo() {
        var random = new Random(1);
        var runs = new KernelRuns(kernels, random);
        var one = new ImageAxis(1, 1, 1, 1, 1, 0, 1);
        var x = runs.view(DType.FP32, random::nextGaussian, 0, 1, 1, 1);
        var weight = runs.view(DType.FP32, random::nextGaussian, 1, 1, 1, 1);
        var y = runs.view(DType.FP32, random::nextGaussian, 0, 1, 1, 1);
        assertInstanceOf(
                ConvKernel.class, kernels.conv(ConvSpec.forward(x, weight, y, 1, one, one)));
    }

    private static ImageAxis axis(Random random, boolean transposed) {
        int kernel = 1 + random.nextInt(4);
        int stride = transposed ? 1 : 1 + random.nextInt(3);
        int dilation = 1 + random.nextInt(2);
        int spread = transposed ? 1 + random.nextInt(3) : 1;
        int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 13);
        int extent = (kernel - 1) * dilation + 1;
        int before = random.nextInt(extent) - (transposed && size > 3 ? 1 : 0);
        int length = (size - 1) * spread + 1 + before + random.nextInt(extent);
        int windows = length < extent ? 1 : (length - extent) / stride + 1;
        return new ImageAxis(size, kernel, windows, stride, dilation, before, spread);
    }

    private static double value(Random random) {
        double[] ugly = {0, -0.0, 1e-40, Double.NaN, Double.POSITIVE_INFINITY, -30};
        return random.nextInt(2000) == 0 ? ugly[random.nextInt(6)] : random.nextGaussian();
    }

    private void check(
            String what, Random random, int groups, int[] sizes, ImageAxis h, ImageAxis w) {
        var runs = new KernelRuns(kernels, random);
        var dtype = random.nextInt(5) == 0 ? DType.FP16 : DType.FP32;
        int in = sizes[1];
        int out = sizes[2];
        var x = runs.view(dtype, () -> value(random), sizes[0], in, h.size(), w.size());
        var y = runs.view(dtype, () -> 7, sizes[0], out, h.windows(), w.windows());
        boolean turned = h.spread() > 1 || w.spread() > 1;
        int[] k =
                turned
                        ? new int[] {in, out / groups, h.kernel(), w.kernel()}
                        : new int[] {out, in / groups, h.kernel(), w.kernel()};
        var weight = runs.view(dtype, () -> value(random), k);
        var spec =
                turned
                        ? ConvSpec.transposed(x, weight, y, groups, h, w)
                        : ConvSpec.forward(x, weight, y, groups, h, w);
        if (dtype == DType.FP32 && random.nextBoolean()) {
            var bias = runs.view(dtype, random::nextGaussian, 1, out, 1, 1);
            spec = spec.then(bias, random.nextBoolean());
        }
        var kernel = kernels.conv(spec);
        boolean dense = spec.bias().isEmpty() || spec.bias().get().isDense();
        assertTrue(kernel instanceof NativeConv == dense, what);
        var expected = runs.run(new ConvKernel(spec), y, 1);
        var actual = runs.run(kernel, y, 1);
        double terms = spec.channels() * h.kernel() * w.kernel();
        assertClose(expected, actual, 1e-5 * Math.sqrt(terms), dtype, what + ", " + spec);
        assertArrayEquals(actual, runs.run(kernel, y, 3), what + ": 1 and 3 threads");
    }

    private static void assertClose(
            double[] expected, double[] actual, double slack, DType dtype, String what) {
        double unit = dtype == DType.FP16 ? 0x1p-10 : 0x1p-17;
        for (int i = 0; i < expected.length; i++) {
            double e = expected[i];
            double a = actual[i];
            boolean same = Double.isNaN(e) ? Double.isNaN(a) : e == a;
            if (!same && !(Math.abs(e - a) <= slack + unit * Math.abs(e))) {
                fail(what + ": element " + i + " is " + a + "; need " + e);
            }
        }
    }
}
