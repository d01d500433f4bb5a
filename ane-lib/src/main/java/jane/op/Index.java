package jane.op;

import jane.ir.Dense;
import jane.ir.Shape;

/** Coordinates for reference kernels. */
final class Index {
    private Index() {}

    /** Coordinates of a flat row-major index. */
    static int[] unravel(int flat, Shape shape) {
        var at = new int[shape.rank()];
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = flat % shape.dim(i);
            flat /= shape.dim(i);
        }
        return at;
    }

    /** Flat index of coordinates. */
    static int ravel(int[] at, Shape shape) {
        int flat = 0;
        for (int i = 0; i < at.length; i++) {
            flat = flat * shape.dim(i) + at[i];
        }
        return flat;
    }

    /** Flat index in {@code shape} of coordinates in a shape that it broadcasts to. */
    static int broadcast(int[] at, Shape shape) {
        int flat = 0;
        int skip = at.length - shape.rank();
        for (int i = 0; i < shape.rank(); i++) {
            flat = flat * shape.dim(i) + (shape.dim(i) == 1 ? 0 : at[i + skip]);
        }
        return flat;
    }

    /** The same elements in the same order. */
    static void copy(Dense from, Dense to) {
        System.arraycopy(from.data(), 0, to.data(), 0, to.data().length);
    }
}
