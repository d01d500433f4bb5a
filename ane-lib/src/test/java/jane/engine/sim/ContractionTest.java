package jane.engine.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.NumpyNormal;
import jane.engine.Buffer;
import jane.engine.sim.Contraction.Operand;
import jane.ir.Half;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The measured contraction against published figures, and against the rule in exact decimals. */
class ContractionTest {
    private static final BigDecimal UNIT = new BigDecimal(65536);

    @ParameterizedTest
    @CsvSource({"64, 256, 256, 0.0012522854527169441", "128, 1024, 1024, 0.005521493491066952"})
    void givesThePublishedErrorsOfTheNeuralEngine(int m, int k, int n, double published) {
        var random = new NumpyNormal(0);
        var x = scaled(random, m * k, k);
        var w = scaled(random, n * k, k);
        var y = product(m, k, n, halves(x), halves(transposed(w, n, k)));
        double error = 0;
        double norm = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double exact = 0;
                for (int p = 0; p < k; p++) {
                    exact += x[i * k + p] * w[j * k + p];
                }
                error += (y[i * n + j] - exact) * (y[i * n + j] - exact);
                norm += exact * exact;
            }
        }
        assertEquals(published, Math.sqrt(error / norm), published * 1e-12);
    }

    /** As the benchmark makes them: floats, divided by the root of K in double. */
    private static double[] scaled(NumpyNormal random, int count, int k) {
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.next() / Math.sqrt(k);
        }
        return values;
    }

    private static double[] transposed(double[] w, int rows, int columns) {
        var t = new double[w.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = w[i * columns + j];
            }
        }
        return t;
    }

    private static float[] halves(double[] values) {
        var halves = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Half.toFloat(Half.fromDouble(values[i]));
        }
        return halves;
    }

    @Test
    void numpyNormalsAreNumPys() {
        var random = new NumpyNormal(0);
        int hash = 0;
        for (int i = 0; i < 64 * 256 + 256 * 256; i++) {
            hash = hash * 31 + Float.floatToRawIntBits((float) random.next());
        }
        assertEquals(-1897519657, hash); // of NumPy 2.4's own, by the same formula
        var other = new NumpyNormal(12345);
        assertEquals(-1.4238250364546312, other.next(), 1e-15);
        assertEquals(1.2637284581291104, other.next(), 1e-15);
        assertEquals(-0.8706617379590857, other.next(), 1e-15);
    }

    @Test
    void everyProductFollowsTheRuleInExactDecimals() {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            short x = (short) random.nextInt();
            short w = (short) random.nextInt();
            assertEquals(byRule(x, w), FixedPoint.product(x, w), () -> "seed 7: " + x + ", " + w);
        }
    }

    /** The rule as written, in decimals. */
    private static long byRule(short x, short w) {
        if (FixedPoint.exponent(x) + FixedPoint.exponent(w) <= -17) {
            return 0;
        }
        return decode(x)
                .multiply(decode(w))
                .multiply(UNIT)
                .setScale(0, RoundingMode.HALF_UP) // away from zero, for either sign
                .longValueExact();
    }

    private static BigDecimal decode(short half) {
        int exponent = half >>> 10 & 31;
        int fraction = half & 1023;
        double magnitude =
                exponent == 0
                        ? fraction * 0x1p-24
                        : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return new BigDecimal(half < 0 ? -magnitude : magnitude);
    }

    @Test
    void sumsDoNotDependOnTheOrder() {
        var random = new Random(11);
        int k = 300;
        var x = new float[k];
        var w = new float[k];
        for (int i = 0; i < k; i++) {
            x[i] = Half.round((float) random.nextGaussian());
            w[i] = Half.round((float) random.nextGaussian() * 0.01f);
        }
        float forward = product(1, k, 1, x, w)[0];
        for (int i = 0; i < k / 2; i++) {
            x[i] = swap(x, i, k - 1 - i);
            w[i] = swap(w, i, k - 1 - i);
        }
        assertEquals(forward, product(1, k, 1, x, w)[0]);
    }

    private static float swap(float[] values, int i, int j) {
        float other = values[j];
        values[j] = values[i];
        return other;
    }

    @Test
    void smallProductsVanishByTheirExponents() {
        assertEquals(0, one(0x1.8p-9f, 0x1.8p-8f)); // 2.25 * 2^-17, but the exponents are -9 and -8
        assertEquals(0x1p-16f, one(0x1p-8f, 0x1p-8f));
        assertEquals(0, one(8e-5f, 0.036f)); // a gradient by a weight
        assertEquals(0x1p-8f, one(8e-5f * 256, 0.036f), 0x1p-8f); // the same, scaled
        assertTrue(one(8e-5f * 256, 0.036f) > 0);
    }

    @Test
    void integerSumsRoundAwayOnlyAtTheEnd() {
        assertEquals(16384f, ones(16384, 1));
        assertEquals(2050f, ones(2049, 1)); // a tie between 2048 and 2050
        assertEquals(16008f, ones(16004, 1)); // a tie between 16000 and 16008
    }

    @Test
    void aRunningSumAtTheLimitIsInfiniteForGood() {
        float[] x = {256, 256, -256};
        assertEquals(Float.POSITIVE_INFINITY, product(x, 64, 64, 64)); // 16384 + 16384 - 16384
        assertEquals(Float.NEGATIVE_INFINITY, product(x, -64, -64, -64));
        assertEquals(16384f, product(new float[] {256, -256, 256}, 64, 64, 64));
        assertEquals(32768f, product(new float[] {16384, 16376}, 1, 1)); // finite, and rounds up
        assertEquals(Float.POSITIVE_INFINITY, one(32768, 1));
    }

    @Test
    void infinityAndNanAreOrdinaryNumbers() {
        assertEquals(16384f, one(Float.POSITIVE_INFINITY, 0.25f));
        assertEquals(-16384f, one(Float.NEGATIVE_INFINITY, 0.25f));
        assertEquals(24576f, one(Float.NaN, 0.25f));
        assertEquals(Float.POSITIVE_INFINITY, one(Float.POSITIVE_INFINITY, 1));
    }

    @Test
    void aStartValueCountsLikeAProductWithOne() {
        var y = product(1, 1, 2, new float[] {2048}, new float[] {1, 1}, 1, 0x1p-17f);
        assertEquals(2050f, y[0]);
        assertEquals(2048f, y[1]);
    }

    @Test
    void truncatedResultsGoTowardZero() {
        var c = contraction(1, 1, 1, new float[] {2049}, new float[] {1}, true);
        c.block(0);
        assertEquals(2048f, Half.toFloat(c.y().halves.getShort(0)));
    }

    @Test
    void theNativeKernelFollowsTheRuleBitForBit() {
        Assumptions.assumeTrue(ExactLibrary.isPresent(), "no native kernels here");
        var random = new Random(21);
        for (int run = 0; run < 40; run++) {
            int m = 1 + random.nextInt(150);
            int k = random.nextInt(300);
            int n = 1 + random.nextInt(290);
            int kind = run % 4;
            var c =
                    contraction(
                            m,
                            k,
                            n,
                            values(m * k, kind, random),
                            values(k * n, kind, random),
                            run % 3 == 0,
                            run % 2 == 0 ? new float[0] : values(n, kind, random));
            var room = ExactLibrary.room();
            var parameters = ExactLibrary.parameters(c);
            for (int block = 0; block < c.blocks(); block++) {
                ExactLibrary.run(parameters, c.row(block), c.column(block), room);
            }
            var found = shorts(c, m * n);
            for (int block = 0; block < c.blocks(); block++) {
                c.block(block);
            }
            assertArrayEquals(shorts(c, m * n), found, () -> "seed 21, kind " + kind);
        }
    }

    @Test
    void theNativeRoundingIsThatOfHalfAway() {
        Assumptions.assumeTrue(ExactLibrary.isPresent(), "no native kernels here");
        var random = new Random(22);
        var bytes = Buffer.directBytes(4 * 4099);
        for (int run = 0; run < 20; run++) {
            boolean flushes = run % 2 == 0;
            var before = new float[4099];
            for (int i = 0; i < before.length; i++) {
                int tie = random.nextInt() & 0x8fffe000 | 0x30001000;
                before[i] = Float.intBitsToFloat(run % 4 < 2 ? random.nextInt() : tie);
            }
            bytes.asFloatBuffer().put(before);
            ExactLibrary.settle(bytes, 0, before.length, flushes);
            for (int i = 0; i < before.length; i++) {
                assertEquals(
                        Halves.settled(before[i], flushes), bytes.getFloat(4 * i), "" + before[i]);
            }
        }
    }

    /**
     * Any bits; around the smallest products that count; beyond 64 and near the limit; ordinary.
     */
    private static float[] values(int n, int kind, Random random) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            int bits = random.nextInt(0x10000);
            int exponent = new int[] {bits >> 10 & 31, 5, 18, 12}[kind] + random.nextInt(6);
            int half = kind == 0 ? bits : bits & 0x83ff | exponent << 10;
            values[i] = Half.toFloat((short) half);
        }
        return values;
    }

    private static short[] shorts(Contraction c, int n) {
        var values = new short[n];
        c.y().halves.asShortBuffer().get(0, values);
        return values;
    }

    /** Dense operands, row-major; {@code start} has a value per column or none. */
    private static Contraction contraction(
            int m, int k, int n, float[] x, float[] w, boolean truncates, float... start) {
        return new Contraction(
                new Operand(halfBytes(x), steps(m, k), steps(k, 1)),
                new Operand(halfBytes(w), steps(k, n), steps(n, 1)),
                new Operand(Operand.halves(m * n), steps(m, n), steps(n, 1)),
                start.length == 0
                        ? Optional.empty()
                        : Optional.of(new Contraction.Start(halfBytes(start), false)),
                truncates);
    }

    private static float[] product(int m, int k, int n, float[] x, float[] w, float... start) {
        var c = contraction(m, k, n, x, w, false, start);
        for (int block = 0; block < c.blocks(); block++) {
            c.block(block);
        }
        var y = new float[m * n];
        for (int i = 0; i < y.length; i++) {
            y[i] = Half.toFloat(c.y().halves.getShort(2 * i));
        }
        return y;
    }

    private static ByteBuffer halfBytes(float[] values) {
        var bytes = Operand.halves(values.length);
        for (int i = 0; i < values.length; i++) {
            bytes.putShort(2 * i, Half.fromFloat(values[i]));
        }
        return bytes;
    }

    private static long[] steps(int count, long step) {
        var offsets = new long[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = i * step;
        }
        return offsets;
    }

    private static float one(float x, float w) {
        return product(new float[] {Half.round(x)}, Half.round(w));
    }

    private static float product(float[] x, float... w) {
        return product(1, w.length, 1, x, w)[0];
    }

    private static float ones(int k, float value) {
        var x = new float[k];
        Arrays.fill(x, value);
        return product(x, x.clone());
    }
}
