package jane.io;

import jane.ir.DType;
import jane.ir.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The element types of an npy file, and how each is carried over to one of ours. */
enum NpyElement {
    F2("<f2", 2, DType.FP16),
    F4("<f4", 4, DType.FP32),
    F8("<f8", 8, DType.FP32),
    I1("|i1", 1, DType.INT8),
    U1("|u1", 1, DType.UINT8),
    I2("<i2", 2, DType.INT16),
    U2("<u2", 2, DType.UINT16),
    I4("<i4", 4, DType.INT32),
    I8("<i8", 8, DType.INT32),
    B1("|b1", 1, DType.BOOL);

    private final String descr;
    private final int sizeBytes;
    private final DType dtype;

    NpyElement(String descr, int sizeBytes, DType dtype) {
        this.descr = descr;
        this.sizeBytes = sizeBytes;
        this.dtype = dtype;
    }

    /** NumPy's name, with the byte order we write. */
    String descr() {
        return descr;
    }

    /** Bytes of one element in the file. */
    int sizeBytes() {
        return sizeBytes;
    }

    /** What an element becomes when read. */
    DType dtype() {
        return dtype;
    }

    /** The element type that {@code dtype} is written as. */
    static NpyElement of(DType dtype) {
        return switch (dtype) {
            case FP16 -> F2;
            case FP32 -> F4;
            case INT8 -> I1;
            case UINT8 -> U1;
            case INT16 -> I2;
            case UINT16 -> U2;
            case INT32 -> I4;
            case BOOL -> B1;
        };
    }

    /** The element type NumPy calls {@code descr}: byte order, kind, bytes. */
    static NpyElement ofDescr(Path file, String descr) {
        for (var element : values()) {
            boolean ordered = descr.startsWith("<") || descr.startsWith(">");
            if (descr.length() == 3
                    && descr.endsWith(element.descr.substring(1))
                    && (ordered || descr.startsWith("|") && element.sizeBytes == 1)) {
                return element;
            }
        }
        throw new DataException(
                file.toString(),
                "element type '%s'%s; need f2, f4, f8, i1, i2, i4, i8, u1, u2 or b1, as"
                        + " x.astype(np.float32) gives",
                descr,
                descr.endsWith("O") ? " (Python objects, which only Python can read)" : "");
    }

    /** Copies element {@code from} of {@code in} to {@code out}, which is little-endian. */
    void copy(Path file, ByteBuffer in, int from, ByteBuffer out) {
        switch (this) {
            case I1, U1 -> out.put(in.get(from));
            case F2, I2, U2 -> out.putShort(in.getShort(2 * from));
            case F4, I4 -> out.putInt(in.getInt(4 * from)); // as bits, so that a NaN stays itself
            case F8 -> out.putFloat(narrow(file, from, in.getDouble(8 * from)));
            case I8 -> out.putInt(narrow(file, from, in.getLong(8 * from)));
            case B1 -> out.put(bool(file, from, in.get(from)));
        }
    }

    private static float narrow(Path file, int at, double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw new DataException(
                    file.toString(),
                    "f8 value %s at flat index %d of the file does not fit fp32; need at most %s in"
                            + " magnitude",
                    value,
                    at,
                    Float.MAX_VALUE);
        }
        return narrow;
    }

    private static int narrow(Path file, int at, long value) {
        if (value != (int) value) {
            throw new DataException(
                    file.toString(),
                    "i8 value %d at flat index %d of the file does not fit int32; need %d to %d",
                    value,
                    at,
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private static byte bool(Path file, int at, byte value) {
        if (value < 0 || value > 1) {
            throw new DataException(
                    file.toString(),
                    "bool byte %d at flat index %d of the file; need 0 or 1",
                    value & 0xff,
                    at);
        }
        return value;
    }
}
