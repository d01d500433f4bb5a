package jane.ir;

import java.util.Arrays;
import java.util.List;

/**
 * The dimensions of a tensor, outermost first; rank 0 is a scalar, a dimension may be 0. Immutable.
 * Images are {@code [N, C, H, W]}.
 *
 * <p><b>Errors.</b> A negative dimension, or more than 2^31 - 1 elements, is a {@link
 * ShapeException}.
 */
public final class Shape {
    /** Rank 0: one element. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        boolean empty = false;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException(
                        "shape", "negative dimension %d in %s; need 0 or more", d, this);
            }
            empty |= d == 0;
        }
        long n = empty ? 0 : 1;
        for (int d : dims) {
            n *= d;
            if (n > Integer.MAX_VALUE) {
                throw new ShapeException(
                        "shape", "%s has more than 2^31 - 1 elements; use a smaller shape", this);
            }
        }
        this.size = (int) n;
    }

    /** The shape with these dimensions. */
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** The shape with these dimensions. */
    public static Shape of(List<Integer> dims) {
        return of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** Dimension {@code axis}; negative counts from the end. */
    public int dim(int axis) {
        return dims[axis(axis, "shape")];
    }

    /** {@code axis} counted from the front, checked; {@code where} names the op in the error. */
    public int axis(int axis, String where) {
        int positive = axis < 0 ? axis + dims.length : axis;
        if (dims.length == 0) {
            throw new ShapeException(where, "axis %d is outside shape []; a scalar has none", axis);
        }
        if (positive < 0 || positive >= dims.length) {
            throw new ShapeException(
                    where,
                    "axis %d is outside shape %s; need %d to %d",
                    axis,
                    this,
                    -dims.length,
                    dims.length - 1);
        }
        return positive;
    }

    /** A copy of the dimensions. */
    public int[] toArray() {
        return dims.clone();
    }

    /** The dimensions as a list. */
    public List<Integer> toList() {
        return Arrays.stream(dims).boxed().toList();
    }

    /** This shape with dimension {@code axis} replaced. */
    public Shape with(int axis, int dim) {
        int[] copy = dims.clone();
        copy[axis(axis, "shape")] = dim;
        return of(copy);
    }

    /** Dimensions {@code from} (inclusive) to {@code to} (exclusive), counted from the front. */
    public Shape slice(int from, int to) {
        return of(Arrays.copyOfRange(dims, from, to));
    }

    /** Elements to step over per index, row-major: the last stride is 1. */
    public int[] strides() {
        var strides = new int[dims.length];
        int step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= dims[i];
        }
        return strides;
    }

    /**
     * The shape both broadcast to by NumPy's rule: aligned at the end, a dimension of 1 stretches.
     *
     * @param where the op named in the error
     */
    public static Shape broadcast(Shape a, Shape b, String where) {
        var out = new int[Math.max(a.rank(), b.rank())];
        for (int i = 1; i <= out.length; i++) {
            int p = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int q = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (p != q && p != 1 && q != 1) {
                throw new ShapeException(
                        where,
                        "shapes %s and %s do not broadcast: dimension %d from the end is %d and"
                                + " %d; need equal, or 1 on one side (reshape one of them)",
                        a,
                        b,
                        i,
                        p,
                        q);
            }
            out[out.length - i] = p == 1 ? q : p;
        }
        return of(out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As MIL writes it: {@code [2, 3]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
