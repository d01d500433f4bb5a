package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The bounds that {@link Curves} documents, over a sweep of all exponents and both signs. */
final class CurvesTest {
    private interface Curve {
        void run(float[] d, float[] a, float[] room, int n);
    }

    private static final int N = 1 << 20;

    /** Every 4093rd float, which visits all exponents. */
    private static float[] sweep() {
        var x = new float[N];
        for (int i = 0; i < N; i++) {
            float f = Float.intBitsToFloat(i * 4093);
            x[i] = Float.isNaN(f) ? 0 : f;
        }
        return x;
    }

    /**
     * Largest error in units in the last place of the exact value, or of 2^-100 if that is more.
     */
    private static double worst(Curve curve, DoubleUnaryOperator exact) {
        var x = sweep();
        var y = new float[N];
        curve.run(y, x, new float[N], N);
        double worst = 0;
        for (int i = 0; i < N; i++) {
            double e = exact.applyAsDouble(x[i]);
            float rounded = (float) e;
            if (rounded == y[i] || Float.isNaN(rounded) && Float.isNaN(y[i])) {
                continue;
            }
            double ulps = Math.abs(e - y[i]) / Math.max(Math.ulp(rounded), Math.ulp(0x1p-100f));
            worst = Math.max(worst, Double.isNaN(ulps) ? Double.POSITIVE_INFINITY : ulps);
        }
        return worst;
    }

    private static void assertWithin(double bound, Curve curve, DoubleUnaryOperator exact) {
        double worst = worst(curve, exact);
        assertTrue(worst <= bound, "off by " + worst + " ulp; need " + bound);
    }

    @Test
    void exp() {
        assertWithin(2, Curves::exp, Math::exp);
    }

    @Test
    void log() {
        assertWithin(
                1,
                (d, a, room, n) -> {
                    for (int i = 0; i < n; i++) {
                        d[i] = Curves.log(a[i]);
                    }
                },
                x -> Math.log(x));
    }

    @Test
    void pow() {
        for (float b : new float[] {-1, 0.5f, 2, 3, 1.0001f, -0.3f, 17.25f, 1e-4f}) {
            assertWithin(
                    0.51,
                    (d, a, room, n) -> {
                        for (int i = 0; i < n; i++) {
                            d[i] = Power.of(a[i], b);
                        }
                    },
                    x -> Math.pow(x, b));
        }
    }

    @Test
    void powHasTheSpecialValuesOfMath() {
        var ugly =
                new float[] {
                    0,
                    -0.0f,
                    1,
                    -1,
                    2,
                    -2,
                    3,
                    0.5f,
                    -0.5f,
                    1e30f,
                    -1e30f,
                    1e-42f,
                    0x1p23f,
                    0x1p24f,
                    8388609,
                    -8388609,
                    Float.NaN,
                    Float.POSITIVE_INFINITY,
                    Float.NEGATIVE_INFINITY
                };
        for (float a : ugly) {
            for (float b : ugly) {
                assertEquals((float) Math.pow(a, b), Power.of(a, b), a + "^" + b);
            }
        }
    }

    @Test
    void tanh() {
        assertWithin(8, (d, a, room, n) -> Curves.tanh(d, a, n), Math::tanh);
    }

    @Test
    void sigmoid() {
        assertWithin(2.5, Curves::sigmoid, x -> 1 / (1 + Math.exp(-x)));
    }

    @Test
    void erf() {
        assertWithin(8, (d, a, room, n) -> Curves.erf(d, a, n), CurvesTest::erf);
    }

    /** erf by its Taylor series, and 1 beyond 5. */
    private static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    @Test
    void limitsAndNan() {
        float inf = Float.POSITIVE_INFINITY;
        var x = new float[] {-inf, -1e30f, inf, 1e30f, Float.NaN};
        assertArrayEquals(new float[] {0, 0, inf, inf, Float.NaN}, of(Curves::exp, x));
        assertArrayEquals(new float[] {0, 0, 1, 1, Float.NaN}, of(Curves::sigmoid, x));
        var signs = new float[] {-1, -1, 1, 1, Float.NaN};
        assertArrayEquals(signs, of((d, a, room, n) -> Curves.tanh(d, a, n), x));
        assertArrayEquals(signs, of((d, a, room, n) -> Curves.erf(d, a, n), x));
        assertEquals(Float.NEGATIVE_INFINITY, Curves.log(0));
        assertEquals(Float.NEGATIVE_INFINITY, Curves.log(-0.0f));
        assertEquals(inf, Curves.log(inf));
        assertEquals(Float.NaN, Curves.log(-1e-42f));
        assertEquals(Float.NaN, Curves.log(Float.NaN));
    }

    private static float[] of(Curve curve, float[] x) {
        var y = new float[x.length];
        curve.run(y, x, new float[x.length], x.length);
        return y;
    }
}
