package jane.engine.sim;

/**
 * The multiply-accumulate arithmetic of the Neural Engine, as measured by others: fp16 operands, a
 * 32-bit fixed-point sum in units of 2^-16.
 *
 * <ol>
 *   <li>A product counts nothing if the operands' exponents add up to less than -16, where
 *       subnormals have exponent -14. Otherwise it is rounded to a multiple of 2^-16, ties away
 *       from zero.
 *   <li>The sum of these is exact, whatever the order.
 *   <li>A running sum that reaches 2^15 in magnitude makes the result infinite, for good.
 *   <li>The sum becomes a half by rounding to nearest, ties away from zero.
 *   <li>Operands with exponent 31 are ordinary numbers to it: infinity is 2^16, NaN 1.5 * 2^16.
 * </ol>
 *
 * <p><b>Source.</b> Published bit-level measurements on M4 and M6, and GEMM errors published for M1
 * Max, M2 Pro and M5 Pro, which the rule gives to the last digit. Not run on hardware by us.
 */
final class FixedPoint {
    /** Fractional bits of the sum. */
    static final int FRACTION = 16;

    /** Sums of this magnitude, in units of 2^-16, are infinite. */
    static final long LIMIT = 1L << 31;

    private static final int SMALLEST_EXPONENT = -14;
    private static final int SMALLEST_SUM = -16;

    /** A product of two significands is in units of 2^-20 times the power of the exponents. */
    private static final int PRODUCT_SHIFT = 20 - FRACTION;

    private FixedPoint() {}

    /** The exponent of a half, at least -14. */
    static int exponent(short half) {
        return Math.max((half >>> 10 & 31) - 15, SMALLEST_EXPONENT);
    }

    /** The significand of a half with its sign: -2047 to 2047, in units of 2^-10. */
    static int significand(short half) {
        int magnitude = half & 0x3ff | ((half & 0x7c00) == 0 ? 0 : 0x400);
        return half < 0 ? -magnitude : magnitude;
    }

    /** One product in units of 2^-16, from the parts of both operands. */
    static long product(int x, int xExponent, int w, int wExponent) {
        int exponent = xExponent + wExponent;
        if (exponent < SMALLEST_SUM) {
            return 0;
        }
        int p = x * w;
        int down = PRODUCT_SHIFT - exponent;
        if (down <= 0) {
            return (long) p << -down;
        }
        // Adding half a unit rounds a tie up, so that below zero one less rounds it down.
        return p + (1 << down - 1) + (p >> 31) >> down;
    }

    /** One product of two halves in units of 2^-16. */
    static long product(short x, short w) {
        return product(significand(x), exponent(x), significand(w), exponent(w));
    }

    /** A value as the sum starts with it, such as a bias: in units of 2^-16, ties away. */
    static long start(short half) {
        return product(half, (short) 0x3c00);
    }

    /**
     * A finished sum as a half.
     *
     * @param truncates toward zero, instead of to the nearest with ties away from it
     */
    static short result(long sum, boolean truncates) {
        int sign = sum < 0 ? 0x8000 : 0;
        long magnitude = Math.abs(sum);
        if (magnitude >= LIMIT) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude == 0) {
            return 0;
        }
        int top = 63 - Long.numberOfLeadingZeros(magnitude); // the value is 1.. times 2^(top - 16)
        if (top > 10) {
            magnitude += truncates ? 0 : 1L << top - 11;
            top = 63 - Long.numberOfLeadingZeros(magnitude);
            magnitude >>= top - 10;
        } else {
            magnitude <<= 10 - top;
        }
        int biased = top - FRACTION + 15; // subnormal from 0 down
        long fraction = biased > 0 ? biased << 10 | magnitude & 0x3ff : magnitude >> 1 - biased;
        return (short) (sign | fraction);
    }
}
