package jane.nn;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;

/**
 * A table of vectors, looked up by id. Ids are whole numbers in a float tensor, as a batch holds
 * them, or int32: a program's inputs are floats, which become int32 inside of it. An id out of
 * range is an error when the step runs.
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
        return weight.gather(x.dtype() == DType.INT32 ? x : x.cast(DType.INT32), 0);
    }

    @Override
    public String describe() {
        return "Embedding(" + count + " of " + size + ")";
    }
}
