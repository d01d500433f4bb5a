package jane.mil;

import jane.ir.ConstData;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A constant as a weight file or a text stores it, packed: of any {@link BlobType}, also those that
 * no value of a graph has, such as int4. Immutable. Equal when type, shape and bytes are equal.
 */
public final class StoredTensor {
    private final BlobType type;
    private final Shape shape;
    private final ByteBuffer bytes;

    private StoredTensor(BlobType type, Shape shape, ByteBuffer bytes) {
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /**
     * Packs one value per element. Rounds to fp16, fp32 and bf16.
     *
     * @throws JaneException for a value the type cannot hold, fp8 included
     */
    public static StoredTensor of(BlobType type, Shape shape, double... values) {
        if (values.length != shape.size()) {
            throw new ShapeException(
                    "blob", "%d values for shape %s; need %d", values.length, shape, shape.size());
        }
        var bytes = ByteBuffer.allocate((int) type.sizeBytes(values.length));
        for (int i = 0; i < values.length; i++) {
            if (!type.put(bytes, i, values[i])) {
                throw new JaneException(
                        "blob",
                        "%s for element %d; need what %s can hold",
                        values[i],
                        i,
                        type.mil());
            }
        }
        return new StoredTensor(type, shape, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Copies packed bytes, which must be exactly as many as the shape needs. */
    public static StoredTensor ofBytes(BlobType type, Shape shape, ByteBuffer packed) {
        long need = type.sizeBytes(shape.size());
        if (packed.remaining() != need) {
            throw new ShapeException(
                    "blob", "%d bytes for %s %s; need %d", packed.remaining(), type, shape, need);
        }
        var copy = ByteBuffer.allocate(packed.remaining()).put(packed.duplicate()).flip();
        return new StoredTensor(type, shape, copy.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The same contents; there is no bool in storage. */
    static StoredTensor of(ConstData data) {
        var type = BlobType.of(data.type().dtype());
        if (type.isEmpty()) {
            throw new JaneException(
                    "blob",
                    "%s cannot be stored; need fp16, fp32 or an int type: write bool inline",
                    data.type());
        }
        return new StoredTensor(type.get(), data.type().shape(), data.bytes());
    }

    /** Element type. */
    public BlobType type() {
        return type;
    }

    /** Shape. */
    public Shape shape() {
        return shape;
    }

    /** The packed bytes, read-only, from position 0. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Element at a flat row-major index. */
    public double get(int flat) {
        return type.get(bytes, flat);
    }

    /**
     * The elements in the type's {@link BlobType#carrier}.
     *
     * @throws JaneException for a uint32 above 2^31 - 1
     */
    public ConstData widened() {
        var wide = new TensorType(type.carrier(), shape);
        if (type.isValueType()) {
            return ConstData.ofBytes(wide, bytes());
        }
        Memory.check("blob", wide);
        var out = ByteBuffer.allocate((int) wide.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < shape.size(); i++) {
            double value = get(i);
            if (type == BlobType.UINT32 && value > Integer.MAX_VALUE) {
                throw new JaneException(
                        "blob", "uint32 %.0f at element %d; need at most 2147483647", value, i);
            }
            ConstData.put(out, type.carrier(), value);
        }
        return ConstData.ofBytes(wide, out.flip());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredTensor s
                && type == s.type
                && shape.equals(s.shape)
                && bytes.equals(s.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + shape.hashCode()) + bytes.hashCode();
    }

    /** As MIL writes the type: {@code tensor<int4, [2, 3]>}. */
    @Override
    public String toString() {
        return name(type, shape);
    }

    static String name(BlobType type, Shape shape) {
        return shape.rank() == 0 ? type.mil() : "tensor<" + type.mil() + ", " + shape + ">";
    }
}
