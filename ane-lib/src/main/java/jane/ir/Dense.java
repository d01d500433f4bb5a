package jane.ir;

/** A dense row-major array of doubles with a type: what reference kernels read and write. */
public final class Dense {
    private final TensorType type;
    private final double[] data;

    private Dense(TensorType type, double[] data) {
        this.type = type;
        this.data = data;
    }

    /** Zeros. */
    public static Dense zeros(TensorType type) {
        return new Dense(type, new double[type.shape().size()]);
    }

    /** Wraps {@code data}, without a copy and without rounding it to the type. */
    public static Dense of(TensorType type, double... data) {
        if (data.length != type.shape().size()) {
            throw new ShapeException(
                    "dense", "%d values for %s; need %d", data.length, type, type.shape().size());
        }
        return new Dense(type, data);
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** Shorthand for {@code type().shape()}. */
    public Shape shape() {
        return type.shape();
    }

    /** The elements themselves, not a copy. */
    public double[] data() {
        return data;
    }

    /** Element at a flat row-major index. */
    public double get(int flat) {
        return data[flat];
    }
}
