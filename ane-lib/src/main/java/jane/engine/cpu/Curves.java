package jane.engine.cpu;

/**
 * Transcendental functions over float arrays, by polynomials and quotients that vectorise. Errors
 * against {@code Math} over all finite floats are bounded in {@code CurvesTest}: log 1 ulp, exp 2,
 * sigmoid 2.5, tanh and erf 8 ulp. NaN stays NaN, infinities have their limits. {@code d} may be
 * {@code a}; {@code room} is another array, whose contents are lost. {@code
 * native/kernels/curves.h} has the same operations in the same order, and so the same bits.
 *
 * <p>Sources: exp and log, Cephes' expf and logf; tanh and erf, the minimax quotients of Eigen's
 * generic_fast_tanh_float and of XLA's ErfImpl32.
 */
final class Curves {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // ln 2 in two parts: n * the first is exact
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding this leaves the nearest integer in a float's last bits. */
    private static final float MAGIC = 0x1.8p23f;

    private static final int MAGIC_BITS = Float.floatToRawIntBits(MAGIC);
    private static final float ROOT_HALF = 0.70710678f;
    private static final int ROOT_HALF_BITS = 0x3f3504f3; // where mantissas for log begin
    private static final float ROOT_2_OVER_PI = 0.79788456f;

    private Curves() {}

    /** {@code d = e^a}. */
    static void exp(float[] d, float[] a, float[] room, int n) {
        for (int i = 0; i < n; i++) {
            d[i] = Math.min(Math.max(a[i], -105), 89); // beyond: 0 and infinity all the same
        }
        for (int i = 0; i < n; i++) {
            room[i] = d[i] * LOG2_E + MAGIC;
        }
        for (int i = 0; i < n; i++) {
            d[i] = d[i] - (room[i] - MAGIC) * LN2_HIGH - (room[i] - MAGIC) * LN2_LOW;
        }
        expTail(d, n);
        for (int i = 0; i < n; i++) {
            int power = Float.floatToRawIntBits(room[i]) - MAGIC_BITS; // -152 to 129
            int half = power >> 1; // in two factors, to reach subnormals and infinity
            d[i] =
                    d[i]
                            * Float.intBitsToFloat(half + 127 << 23)
                            * Float.intBitsToFloat(power - half + 127 << 23);
        }
    }

    /** {@code d = e^d} for |d| <= ln 2 / 2. */
    private static void expTail(float[] d, int n) {
        for (int i = 0; i < n; i++) {
            float r = d[i];
            float p = 1.9875691500e-4f;
            p = p * r + 1.3981999507e-3f;
            p = p * r + 8.3334519073e-3f;
            p = p * r + 4.1665795894e-2f;
            p = p * r + 1.6666665459e-1f;
            p = p * r + 5.0000001201e-1f;
            d[i] = p * r * r + r + 1;
        }
    }

    /** {@code d = 1 / (1 + e^-a)}. */
    static void sigmoid(float[] d, float[] a, float[] room, int n) {
        for (int i = 0; i < n; i++) {
            d[i] = -a[i];
        }
        exp(d, d, room, n);
        for (int i = 0; i < n; i++) {
            d[i] = 1 / (1 + d[i]);
        }
    }

    /** {@code d = a / (1 + e^(-slope a))}; {@code d} must not be {@code a}. */
    static void scaledSigmoid(float[] d, float[] a, float[] room, float slope, int n) {
        for (int i = 0; i < n; i++) {
            d[i] = -slope * a[i];
        }
        exp(d, d, room, n);
        for (int i = 0; i < n; i++) {
            d[i] = a[i] / (1 + d[i]);
        }
    }

