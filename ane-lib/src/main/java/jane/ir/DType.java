package jane.ir;

/** Element types, with their MIL names. {@code BOOL} takes one byte, 0 or 1. */
public enum DType {
    FP16("fp16", 2, Kind.FLOAT),
    FP32("fp32", 4, Kind.FLOAT),
    INT8("int8", 1, Kind.INT),
    UINT8("uint8", 1, Kind.INT),
    INT16("int16", 2, Kind.INT),
    UINT16("uint16", 2, Kind.INT),
    INT32("int32", 4, Kind.INT),
    BOOL("bool", 1, Kind.BOOL);

    private enum Kind {
        FLOAT,
        INT,
        BOOL
    }

    private final String mil;
    private final int sizeBytes;
    private final Kind kind;

    DType(String mil, int sizeBytes, Kind kind) {
        this.mil = mil;
        this.sizeBytes = sizeBytes;
        this.kind = kind;
    }

    /** The type's name in MIL text, such as {@code fp16}. */
    public String mil() {
        return mil;
    }

    /** Bytes of one element. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Whether gradients can flow through values of this type. */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** Whether this is a signed or unsigned integer type ({@code BOOL} is not). */
    public boolean isInt() {
        return kind == Kind.INT;
    }

    /**
     * {@code value} as this type would store it: rounded to fp16 or fp32 (ties to even), truncated
     * toward zero and clamped to the range of an integer type, or 0/1 for {@code BOOL}.
     */
    public double round(double value) {
        return switch (this) {
            case FP32 -> (float) value;
            case FP16 -> Half.toDouble(Half.fromDouble(value));
            case INT8 -> clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case UINT8 -> clamp(value, 0, 255);
            case INT16 -> clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT16 -> clamp(value, 0, 65535);
            case INT32 -> clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BOOL -> value != 0 ? 1 : 0;
        };
    }

    private static double clamp(double value, double low, double high) {
        return Double.isNaN(value) ? 0 : (double) (long) Math.max(low, Math.min(high, value));
    }

    /** The type with MIL name {@code name}. */
    public static DType ofMil(String name) {
        for (var type : values()) {
            if (type.mil.equals(name)) {
                return type;
            }
        }
        throw new JaneException(
                "dtype",
                "unknown element type '%s'; need one of fp16, fp32, int8, uint8, int16, uint16,"
                        + " int32, bool",
                name);
    }

    @Override
    public String toString() {
        return mil;
    }
}
