package jane.mil;

import jane.ir.DType;
import jane.ir.Half;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Element types of blob storage, version 2, and its layout. Little-endian: a 64-byte header (u32
 * count, u32 version), then per blob 64 bytes of metadata (u32 sentinel, u32 dtype, u64 size, u64
 * absolute payload offset, u64 padding bits) and the payload, each starting on a multiple of 64.
 * Types below 8 bits are packed without gaps, element 0 in the lowest bits of byte 0.
 *
 * <p>Source: coremltools, {@code mlmodel/src/MILBlob/Blob/StorageFormat.hpp}; fp8: OCP 8-bit
 * Floating Point Specification.
 */
public enum BlobType {
    FP16(1, 16, DType.FP16),
    FP32(2, 32, DType.FP32),
    UINT8(3, 8, DType.UINT8),
    INT8(4, 8, DType.INT8),
    BF16(5, 16, DType.FP32),
    INT16(6, 16, DType.INT16),
    UINT16(7, 16, DType.UINT16),
    INT4(8, 4, DType.INT8),
    UINT1(9, 1, DType.UINT8),
    UINT2(10, 2, DType.UINT8),
    UINT4(11, 4, DType.UINT8),
    UINT3(12, 3, DType.UINT8),
    UINT6(13, 6, DType.UINT8),
    INT32(14, 32, DType.INT32),
    UINT32(15, 32, DType.INT32),
    FP8E4M3FN(16, 8, DType.FP32),
    FP8E5M2(17, 8, DType.FP32);

    static final int ALIGNMENT = 64;
    static final int VERSION = 2;
    static final int SENTINEL = 0xDEADBEEF;

    private final int code;
    private final int bits;
    private final DType carrier;

    BlobType(int code, int bits, DType carrier) {
        this.code = code;
        this.bits = bits;
        this.carrier = carrier;
    }

    /** The name in MIL text: {@code int4}. */
    public String mil() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Bits of one element. */
    public int bits() {
        return bits;
    }

    int code() {
        return code;
    }

    /** The element type of values that holds what this one stores; uint32 only up to 2^31 - 1. */
    public DType carrier() {
        return carrier;
    }

    /** Whether values of a graph have this very type. */
    boolean isValueType() {
        return carrier.mil().equals(mil());
    }

    boolean isInt() {
        return carrier.isInt();
    }

    /** The blob type of {@code dtype}; bool has none and stays in the text. */
    static Optional<BlobType> of(DType dtype) {
        return ofMil(dtype.mil());
    }

    static Optional<BlobType> ofMil(String name) {
        return Arrays.stream(values()).filter(t -> t.mil().equals(name)).findFirst();
    }

    /** Bytes of {@code elements} packed elements. */
    long sizeBytes(long elements) {
        return (elements * bits + 7) / 8;
    }

    /** Element {@code index} of a packed little-endian buffer. */
    double get(ByteBuffer bytes, int index) {
        long raw = raw(bytes, (long) index * bits);
        return switch (this) {
            case FP16 -> Half.toDouble((short) raw);
            case FP32 -> Float.intBitsToFloat((int) raw);
            case BF16 -> Float.intBitsToFloat((int) (raw << 16));
            case FP8E4M3FN -> e4m3((int) raw);
            case FP8E5M2 -> Half.toDouble((short) (raw << 8));
            case INT4, INT8, INT16, INT32 -> raw << Long.SIZE - bits >> Long.SIZE - bits;
            case UINT1, UINT2, UINT3, UINT4, UINT6, UINT8, UINT16, UINT32 -> raw;
        };
    }

    private long raw(ByteBuffer bytes, long firstBit) {
        int at = (int) (firstBit / 8);
        int shift = (int) (firstBit % 8);
        long word = 0;
        for (int i = 0; i < (shift + bits + 7) / 8; i++) {
            word |= (bytes.get(at + i) & 0xffL) << 8 * i;
        }
        return word >>> shift & (1L << bits) - 1;
    }

    /** Bias 7, no infinities, one NaN per sign. */
    private static double e4m3(int raw) {
        int exponent = raw >> 3 & 15;
        int fraction = raw & 7;
        double size =
                exponent == 0 ? Math.scalb(fraction, -9) : Math.scalb(8 + fraction, exponent - 10);
        double value = (raw & 0x7f) == 0x7f ? Double.NaN : size;
        return raw >> 7 == 0 ? value : -value;
    }

    /**
     * Stores a value; a zeroed buffer is expected. Rounds to fp16, fp32 and bf16.
     *
     * @return whether this type can hold it
     */
    boolean put(ByteBuffer bytes, int index, double value) {
        long raw = encode(value);
        if (raw < 0) {
            return false;
        }
        long firstBit = (long) index * bits;
        int at = (int) (firstBit / 8);
        int shift = (int) (firstBit % 8);
        for (int i = 0; i < (shift + bits + 7) / 8; i++) {
            int byteOf = (int) (raw << shift >>> 8 * i);
            bytes.put(at + i, (byte) (bytes.get(at + i) | byteOf));
        }
        return true;
    }

    /** The bits of {@code value}, or -1. */
    private long encode(double value) {
        switch (this) {
            case FP16:
                return Half.fromDouble(value) & 0xffff;
            case FP32:
                return Float.floatToRawIntBits((float) value) & 0xffffffffL;
            case BF16:
                int wide = Float.floatToRawIntBits((float) value);
                int even = 0x7fff + (wide >>> 16 & 1);
                return Double.isNaN(value) ? 0x7fc0 : wide + even >>> 16;
            case FP8E4M3FN, FP8E5M2:
                return search(value);
            default:
                boolean signed = this == INT4 || this == INT8 || this == INT16 || this == INT32;
                double low = signed ? -(double) (1L << bits - 1) : 0;
                double high = signed ? -low - 1 : (1L << bits) - 1;
                boolean holds = value >= low && value <= high && value == Math.rint(value);
                return holds ? (long) value & (1L << bits) - 1 : -1;
        }
    }

    /** The fp8 pattern that is {@code value} exactly. */
    private long search(double value) {
        var one = ByteBuffer.allocate(1);
        for (int raw = 0; raw < 256; raw++) {
            one.put(0, (byte) raw);
            if (Double.compare(get(one, 0), value) == 0) {
                return raw;
            }
        }
        return -1;
    }

    /** {@code code} with its name, for errors. */
    static String describe(int code) {
        String name =
                Arrays.stream(values())
                        .filter(t -> t.code == code)
                        .map(BlobType::mil)
                        .findFirst()
                        .orElse(code == 0 ? "none" : "unknown");
        return Integer.toUnsignedString(code) + " (" + name + ")";
    }

    /** The next multiple of {@link #ALIGNMENT}. */
    static long align(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
