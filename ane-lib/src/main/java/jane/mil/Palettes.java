package jane.mil;

import jane.ir.Shape;
import java.util.ArrayList;

/**
 * The palettes of iOS 18: one for each block of the indices, of single numbers or of vectors that
 * lie along an axis of the result.
 */
final class Palettes {
    /** More entries than any tool writes; bounds how far a small text can grow. */
    private static final int MOST_VECTOR = 64;

    private final StoredTensor table;
    private final BlockGrid blocks;
    private final Shape shape;

    /** Entries of one palette. */
    private final int count;

    /** Numbers of one entry. */
    private final int width;

    /** Elements of the indices from one step of the vectors' axis to the next. */
    private final int inner;

    /** The argument {@code lut}, for indices of this type and shape. */
    Palettes(ConstexprArgs args, BlobType index, Shape indices) {
        var op = args.op();
        table = args.stored("lut");
        boolean isIndex = index.name().startsWith("UINT") && index.bits() <= 8;
        op.require(
                isIndex,
                StoredTensor.name(index, indices),
                "uint1, uint2, uint3, uint4, uint6 or uint8");
        int rank = indices.rank();
        count = 1 << index.bits();
        boolean fits = table.shape().rank() == rank + 2 && table.shape().dim(rank) == count;
        op.require(fits, table, "rank " + (rank + 2) + " and " + count + " entries a palette");
        width = table.shape().dim(rank + 1);
        op.require(width >= 1 && width <= MOST_VECTOR, table, "vectors of 1 to " + MOST_VECTOR);
        blocks = new BlockGrid(indices, Shape.of(table.shape().toList().subList(0, rank)), op);
        if (width == 1) {
            shape = indices;
            inner = 1;
            return;
        }
        int axis = indices.axis(args.integer("vector_axis"), op.mil());
        var wide = new ArrayList<>(indices.toList());
        wide.set(axis, Math.multiplyExact(wide.get(axis), width));
        shape = Shape.of(wide);
        inner = indices.strides()[axis];
    }

    /** The argument itself. */
    StoredTensor table() {
        return table;
    }

    /** The shape of the result. */
    Shape shape() {
        return shape;
    }

    /** Numbers of one entry. */
    int width() {
        return width;
    }

    /** Where the index stands that element {@code i} of the result is looked up by. */
    int from(int i) {
        return width == 1 ? i : i / (inner * width) * inner + i % inner;
    }

    /** Element {@code i} of the result, whose index is {@code index}. */
    double entry(int i, int index) {
        int within = width == 1 ? 0 : i / inner % width;
        return table.get((blocks.at(from(i)) * count + index) * width + within);
    }
}
