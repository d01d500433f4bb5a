package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A tensor as it lies in memory: element {@code [i, j, ..]} is at {@code offset + i * strides[0] +
 * j * strides[1] + ..}, counted in elements. A stride of 0 repeats; a negative one runs backward.
 */
final class View {
    final Storage storage;
    final DType dtype;
    final int offset;
    final int[] dims;
    final int[] strides;

    View(Storage storage, DType dtype, int offset, int[] dims, int[] strides) {
        this.storage = storage;
        this.dtype = dtype;
        this.offset = offset;
        this.dims = dims;
        this.strides = strides;
    }

    /** All of a storage, row-major. */
    static View dense(Storage storage) {
        var shape = storage.type.shape();
        return new View(storage, storage.type.dtype(), 0, shape.toArray(), shape.strides());
    }

    int rank() {
        return dims.length;
    }

    int size() {
        return Shape.of(dims).size();
    }

    TensorType type() {
        return new TensorType(dtype, Shape.of(dims));
    }

    /** Whether this is all of its storage in row-major order. */
    boolean isWhole() {
        return isDense() && offset == 0 && size() == storage.type.shape().size();
    }

    /** Whether the elements follow one another without gaps, row-major. */
    boolean isDense() {
        if (size() == 0) {
            return true;
        }
        int step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            if (dims[i] != 1 && strides[i] != step) {
                return false;
            }
            step *= dims[i];
        }
        return true;
    }

    /** Whether every element is the same memory cell. */
    boolean isUniform() {
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] > 1 && strides[i] != 0) {
                return false;
            }
        }
        return size() > 0;
    }

    /** Whether both read the same cells in the same order. */
    boolean samePlaces(View other) {
        return storage == other.storage
                && offset == other.offset
                && Arrays.equals(dims, other.dims)
                && (Arrays.equals(strides, other.strides) || isDense() && other.isDense());
    }

    /**
     * Whether both, cut into so many slices of their leading axes, have slice by slice the same
     * cells, in any order.
     */
    boolean sameSlices(View other, int slices) {
        if (storage != other.storage || dtype != other.dtype || offset != other.offset) {
            return false;
        }
        int a = leading(slices);
        int b = other.leading(slices);
        return a >= 0
                && b >= 0
                && steps(0, a).equals(other.steps(0, b))
                && Set.copyOf(steps(a, rank())).equals(Set.copyOf(other.steps(b, other.rank())));
    }

    /** How many leading axes make so many slices; -1 if none do. */
    private int leading(int slices) {
        int made = 1;
        for (int i = 0; i < rank(); i++) {
            if (made == slices) {
                return i;
            }
            made *= dims[i];
        }
        return made == slices ? rank() : -1;
    }

    /** Lengths and strides of the axes that are longer than 1. */
    private List<List<Integer>> steps(int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> dims[i] != 1)
                .mapToObj(i -> List.of(dims[i], strides[i]))
                .toList();
    }

    View transpose(int... perm) {
        var d = new int[perm.length];
        var s = new int[perm.length];
        for (int i = 0; i < perm.length; i++) {
            d[i] = dims[perm[i]];
            s[i] = strides[perm[i]];
        }
        return new View(storage, dtype, offset, d, s);
    }

    /** The last two axes exchanged. */
    View swapLast() {
        var perm = new int[rank()];
        Arrays.setAll(perm, i -> i);
        perm[rank() - 1] = rank() - 2;
        perm[rank() - 2] = rank() - 1;
        return transpose(perm);
    }

    /** {@code count} elements of one axis from {@code begin}, {@code step} apart. */
    View slice(int axis, int begin, int count, int step) {
        var d = dims.clone();
        var s = strides.clone();
        d[axis] = count;
        s[axis] *= step;
        int shift = count == 0 ? 0 : begin * strides[axis];
        return new View(storage, dtype, offset + shift, d, s);
    }

    /** One axis as two, the outer of {@code outer} and the inner of {@code inner} elements. */
    View split(int axis, int outer, int inner) {
        var d = new int[rank() + 1];
        var s = new int[rank() + 1];
        for (int i = 0; i < rank(); i++) {
            int to = i > axis ? i + 1 : i;
            d[to] = dims[i];
            s[to] = strides[i];
        }
        d[axis] = outer;
        s[axis] = strides[axis] * inner;
        d[axis + 1] = inner;
        s[axis + 1] = strides[axis];
        return new View(storage, dtype, offset, d, s);
    }

    /** One axis backward. */
    View flip(int axis) {
        return slice(axis, dims[axis] - 1, dims[axis], -1);
    }

    /** Stretched by NumPy's rule. */
    View broadcastTo(int... to) {
        var s = new int[to.length];
        int skip = to.length - dims.length;
        for (int i = skip; i < to.length; i++) {
            s[i] = dims[i - skip] == to[i] ? strides[i - skip] : 0;
        }
        return new View(storage, dtype, offset, to.clone(), s);
    }

    /** The same elements under other dimensions, or empty if no strides can say that. */
    Optional<View> reshape(int... to) {
        if (isDense()) {
            return Optional.of(new View(storage, dtype, offset, to, Shape.of(to).strides()));
        }
        var from = new ArrayList<Integer>(); // axes longer than 1
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] != 1) {
                from.add(i);
            }
        }
        var s = new int[to.length];
        int next = 0;
        int i = 0;
        while (i < to.length) {
            if (to[i] == 1) {
                i++;
                continue;
            }
            // The smallest run of old axes and run of new axes with one product.
            int oldEnd = next + 1;
            int newEnd = i + 1;
            long oldSize = dims[from.get(next)];
            long newSize = to[i];
            while (oldSize != newSize) {
                if (oldSize < newSize) {
                    oldSize *= dims[from.get(oldEnd++)];
                } else {
                    newSize *= to[newEnd++];
                }
            }
            for (int k = next; k < oldEnd - 1; k++) {
                int inner = from.get(k + 1);
                if (strides[from.get(k)] != strides[inner] * dims[inner]) {
                    return Optional.empty();
                }
            }
            int step = strides[from.get(oldEnd - 1)];
            for (int k = newEnd - 1; k >= i; k--) {
                s[k] = step;
                step *= to[k];
            }
            next = oldEnd;
            i = newEnd;
        }
        return Optional.of(new View(storage, dtype, offset, to, s));
    }

    @Override
    public String toString() {
        return type() + (isDense() ? "" : " strides " + Arrays.toString(strides));
    }
}
