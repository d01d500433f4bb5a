package jane.engine.cpu;

/**
 * A view as rows: axes that follow one another in memory are merged, so that a row is as long as
 * strides allow. Element {@code i} in row-major order is in row {@code i / inner}.
 */
final class Nest {
    /** Elements of a row. */
    final int inner;

    /** Elements of memory from one to the next in a row. */
    final int step;

    /** Whether all rows are the same memory. */
    final boolean repeats;

    private final int offset;
    private final int[] dims; // of the outer axes
    private final int[] strides;

    Nest(View view) {
        var d = new int[view.rank()];
        var s = new int[view.rank()];
        int n = 0;
        for (int i = 0; i < view.rank(); i++) {
            if (view.dims[i] == 1) {
                continue;
            }
            if (n > 0 && s[n - 1] == view.strides[i] * view.dims[i]) {
                d[n - 1] *= view.dims[i];
                s[n - 1] = view.strides[i];
            } else {
                d[n] = view.dims[i];
                s[n++] = view.strides[i];
            }
        }
        inner = n == 0 ? 1 : d[n - 1];
        step = n == 0 ? 1 : s[n - 1];
        dims = java.util.Arrays.copyOf(d, Math.max(0, n - 1));
        strides = java.util.Arrays.copyOf(s, dims.length);
        offset = view.offset;
        boolean same = true;
        for (int stride : strides) {
            same &= stride == 0;
        }
        repeats = same;
    }

    /** Axes that lead from one row to the next. */
    int outer() {
        return dims.length;
    }

    /** Length of an outer axis. */
    int dim(int axis) {
        return dims[axis];
    }

    /** Elements of memory from one index of an outer axis to the next. */
    int stride(int axis) {
        return strides[axis];
    }

    /** Where row {@code row} begins. */
    int row(int row) {
        int at = offset;
        int rest = row;
        for (int i = dims.length - 1; i > 0; i--) {
            int outer = rest / dims[i];
            at += (rest - outer * dims[i]) * strides[i];
            rest = outer;
        }
        return dims.length == 0 ? at : at + rest * strides[0];
    }
}
