package jane.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfTest {
    private static final int INFINITY = 0x7c00;

    @Test
    void everyHalfComesBack() {
        for (int bits = 0; bits < 0x10000; bits++) {
            short half = (short) bits;
            float value = Half.toFloat(half);
            boolean nan = (bits & 0x7fff) > INFINITY;
            assertEquals(nan, Float.isNaN(value), () -> "bits " + (half & 0xffff));
            // a signalling NaN comes back quiet
            int expected = nan ? bits | 0x200 : bits;
            assertEquals(expected, Half.fromFloat(value) & 0xffff);
            assertEquals(expected, Half.fromDouble(Half.toDouble(half)) & 0xffff);
        }
    }

    @Test
    void valuesAreThoseOfTheStandard() {
        assertEquals(1.0f, Half.toFloat((short) 0x3c00));
        assertEquals(-2.0f, Half.toFloat((short) 0xc000));
        assertEquals(65504f, Half.toFloat((short) 0x7bff));
        assertEquals(0x1p-14f, Half.toFloat((short) 0x0400));
        assertEquals(0x1p-24f, Half.toFloat((short) 0x0001));
        assertEquals(Float.POSITIVE_INFINITY, Half.toFloat((short) 0x7c00));
        assertEquals(-0.0f, Half.toFloat((short) 0x8000));
        assertEquals(0.333251953125f, Half.toFloat((short) 0x3555));
    }

    /** Between every two neighbours: the tie, one step below it and one above, in both widths. */
    @Test
    void roundsToNearestAndTiesToEven() {
        for (int bits = 0; bits < INFINITY; bits++) {
            double low = Half.toDouble((short) bits);
            double high = bits + 1 == INFINITY ? 65536 : Half.toDouble((short) (bits + 1));
            double tie = (low + high) / 2; // exact, also as a float
            int even = (bits & 1) == 0 ? bits : bits + 1;
            check(even, tie);
            check(bits, Math.nextDown(tie));
            check(bits + 1, Math.nextUp(tie));
            assertEquals(bits, Half.fromFloat(Math.nextDown((float) tie)) & 0xffff);
            assertEquals(bits + 1, Half.fromFloat(Math.nextUp((float) tie)) & 0xffff);
            assertEquals(even, Half.fromFloat((float) tie) & 0xffff);
        }
    }

    private static void check(int expected, double x) {
        assertEquals(expected, Half.fromDouble(x) & 0xffff, () -> "at " + x);
        assertEquals(expected | 0x8000, Half.fromDouble(-x) & 0xffff, () -> "at " + -x);
    }

    @Test
    void doublesRoundOnceByBigDecimal() {
        var random = new SplittableRandom(11);
        for (int i = 0; i < 20_000; i++) {
            double x = Math.scalb(random.nextDouble(1, 2), random.nextInt(-27, 17));
            var exact = new BigDecimal(x);
            double rounded = Half.toDouble(Half.fromDouble(x));
            if (Double.isInfinite(rounded)) {
                assertTrue(x >= 65520, () -> "at " + x);
                continue;
            }
            var error = exact.subtract(new BigDecimal(rounded)).abs();
            int bits = Half.fromDouble(x) & 0xffff;
            for (int neighbour : new int[] {Math.max(0, bits - 1), Math.min(0x7bff, bits + 1)}) {
                var other = new BigDecimal(Half.toDouble((short) neighbour));
                assertTrue(error.compareTo(exact.subtract(other).abs()) <= 0, () -> "at " + x);
            }
        }
    }

    @Test
    void extremesOfDouble() {
        check(INFINITY, Double.MAX_VALUE);
        check(INFINITY, Double.POSITIVE_INFINITY);
        check(0, Double.MIN_VALUE);
        check(0, 0x1p-25);
        check(1, Math.nextUp(0x1p-25));
        assertTrue(Float.isNaN(Half.toFloat(Half.fromDouble(Double.NaN))));
        assertEquals(0x7bff, Half.fromDouble(Math.nextDown(65520.0)));
        check(INFINITY, 65520);
    }
}
