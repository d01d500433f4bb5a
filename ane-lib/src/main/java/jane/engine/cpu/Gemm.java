package jane.engine.cpu;

import jane.ir.DType;

/** Who multiplies one block of matrices, on the calling thread. */
enum Gemm {
    /** The BLAS, where our own kernel was not measured to be faster. */
    BLAS {
        @Override
        boolean takes(DType dtype) {
            return dtype == DType.FP32;
        }

        @Override
        long room(Size size, DType c) {
            return 0;
        }

        @Override
        boolean copiesRows(DType a) {
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
        boolean takes(DType dtype) {
            return dtype == DType.FP32 || dtype == DType.FP16;
        }

        @Override
        long room(Size size, DType c) {
            return KernelLibrary.size(
                    KernelLibrary.jane_gemm_room(size.m, size.n, size.k, Block.code(c)));
        }

        @Override
        boolean copiesRows(DType a) {
            return a == DType.FP16; // to convert them
        }

        @Override
        void multiply(
                Size size, long a, Matrix ma, long b, Matrix mb, long c, Rows rows, long room) {
            KernelLibrary.check(
                    KernelLibrary.jane_gemm(
                            size.m,
                            size.n,
                            size.k,
                            ma.type(),
                            a,
                            ma.ld(),
                            ma.transposed() ? 1 : 0,
                            mb.type(),
                            b,
                            mb.ld(),
                            mb.transposed() ? 1 : 0,
                            Block.code(rows.dtype),
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
     * @param ld elements from one row to the next
     * @param streams whether it may go around the caches, as it is large and not read soon
     */
    record Rows(DType dtype, int ld, boolean streams) {}

    /** Whether operands and result may have this type, each another. */
    abstract boolean takes(DType dtype);

    /** Bytes that {@link #multiply} works in, for up to such a size and a result of that type. */
    abstract long room(Size size, DType c);

    /** Whether an A that is stored by rows is copied all the same, once per task. */
    abstract boolean copiesRows(DType a);

    /** {@code c = a b}; a, b, c and room are addresses. */
    abstract void multiply(
            Size size, long a, Matrix ma, long b, Matrix mb, long c, Rows rows, long room);

    /** Our own where it has the vectors it was written for. */
    static Gemm ofLevel(int level) {
        return level == KernelLibrary.AVX2 || level == KernelLibrary.AVX512 ? OWN : BLAS;
    }
}
