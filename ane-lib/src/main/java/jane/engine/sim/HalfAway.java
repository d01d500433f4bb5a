package jane.engine.sim;

/**
 * Rounding to fp16 with ties away from zero, as the Neural Engine is reported to do on the way out
 * of an op; {@link jane.ir.Half} rounds ties to even.
 */
final class HalfAway {
    private static final int DROPPED = 13; // bits that a float's fraction has more than a half's
    private static final int INFINITE = Float.floatToIntBits(65520);
    private static final int SMALLEST_NORMAL = Float.floatToIntBits(0x1p-14f);
    private static final int INFINITY = 0x7f800000;

    private HalfAway() {}

    /** The half nearest to {@code x}, of two equally near the larger in magnitude; NaN is kept. */
    static float round(float x) {
        int bits = Float.floatToRawIntBits(x);
        int magnitude = bits & 0x7fffffff;
        int sign = bits & 0x80000000;
        if (magnitude > INFINITY) {
            return x;
        }
        if (magnitude >= INFINITE) {
            return Float.intBitsToFloat(sign | INFINITY);
        }
        if (magnitude < SMALLEST_NORMAL) {
            float units = (int) (Float.intBitsToFloat(magnitude) * 0x1p24f + 0.5f);
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(units * 0x1p-24f));
        }
        int rounded = magnitude + (1 << DROPPED - 1) >> DROPPED << DROPPED;
        return Float.intBitsToFloat(sign | rounded);
    }
}
