package jane.engine.cpu;

/** Who multiplies one block of matrices, on the calling thread. */
enum Gemm {
    /** The BLAS, where our own kernel was not measured to be faster. */
    BLAS {
        @Override
        long room(int n, int k) {
            return 0;
        }

        @Override
        boolean copiesRows() {
            return true;
        }

        @Override
        void multiply(
                Size size, long a, Matrix ma, long b, Matrix mb, long c, Rows rows, long room) {
            Blas.cblas_sgemm(
                    Blas.ROW_MAJOR,
                    ma.trans(),
                    mb.trans(),
                    size.m,
                    size.n,
                    size.k,
                    1,
                    a,
                    ma.ld(),
                    b,
                    mb.ld(),
                    0,
                    c,
                    rows.ld);
        }
    },

    /** {@code native/kernels/gemm.c}, with AVX2 or AVX-512. */
    OWN {
        @Override
        long room(int n, int k) {
            return KernelLibrary.size(KernelLibrary.jane_gemm_room(n, k));
        }

        @Override
        boolean copiesRows() {
            return false;
        }

        @Override
        void multiply(
                Size size, long a, Matrix ma, long b, Matrix mb, long c, Rows rows, long room) {
            KernelLibrary.check(
                    KernelLibrary.jane_gemm_f32(
                            size.m,
                            size.n,
                            size.k,
                            a,
                            ma.ld(),
                            ma.transposed() ? 1 : 0,
                            b,
                            mb.ld(),
                            mb.transposed() ? 1 : 0,
                            c,
                            rows.ld,
                            rows.streams ? 1 : 0,
                            room));
        }
    };

    /** (m, k) by (k, n). */
    record Size(int m, int n, int k) {}

    /**
     * How a result is stored.
     *
     * @param ld floats from one row to the next
     * @param streams whether it may go around the caches, as it is large and not read soon
     */
    record Rows(int ld, boolean streams) {}

    /** Bytes that {@link #multiply} works in, for up to n columns and k inner indices. */
    abstract long room(int n, int k);

    /** Whether an A that is stored by rows is copied all the same, once per task. */
    abstract boolean copiesRows();

    /** {@code c = a b}; a, b, c and room are addresses. */
    abstract void multiply(
            Size size, long a, Matrix ma, long b, Matrix mb, long c, Rows rows, long room);

    /** Our own where it has the vectors it was written for. */
    static Gemm ofLevel(int level) {
        return level == KernelLibrary.AVX2 || level == KernelLibrary.AVX512 ? OWN : BLAS;
    }
}
