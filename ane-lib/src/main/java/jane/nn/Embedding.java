package jane.nn;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.Arrays;

/**
 * A table of vectors, looked up by id. Ids are whole numbers in a float tensor, as a batch holds
 * them, or int32: a program's inputs are floats, which become int32 inside of it.
 *
 * <p><b>Errors.</b> A {@link DataException} for an id that is no row of the table: a fraction, NaN,
 * negative, or too large. Ids of a tensor whose values are known are checked when the layer is
 * called, those of a batch before each step or score, in which nothing changes then. Ids that a
 * program computes from its inputs are not seen before it runs: it cuts fractions off, towards
 * zero, takes NaN for some whole number, and then refuses what is out of range. In fp16 such ids
 * are exact up to 2048.
 *
 * <p><b>Shapes.</b> x (...), weight (count, size), y (..., size). <b>Init.</b> Normal, deviation 1.
 * The gradient adds up over the places where an id occurs.
 */
public final class Embedding extends Layer {
    /** From here on fp32 has no room for every whole number. */
    private static final int MOST = 1 << 24;

    private final int count;
    private final int size;
    private final Parameter weight;

    /** Vectors of {@code size} for ids 0 to {@code count - 1}. */
    public Embedding(int count, int size) {
        if (count < 1 || count > MOST || size < 1) {
            throw new ShapeException(
                    "Embedding",
                    "%d vectors of %d; need 1 to %d vectors of 1 or more",
                    count,
                    size,
                    MOST);
        }
        this.count = count;
        this.size = size;
        var values = new float[Shape.of(count, size).size()];
        Session.current().stream("init").fillNormal(values, 0, 1);
        weight = param("weight", Tensor.of(Shape.of(count, size), values));
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.dtype() == DType.BOOL || x.dtype() == DType.FP16 && count > 2048) {
            throw new ShapeException(
                    describe(), "ids are %s; need fp32 or int32 for %d vectors", x.dtype(), count);
        }
        var where = where();
        check(x, ids -> requireRows(where, ids));
        return weight.gather(x.dtype() == DType.INT32 ? x : x.cast(DType.INT32), 0);
    }

    private void requireRows(String where, Buffer ids) {
        var shape = ids.type().shape();
        for (int i = 0; i < shape.size(); i++) {
            double id = ids.get(i);
            if (!(id >= 0 && id < count && id == Math.rint(id))) {
                throw new DataException(
                        where,
                        "id %s at %s of %s; need whole numbers 0 to %d",
                        id == (int) id ? Integer.toString((int) id) : Float.toString((float) id),
                        Arrays.toString(position(i, shape)),
                        shape,
                        count - 1);
            }
        }
    }

    /** The index on each axis. */
    private static int[] position(int flat, Shape shape) {
        var index = new int[shape.rank()];
        for (int axis = index.length - 1, rest = flat; axis >= 0; axis--) {
            index[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return index;
    }

    @Override
    public String describe() {
        return "Embedding(" + count + " of " + size + ")";
    }
}
