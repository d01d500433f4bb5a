package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import jane.ir.DType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link NativePool} and {@link NativePoolGradient} against the Java kernels, bit for bit. */
final class NativePoolTest {
    private static final int SAMPLES = 300;
    private Kernels kernels;

    @BeforeEach
    void natives() {
        kernels = KernelRuns.nativeKernels();
    }

    @Test
    void givesTheBitsOfTheJavaKernels() {
        KernelRuns.atEveryLevel(
                level -> {
                    for (long seed = 1; seed <= SAMPLES; seed++) {
                        check("level " + level + ", seed " + seed, new Random(seed));
                    }
                });
    }

    /** Whole numbers, so that there are equal ones, and ugly ones. */
    private static double value(Random random) {
        double[] ugly = {
            -0.0, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40
        };
        return random.nextInt(30) == 0 ? ugly[random.nextInt(6)] : random.nextInt(9) - 4;
    }

    private static ImageAxis axis(Random random, boolean pairs) {
        if (pairs) {
            int windows = 1 + random.nextInt(20);
            return new ImageAxis(2 * windows, 2, windows, 2, 1, 0, 1);
        }
        int kernel = 1 + random.nextInt(4);
        int size = 1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 11);
        int before = random.nextInt(kernel);
        int stride = 1 + random.nextInt(4);
        int length = size + before + random.nextInt(kernel);
        int windows = length < kernel ? 1 : (length - kernel) / stride + 1;
        return new ImageAxis(size, kernel, windows, stride, 1, before, 1);
    }

    private void check(String what, Random random) {
        boolean pairs = random.nextInt(4) == 0;
        var h = axis(random, pairs);
        var w = axis(random, pairs);
        boolean max = random.nextBoolean();
        var spec = new PoolSpec(max, random.nextBoolean(), h, w);
        var runs = new KernelRuns(kernels, random);
        var dtype = random.nextInt(5) == 0 ? DType.FP16 : DType.FP32;
        int n = 1 + random.nextInt(3);
        int c = 1 + random.nextInt(4);
        var x = runs.view(dtype, () -> value(random), n, c, h.size(), w.size());
        var y = runs.view(dtype, () -> value(random), n, c, h.windows(), w.windows());
        var kernel = assertInstanceOf(NativePool.class, kernels.pool(spec, x, y));
        same(what + " " + spec, runs, new PoolKernel(spec, x, y), kernel, y);

        var dy = runs.view(dtype, () -> value(random), n, c, h.windows(), w.windows());
        var dx = runs.view(dtype, () -> 7, n, c, h.size(), w.size());
        boolean relu = max && random.nextBoolean();
        var operands = max ? List.of(x, y, dy) : List.of(dy);
        var gradient = kernels.poolGradient(spec, operands, relu, dx);
        assertInstanceOf(NativePoolGradient.class, gradient);
        var java = new PoolGradientKernel(spec, operands, relu, dx);
        same(what + " gradient " + spec, runs, java, gradient, dx);
    }

    private static void same(String what, KernelRuns runs, Kernel java, Kernel own, View result) {
        var expected = runs.run(java, result, 1);
        assertArrayEquals(expected, runs.run(own, result, 1), what);
        assertArrayEquals(expected, runs.run(own, result, 3), what + ", 3 threads");
    }
}