    /** {@code d = tanh a}. */
    static void tanh(float[] d, float[] a, int n) {
        for (int i = 0; i < n; i++) {
            float x = Math.min(Math.max(a[i], -7.90531110763549805f), 7.90531110763549805f);
            float x2 = x * x;
            float p = -2.76076847742355e-16f;
            p = p * x2 + 2.00018790482477e-13f;
            p = p * x2 - 8.60467152213735e-11f;
            p = p * x2 + 5.12229709037114e-08f;
            p = p * x2 + 1.48572235717979e-05f;
            p = p * x2 + 6.37261928875436e-04f;
            p = p * x2 + 4.89352455891786e-03f;
            float q = 1.19825839466702e-06f;
            q = q * x2 + 1.18534705686654e-04f;
            q = q * x2 + 2.26843463243900e-03f;
            q = q * x2 + 4.89352518554385e-03f;
            d[i] = x * p / q;
        }
    }

    /** {@code d = erf a}. */
    static void erf(float[] d, float[] a, int n) {
        for (int i = 0; i < n; i++) {
            float x = Math.min(Math.max(a[i], -4), 4);
            float x2 = x * x;
            float p = -2.72614225801306e-10f;
            p = p * x2 + 2.77068142495902e-08f;
            p = p * x2 - 2.10102402082508e-06f;
            p = p * x2 - 5.69250639462346e-05f;
            p = p * x2 - 7.34990630326855e-04f;
            p = p * x2 - 2.95459980854025e-03f;
            p = p * x2 - 1.60960333262415e-02f;
            float q = -1.45660718464996e-05f;
            q = q * x2 - 2.13374055278905e-04f;
            q = q * x2 - 1.68282697438203e-03f;
            q = q * x2 - 7.37332916720468e-03f;
            q = q * x2 - 1.42647390514189e-02f;
            d[i] = x * p / q;
        }
    }

    /** {@code d = a (1 + erf(a / sqrt 2)) / 2}; {@code d} must not be {@code a}. */
    static void geluExact(float[] d, float[] a, float[] room, int n) {
        for (int i = 0; i < n; i++) {
            room[i] = a[i] * ROOT_HALF;
        }
        erf(room, room, n);
        for (int i = 0; i < n; i++) {
            d[i] = 0.5f * a[i] * (1 + room[i]);
        }
    }

    /**
     * {@code d = a (1 + tanh(sqrt(2 / pi) (a + 0.044715 a^3))) / 2}; {@code d} is not {@code a}.
     */
    static void geluTanh(float[] d, float[] a, float[] room, int n) {
        for (int i = 0; i < n; i++) {
            room[i] = ROOT_2_OVER_PI * (a[i] + 0.044715f * a[i] * a[i] * a[i]);
        }
        tanh(room, room, n);
        for (int i = 0; i < n; i++) {
            d[i] = 0.5f * a[i] * (1 + room[i]);
        }
    }

    /** {@code ln a}. */
    static float log(float a) {
        boolean tiny = a < Float.MIN_NORMAL;
        float x = tiny ? a * 0x1p24f : a; // subnormals in the normal range
        int bits = Float.floatToRawIntBits(x) - ROOT_HALF_BITS;
        float n = (bits >> 23) - (tiny ? 24 : 0);
        float r = Float.intBitsToFloat((bits & 0x7fffff) + ROOT_HALF_BITS) - 1; // -0.29 to 0.41
        float z = r * r;
        float p = 7.0376836292e-2f;
        p = p * r - 1.1514610310e-1f;
        p = p * r + 1.1676998740e-1f;
        p = p * r - 1.2420140846e-1f;
        p = p * r + 1.4249322787e-1f;
        p = p * r - 1.6668057665e-1f;
        p = p * r + 2.0000714765e-1f;
        p = p * r - 2.4999993993e-1f;
        p = p * r + 3.3333331174e-1f;
        float y = r * z * p + n * LN2_LOW;
        y = y - 0.5f * z;
        y = r + y + n * LN2_HIGH;
        y = a == 0 ? Float.NEGATIVE_INFINITY : y;
        y = a < 0 ? Float.NaN : y;
        return a == Float.POSITIVE_INFINITY || a != a ? a : y;
    }
}
