package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DType;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bounds that {@code docs/native.md} states, of the Java kernels and of the C kernels at every
 * level that this machine has, against double: floats of every exponent and both signs, ordinary
 * ones, subnormals, huge ones, NaN and infinities.
 */
final class LaneBoundsTest {
    private static final int N = 1 << 17;
    private static final long SEED = 20261127;

    /** Results below count in units of this one: their last places are lost to underflow. */
    private static final float SMALL = 0x1p-100f;

    /** What an error is counted in. */
    private enum Unit {
        RESULT,
        OPERAND
    }

    /** A lane, the bound in units in the last place, and the function in double. */
    private enum Curve {
        SQRT(Lane.SQRT, 0, Unit.RESULT, 0, Math::sqrt),
        RSQRT(Lane.RSQRT, 1.5, Unit.RESULT, 0, x -> 1 / Math.sqrt(x + 0.0)),
        RSQRT_OF_SUM(Lane.RSQRT, 2, Unit.RESULT, 0.25f, x -> 1 / Math.sqrt(x + 0.25)),
        LOG(Lane.LOG, 1, Unit.RESULT, 0, Math::log),
        EXP(Lane.EXP, 2, Unit.RESULT, 0, Math::exp),
        SIGMOID(Lane.SIGMOID, 2.5, Unit.RESULT, 0, LaneBoundsTest::sigmoid),
        TANH(Lane.TANH, 8, Unit.RESULT, 0, Math::tanh),
        ERF(Lane.ERF, 8, Unit.RESULT, 0, LaneBoundsTest::erf),
        SILU(Lane.SILU, 2.5, Unit.RESULT, 0, x -> x * sigmoid(x)),
        GELU_EXACT(
                Lane.GELU_EXACT, 4, Unit.OPERAND, 0, x -> x * 0.5 * (1 + erf(x * Math.sqrt(0.5)))),
        GELU_TANH(
                Lane.GELU_TANH,
                3,
                Unit.OPERAND,
                0,
                x -> x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        GELU_SIGMOID(Lane.GELU_SIGMOID, 2, Unit.OPERAND, 0, x -> x * sigmoid(1.702 * x));

        private final Lane lane;
        private final double bound;
        private final Unit unit;
        private final float p;
        private final DoubleUnaryOperator exact;

        Curve(Lane lane, double bound, Unit unit, float p, DoubleUnaryOperator exact) {
            this.lane = lane;
            this.bound = bound;
            this.unit = unit;
            this.p = p;
            this.exact = exact;
        }
    }

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** Its Taylor series, of terms of one sign, and 1 beyond 6. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** A quarter each of all floats, of ordinary ones, of subnormals, and of ends and near them. */
    private static float[] operands(Random random) {
        float[] ends = {
            0,
            -0.0f,
            1,
            -1,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_NORMAL,
            Float.MIN_VALUE,
            88.72284f,
            -87.33655f,
            -103.97208f,
            10,
            -10,
        };
        var x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] =
                    switch (i % 4) {
                        case 0 -> Float.intBitsToFloat(random.nextInt());
                        case 1 -> (float) random.nextGaussian() * 8;
                        case 2 -> Float.intBitsToFloat(random.nextInt() & 0x807fffff);
                        default ->
                                ends[random.nextInt(ends.length)]
                                        * (1 + random.nextInt(5) * 0x1p-20f);
                    };
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void everyLevelIsWithinItsBound(Curve curve) {
        check(curve, new JavaKernels("Java kernels"), "Java");
        var installed = InstalledKernels.get();
        if (installed instanceof NativeKernels) {
            KernelRuns.atEveryLevel(level -> check(curve, installed, "level " + level));
        }
    }

    private static void check(Curve curve, Kernels kernels, String what) {
        var x = operands(new Random(SEED));
        var y = run(curve, kernels, x);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < N; i++) {
            double ulps = ulps(curve, x[i], y[i]);
            if (ulps > worst) {
                worst = ulps;
                at = x[i];
            }
        }
        System.out.printf("%-13s %-8s %.2f ulp at %s%n", curve, what, worst, at);
        String said = curve + ", " + what + ", seed " + SEED + ": off by " + worst + " at " + at;
        assertTrue(worst <= curve.bound, said);
    }

    /** The error of {@code y}; infinite where one of the two is a NaN or an infinity of its own. */
    private static double ulps(Curve curve, float x, double y) {
        double exact = curve.exact.applyAsDouble(x);
        float rounded = (float) exact;
        if (rounded == y || Float.isNaN(rounded) && Double.isNaN(y)) {
            return 0;
        }
        float size = curve.unit == Unit.RESULT ? rounded : x;
        double off = Math.abs(exact - y) / Math.max(Math.ulp(size), Math.ulp(SMALL));
        return Double.isNaN(off) || Float.isInfinite(size) ? Double.POSITIVE_INFINITY : off;
    }

    private static double[] run(Curve curve, Kernels kernels, float[] x) {
        var runs = new KernelRuns(kernels, new Random(SEED));
        var next = new int[1];
        var load = runs.dense(DType.FP32, () -> x[next[0]++ % N], N);
        var store = runs.dense(DType.FP32, () -> 0, N);
        var steps = List.of(new FusedKernel.Step(curve.lane, 2, 0, 1, 0, curve.p, 0));
        var kernel =
                kernels.fused(
                        new FusedKernel.Code(
                                "curve",
                                N,
                                List.of(new FusedKernel.Port(load, 0)),
                                List.of(),
                                steps,
                                List.of(new FusedKernel.Port(store, 2)),
                                List.of(),
                                3));
        return runs.run(kernel, store, 1);
    }
}
