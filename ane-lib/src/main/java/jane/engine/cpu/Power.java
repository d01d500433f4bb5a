package jane.engine.cpu;

/**
 * Powers of floats, computed in double by series good to 1e-13 and rounded once: within 0.51 ulp.
 * Special values are those of {@link Math#pow}. {@code native/kernels/curves.h} has the same
 * operations in the same order, and so the same bits.
 */
final class Power {
    private static final double TWO_OVER_LN2 = 2.8853900817779268;
    private static final double LN2 = 0.6931471805599453;
    private static final long ROOT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    private static final double MAGIC = 0x1.8p52; // adding it rounds to an integer

    private Power() {}

    /** {@code a^b}. */
    static float of(float a, float b) {
        if (b == 0) {
            return 1;
        }
        if (a != a || b != b) {
            return Float.NaN;
        }
        float size = Math.abs(a);
        if (Float.isInfinite(b)) {
            if (size == 1) {
                return Float.NaN;
            }
            return size > 1 == b > 0 ? Float.POSITIVE_INFINITY : 0;
        }
        boolean whole = Math.abs(b) >= 0x1p23f || (int) b == b;
        boolean odd = whole && Math.abs(b) < 0x1p24f && ((int) b & 1) != 0;
        float sign = odd && Float.floatToRawIntBits(a) < 0 ? -1 : 1;
        if (size == 0 || Float.isInfinite(size)) {
            return sign * (size == 0 == b > 0 ? 0 : Float.POSITIVE_INFINITY);
        }
        if (a < 0 && !whole) {
            return Float.NaN;
        }
        double y = b * log2(size);
        y = y < -200 ? -200 : y > 200 ? 200 : y; // beyond: 0 and infinity all the same
        return sign * (float) exp2(y);
    }

    /** By the series of 2 artanh((z-1)/(z+1)); x is a float, so never a subnormal double. */
    private static double log2(double x) {
        long bits = Double.doubleToRawLongBits(x) - ROOT_HALF_BITS;
        double n = bits >> 52;
        double z = Double.longBitsToDouble((bits & 0xfffffffffffffL) + ROOT_HALF_BITS);
        double s = (z - 1) / (z + 1);
        double w = s * s;
        double p = 1.0 / 21;
        p = p * w + 1.0 / 19;
        p = p * w + 1.0 / 17;
        p = p * w + 1.0 / 15;
        p = p * w + 1.0 / 13;
        p = p * w + 1.0 / 11;
        p = p * w + 1.0 / 9;
        p = p * w + 1.0 / 7;
        p = p * w + 1.0 / 5;
        p = p * w + 1.0 / 3;
        p = p * w + 1;
        return s * p * TWO_OVER_LN2 + n;
    }

    /** By the series of e^x around the nearest integer. */
    private static double exp2(double y) {
        double n = y + MAGIC - MAGIC;
        double r = (y - n) * LN2;
        double p = 1.0 / 6227020800.0;
        p = p * r + 1.0 / 479001600;
        p = p * r + 1.0 / 39916800;
        p = p * r + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        return p * Double.longBitsToDouble((long) n + 1023 << 52);
    }
}
