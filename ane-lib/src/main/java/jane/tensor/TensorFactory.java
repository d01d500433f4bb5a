package jane.tensor;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.util.Arrays;

/** Ways to make tensors, called as {@code Tensor.zeros(2, 3)}. All fp32; see {@code cast}. */
public abstract class TensorFactory {
    TensorFactory() {}

    /** A vector of these values. */
    public static Tensor of(float... values) {
        return of(Shape.of(values.length), values);
    }

    /** A matrix of these rows, which must be equally long. */
    public static Tensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        var flat = new float[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new ShapeException(
                        "tensor",
                        "row %d has %d values, row 0 has %d; need rows of one length",
                        i,
                        rows[i].length,
                        columns);
            }
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return of(Shape.of(rows.length, columns), flat);
    }

    /** These values in row-major order under a shape. */
    public static Tensor of(Shape shape, float... values) {
        return of(new TensorType(DType.FP32, shape), values);
    }

    /** These values, rounded to the type. */
    public static Tensor of(TensorType type, float... values) {
        if (values.length != type.shape().size()) {
            throw new ShapeException(
                    "tensor",
                    "%d values for shape %s; need %d",
                    values.length,
                    type.shape(),
                    type.shape().size());
        }
        var buffer = allocate(type);
        buffer.put(values);
        return Tensor.holding(buffer);
    }

    /** One value, rank 0. */
    public static Tensor scalar(double value) {
        return of(Shape.SCALAR, (float) value);
    }

    /** All 0. */
    public static Tensor zeros(int... dims) {
        return Tensor.holding(allocate(TensorType.fp32(dims)));
    }

    /** All 1. */
    public static Tensor ones(int... dims) {
        return full(1, dims);
    }

    /** All {@code value}. */
    public static Tensor full(double value, int... dims) {
        var values = new float[Shape.of(dims).size()];
        Arrays.fill(values, (float) value);
        return of(Shape.of(dims), values);
    }

    /** 0, 1, ... {@code n - 1}. */
    public static Tensor arange(int n) {
        var values = new float[Shape.of(n).size()];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return of(values);
    }

    /** {@code n} values from {@code first} to {@code last}, both included, evenly spaced. */
    public static Tensor linspace(double first, double last, int n) {
        var values = new float[Shape.of(n).size()];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (n == 1 ? first : first + (last - first) * i / (n - 1));
        }
        return of(values);
    }

    /** The n by n identity matrix. */
    public static Tensor eye(int n) {
        var values = new float[Shape.of(n, n).size()];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return of(Shape.of(n, n), values);
    }

    /** Row i is all 0 but for a 1 at {@code labels[i]}; shape [labels, classes]. */
    public static Tensor oneHot(int[] labels, int classes) {
        var values = new float[Shape.of(labels.length, classes).size()];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new ShapeException(
                        "oneHot", "label %d at index %d; need 0 to %d", labels[i], i, classes - 1);
            }
            values[i * classes + labels[i]] = 1;
        }
        return of(Shape.of(labels.length, classes), values);
    }

    /** Normal with mean 0 and deviation 1, from the session's seed. */
    public static Tensor randn(int... dims) {
        var values = new float[Shape.of(dims).size()];
        Session.current().stream("randn").fillNormal(values, 0, 1);
        return of(Shape.of(dims), values);
    }

    /** Uniform in [0, 1), from the session's seed. */
    public static Tensor rand(int... dims) {
        return uniform(0, 1, dims);
    }

    /** Uniform in [low, high), from the session's seed. */
    public static Tensor uniform(double low, double high, int... dims) {
        var values = new float[Shape.of(dims).size()];
        Session.current().stream("uniform").fillUniform(values, (float) low, (float) high);
        return of(Shape.of(dims), values);
    }

    private static Buffer allocate(TensorType type) {
        return Session.current().engine().allocate(type);
    }
}
