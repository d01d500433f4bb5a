package jane.engine.cpu;

/**
 * The two functions of CBLAS that Jane calls, of OpenBLAS or Accelerate, under their own names.
 * Row-major; pointers are addresses. Bound once per process, by {@link NativeKernels}.
 */
final class Blas {
    static final int ROW_MAJOR = 101;
    static final int NO_TRANS = 111;
    static final int TRANS = 112;

    private Blas() {}

    /** C = alpha op(A) op(B) + beta C: (M, K) by (K, N). */
    static native void cblas_sgemm(
            int order,
            int transA,
            int transB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long b,
            int ldb,
            float beta,
            long c,
            int ldc);

    /** y = alpha op(A) x + beta y, where A is (M, N). */
    static native void cblas_sgemv(
            int order,
            int trans,
            int m,
            int n,
            float alpha,
            long a,
            int lda,
            long x,
            int incX,
            float beta,
            long y,
            int incY);
}
