package jane.ir;

/**
 * IEEE 754 binary16 in Java 17, which has no half type. Rounds to nearest, ties to even; keeps
 * subnormals, infinities and NaN.
 */
public final class Half {
    private Half() {}

    /** The half nearest to {@code x}, as its 16 bits. */
    public static short fromFloat(float x) {
        int bits = Float.floatToRawIntBits(x);
        int sign = (bits >>> 16) & 0x8000;
        int abs = bits & 0x7fffffff;
        if (abs >= 0x7f800000) { // infinity or NaN: keep a quiet NaN a NaN
            return (short) (sign | 0x7c00 | (abs > 0x7f800000 ? 0x200 | (abs >>> 13 & 0x1ff) : 0));
        }
        if (abs >= 0x477ff000) { // rounds to 65536 or more
            return (short) (sign | 0x7c00);
        }
        if (abs < 0x38800000) { // below 2^-14: subnormal half, a multiple of 2^-24
            float scaled = Float.intBitsToFloat(abs) * 0x1p24f; // exact
            return (short) (sign | (int) Math.rint(scaled));
        }
        int rounded = abs + 0xfff + (abs >>> 13 & 1);
        return (short) (sign | (rounded - 0x38000000 >>> 13));
    }

    /** The half nearest to {@code x}, rounded once. */
    public static short fromDouble(double x) {
        float f = (float) x;
        if (f != x && !Float.isNaN(f) && !Float.isInfinite(f)) {
            // Round to odd first, so that the second rounding sees which side of a tie x was on.
            boolean away = Math.abs((double) f) > Math.abs(x);
            int bits = Float.floatToRawIntBits(f) - (away ? 1 : 0);
            f = Float.intBitsToFloat(bits | 1);
        }
        return fromFloat(f);
    }

    /** The value of the half with these bits, exactly. */
    public static float toFloat(short half) {
        int bits = half & 0xffff;
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int rebiased = exponent == 31 ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | rebiased << 23 | fraction << 13);
    }

    /** The value of the half with these bits, exactly. */
    public static double toDouble(short half) {
        return toFloat(half);
    }

    /** {@code x} rounded to the nearest half and widened again. */
    public static float round(float x) {
        return toFloat(fromFloat(x));
    }
}
