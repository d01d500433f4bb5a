package jane.ir;

/** Element type and shape of a value. */
public record TensorType(DType dtype, Shape shape) {
    /** fp32 of these dimensions. */
    public static TensorType fp32(int... dims) {
        return new TensorType(DType.FP32, Shape.of(dims));
    }

    /** Bytes of the dense value, without padding. */
    public long sizeBytes() {
        return (long) shape.size() * dtype.sizeBytes();
    }

    /** This shape with another element type. */
    public TensorType as(DType other) {
        return new TensorType(other, shape);
    }

    /** This element type with another shape. */
    public TensorType as(Shape other) {
        return new TensorType(dtype, other);
    }

    /** As MIL writes it: {@code tensor<fp32, [2, 3]>}, or just {@code fp32} at rank 0. */
    @Override
    public String toString() {
        return shape.rank() == 0 ? dtype.mil() : "tensor<" + dtype.mil() + ", " + shape + ">";
    }
}
