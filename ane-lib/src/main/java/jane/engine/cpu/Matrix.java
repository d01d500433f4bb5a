package jane.engine.cpu;

import jane.ir.DType;

/**
 * The last two axes of a view as a BLAS takes them: rows {@code ld} apart, or columns if {@code
 * transposed}.
 */
record Matrix(DType dtype, boolean transposed, int ld) {
    /** Whether a view is one as it lies: one of the two strides is 1. */
    static boolean fits(View v) {
        return isRows(v) || isRows(v.swapLast());
    }

    /** For a view that {@link #fits}. */
    static Matrix of(View v) {
        return isRows(v)
                ? new Matrix(v.dtype, false, ld(v))
                : new Matrix(v.dtype, true, ld(v.swapLast()));
    }

    private static boolean isRows(View v) {
        int columns = columns(v);
        boolean unit = columns == 1 || stride(v, 1) == 1;
        return unit && (rows(v) == 1 || stride(v, 2) >= columns);
    }

    private static int ld(View v) {
        return rows(v) == 1 ? columns(v) : stride(v, 2);
    }

    /** Elements from the first of a matrix to row {@code i}, column {@code j}. */
    static long offset(View v, int i, int j) {
        return (long) i * stride(v, 2) + (long) j * stride(v, 1);
    }

    /** Stride of an axis, counted from the last, which is 1. */
    static int stride(View v, int axis) {
        return v.strides[v.rank() - axis];
    }

    static int rows(View v) {
        return v.dims[v.rank() - 2];
    }

    static int columns(View v) {
        return v.dims[v.rank() - 1];
    }

    /** Code of CBLAS. */
    int trans() {
        return transposed ? Blas.TRANS : Blas.NO_TRANS;
    }

    /** Code of our own kernels. */
    long type() {
        return Block.code(dtype);
    }
}
