package jane.mil;

import jane.ir.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Layout of blob storage, version 2. Little-endian: a 64-byte header (u32 count, u32 version), then
 * per blob 64 bytes of metadata (u32 sentinel, u32 dtype, u64 size, u64 absolute payload offset)
 * and the payload, each starting on a multiple of 64.
 *
 * <p>Source: coremltools, {@code mlmodel/src/MILBlob/Blob/StorageFormat.hpp}.
 */
enum BlobType {
    FP16(1, DType.FP16),
    FP32(2, DType.FP32),
    UINT8(3, DType.UINT8),
    INT8(4, DType.INT8),
    INT16(6, DType.INT16),
    UINT16(7, DType.UINT16),
    INT32(14, DType.INT32);

    static final int ALIGNMENT = 64;
    static final int VERSION = 2;
    static final int SENTINEL = 0xDEADBEEF;

    /** Names by code, for files with types that no value here has. */
    private static final List<String> NAMES =
            List.of(
                    "none",
                    "fp16",
                    "fp32",
                    "uint8",
                    "int8",
                    "bf16",
                    "int16",
                    "uint16",
                    "int4",
                    "uint1",
                    "uint2",
                    "uint4",
                    "uint3",
                    "uint6",
                    "int32",
                    "uint32",
                    "fp8e4m3fn",
                    "fp8e5m2");

    private final int code;
    private final DType dtype;

    BlobType(int code, DType dtype) {
        this.code = code;
        this.dtype = dtype;
    }

    int code() {
        return code;
    }

    /** The blob type of {@code dtype}; bool has none and stays in the text. */
    static Optional<BlobType> of(DType dtype) {
        return Arrays.stream(values()).filter(t -> t.dtype == dtype).findFirst();
    }

    /** {@code code} with its name, for errors. */
    static String describe(int code) {
        String name = code > 0 && code < NAMES.size() ? NAMES.get(code) : "unknown";
        return Integer.toUnsignedString(code) + " (" + name + ")";
    }

    /** The next multiple of {@link #ALIGNMENT}. */
    static long align(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
