package jane.engine.cpu;

/** The inner loop of every product. */
final class Axpy {
    private Axpy() {}

    /**
     * {@code c += a0 b0 + a1 b1 + a2 b2 + a3 b3} over {@code n} elements. Four rows at a time,
     * because that is what the JIT's unroll limit still turns into vector code; one row written,
     * because it vectorises no loop that writes two.
     */
    static void four(
            float[] c,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float a0,
            float a1,
            float a2,
            float a3,
            int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }
}
