package jane.ir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The contents of a constant: dense, row-major, little-endian, immutable. Equal when type and bytes
 * are equal.
 */
public final class ConstData {
    private final TensorType type;
    private final ByteBuffer bytes;
    private final int hash;

    private ConstData(TensorType type, ByteBuffer bytes) {
        this.type = type;
        this.bytes = bytes;
        this.hash = 31 * type.hashCode() + bytes.hashCode();
    }

    /** Copies {@code bytes}, which must hold exactly the type's size. */
    public static ConstData ofBytes(TensorType type, ByteBuffer bytes) {
        if (bytes.remaining() != type.sizeBytes()) {
            throw new ShapeException(
                    "const", "%d bytes for %s; need %d", bytes.remaining(), type, type.sizeBytes());
        }
        var copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(bytes.duplicate()).flip();
        return new ConstData(type, copy);
    }

    /** Rounds each value to the type; one value per element. */
    public static ConstData of(TensorType type, double... values) {
        var dense = Dense.of(type, values);
        var bytes = ByteBuffer.allocate((int) type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            put(bytes, type.dtype(), dense.get(i));
        }
        return new ConstData(type, bytes.flip());
    }

    /** A rank-0 constant. */
    public static ConstData scalar(DType dtype, double value) {
        return of(new TensorType(dtype, Shape.SCALAR), value);
    }

    /** Writes one element at the buffer's position; the buffer is little-endian. */
    public static void put(ByteBuffer bytes, DType dtype, double value) {
        switch (dtype) {
            case FP16 -> bytes.putShort(Half.fromDouble(value));
            case FP32 -> bytes.putFloat((float) value);
            case INT8, UINT8, BOOL -> bytes.put((byte) dtype.round(value));
            case INT16, UINT16 -> bytes.putShort((short) (int) dtype.round(value));
            case INT32 -> bytes.putInt((int) dtype.round(value));
        }
    }

    /** Reads element {@code index} of a dense little-endian buffer, from its start. */
    public static double get(ByteBuffer bytes, DType dtype, int index) {
        return switch (dtype) {
            case FP16 -> Half.toDouble(bytes.getShort(2 * index));
            case FP32 -> bytes.getFloat(4 * index);
            case INT8 -> bytes.get(index);
            case UINT8 -> bytes.get(index) & 0xff;
            case BOOL -> bytes.get(index) != 0 ? 1 : 0;
            case INT16 -> bytes.getShort(2 * index);
            case UINT16 -> bytes.getShort(2 * index) & 0xffff;
            case INT32 -> bytes.getInt(4 * index);
        };
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** The bytes, read-only and little-endian, from position 0. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Element at a flat row-major index. */
    public double get(int flat) {
        return get(bytes, type.dtype(), flat);
    }

    /** The elements as doubles, a copy. */
    public Dense dense() {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = get(i);
        }
        return dense;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConstData c && type.equals(c.type) && bytes.equals(c.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return type.shape().rank() == 0 ? type + "(" + get(0) + ")" : "const " + type;
    }
}
