package jane.engine.cpu;

import jane.engine.Buffer;
import jane.engine.natives.Natives;
import jane.ir.DType;
import java.nio.ByteBuffer;

/**
 * Native memory that holds the parameters of a kernel, written field by field in the order of a
 * struct in {@code jane_kernels.h}, or anything else that one kernel keeps.
 */
final class Block {
    /** Bytes of a {@code struct jane_view}. */
    static final int VIEW = 8 * (5 + 2 * Block.AXES);

    /** Outer axes that a {@code struct jane_view} has room for. */
    private static final int AXES = 7;

    private final ByteBuffer bytes; // held as long as the address is in use
    private final long address;

    /** Zeroed memory. */
    Block(long size) {
        bytes = Buffer.directBytes(size);
        address = Natives.address(bytes);
    }

    long address() {
        return address;
    }

    Block put(long value) {
        bytes.putLong(value);
        return this;
    }

    Block put(int value) {
        bytes.putInt(value);
        return this;
    }

    Block put(float value) {
        bytes.putFloat(value);
        return this;
    }

    Block put(double value) {
        bytes.putDouble(value);
        return this;
    }

    /** Whether native kernels can read and write a view. */
    static boolean fits(View view) {
        return !view.dtype.isInt() && new Nest(view).outer() <= AXES;
    }

    /** A {@code struct jane_view}. */
    Block put(View view) {
        var nest = new Nest(view);
        put(code(view.dtype)).put((long) nest.inner).put((long) nest.step);
        put(nest.repeats ? 1L : 0L).put((long) nest.outer());
        for (int i = 0; i < AXES; i++) {
            put(i < nest.outer() ? (long) nest.dim(i) : 0L);
        }
        for (int i = 0; i < AXES; i++) {
            put(i < nest.outer() ? (long) nest.stride(i) : 0L);
        }
        return this;
    }

    /** An {@code enum jane_dtype}. */
    static long code(DType dtype) {
        return switch (dtype) {
            case FP32 -> 0;
            case FP16 -> 1;
            case BOOL -> 2;
            default -> throw new IllegalStateException("no native kernel takes " + dtype);
        };
    }

    /** The i-th long of the block, in place of what it was. */
    void set(int i, long value) {
        bytes.putLong(8 * i, value);
    }

    /** The i-th long of the block. */
    long getLong(int i) {
        return bytes.getLong(8 * i);
    }

    /** The i-th double of the block. */
    double getDouble(int i) {
        return bytes.getDouble(8 * i);
    }

    /** The i-th float of the block. */
    float getFloat(int i) {
        return bytes.getFloat(4 * i);
    }

    /** The i-th short of the block. */
    short getShort(int i) {
        return bytes.getShort(2 * i);
    }
}
