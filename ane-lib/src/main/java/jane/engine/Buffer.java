package jane.engine;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory of one tensor: dense, row-major, native byte order, direct, starting on a 64-byte boundary
 * and padded to a multiple of 64 bytes. One object owns it; after {@link #close} it refuses use.
 */
public final class Buffer implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final TensorType type;
    private ByteBuffer bytes;
    private boolean foreign;
    private boolean pinned;
    private long changes;

    private Buffer(TensorType type, ByteBuffer bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** Zeroed memory from the JVM's direct memory; freed after {@link #close} or when forgotten. */
    public static Buffer direct(TensorType type) {
        return new Buffer(type, directBytes(type.sizeBytes()));
    }

    /** A tensor in memory that an engine made for it: see {@link #directBytes(long)}. */
    public static Buffer in(TensorType type, ByteBuffer memory) {
        if (memory.capacity() < type.sizeBytes()) {
            throw new ShapeException(
                    "buffer",
                    "%d bytes for %s; need %d",
                    memory.capacity(),
                    type,
                    type.sizeBytes());
        }
        return new Buffer(type, memory);
    }

    /** Zeroed direct memory, 64-aligned, padded to 64 and limited to {@code size} rounded up. */
    public static ByteBuffer directBytes(long size) {
        long padded = padded(size);
        if (padded > Integer.MAX_VALUE - ALIGNMENT) {
            throw new JaneException(
                    "buffer", "%d bytes in one tensor; need less than 2 GiB: split it", size);
        }
        var raw = ByteBuffer.allocateDirect((int) padded + ALIGNMENT);
        int skipped = (ALIGNMENT - raw.alignmentOffset(0, ALIGNMENT)) % ALIGNMENT;
        return raw.slice(skipped, (int) padded).order(ByteOrder.nativeOrder());
    }

    /** Bytes of memory for {@code size} bytes: a multiple of 64, and some for none. */
    public static long padded(long size) {
        return Math.max(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /**
     * The memory itself, padding included; position 0 is element 0. It may be written until the
     * next run of a program that the buffer is bound to: ask again then.
     */
    public ByteBuffer bytes() {
        changes++; // perhaps
        return memory();
    }

    /**
     * A number that is another one if the contents may have changed in between. Where somebody
     * keeps the address, they may at any time.
     */
    public long changes() {
        memory();
        return pinned ? ++changes : changes;
    }

    private ByteBuffer memory() {
        if (bytes == null) {
            throw new JaneException("buffer", "%s was closed; allocate a new one", type);
        }
        return bytes;
    }

    /**
     * The memory itself, which from now on stays where it is: for whoever keeps its address. Brings
     * the contents back first if they live elsewhere.
     */
    public ByteBuffer pinned() {
        if (foreign) {
            moveOut(bytes);
        }
        pinned = true;
        return bytes();
    }

    /**
     * Lets the contents live in memory that an engine owns, such as the port of a program. The
     * owner calls {@link #moveOut} before that memory ends.
     *
     * @return false, and nothing moved, if they live elsewhere already or are {@link #pinned}
     */
    public boolean moveInto(ByteBuffer memory) {
        if (foreign || pinned) {
            return false;
        }
        copyTo(memory);
        bytes = memory;
        foreign = true;
        return true;
    }

    /** Whether the contents live in just this memory. */
    public boolean livesIn(ByteBuffer memory) {
        return bytes == memory;
    }

    /**
     * Contents that live in an engine's memory were written by it, perhaps to other such memory.
     */
    public void written(ByteBuffer memory) {
        if (foreign && bytes != null) {
            bytes = memory;
            changes++;
        }
    }

    /** Brings the contents back into memory of the buffer's own, if they live in {@code memory}. */
    public void moveOut(ByteBuffer memory) {
        if (foreign && bytes == memory && memory != null) {
            var own = directBytes(type.sizeBytes());
            own.put(0, memory, 0, (int) type.sizeBytes());
            bytes = own;
            foreign = false;
        }
    }

    /** Copies {@code src}, one float per element, rounding to the type. */
    public void put(float[] src) {
        requireSize(src.length);
        if (type.dtype() == DType.FP32) {
            bytes().asFloatBuffer().put(0, src);
            return;
        }
        var out = bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (float x : src) {
            ConstData.put(out, type.dtype(), x);
        }
    }

    /** Copies the elements out, one float per element. */
    public void get(float[] dst) {
        requireSize(dst.length);
        if (type.dtype() == DType.FP32) {
            memory().asFloatBuffer().get(0, dst);
            return;
        }
        for (int i = 0; i < dst.length; i++) {
            dst[i] = (float) get(i);
        }
    }

    /** One element, exactly. */
    public double get(int flat) {
        return ConstData.get(memory(), type.dtype(), flat);
    }

    /** Copies from another buffer of the same type. */
    public void copyFrom(Buffer other) {
        if (!type.equals(other.type)) {
            throw new ShapeException("buffer", "cannot copy %s into %s", other.type, type);
        }
        bytes().put(0, other.memory(), 0, (int) type.sizeBytes());
    }

    /** Copies the contents to the start of other memory. */
    public void copyTo(ByteBuffer memory) {
        memory.put(0, memory(), 0, (int) type.sizeBytes());
    }

    /** Copies dense little-endian bytes of exactly this type's size. */
    public void putBytes(ByteBuffer src) {
        if (src.remaining() != type.sizeBytes()) {
            throw new ShapeException(
                    "buffer", "%d bytes for %s; need %d", src.remaining(), type, type.sizeBytes());
        }
        bytes().put(0, src, src.position(), src.remaining());
    }

    /** Rounds each value to the type and stores it. */
    public void put(Dense values) {
        putBytes(ConstData.of(type, values.data()).bytes());
    }

    /** The elements as doubles, a copy. */
    public Dense dense() {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = get(i);
        }
        return dense;
    }

    private void requireSize(int length) {
        if (length != type.shape().size()) {
            throw new ShapeException(
                    "buffer", "%d floats for %s; need %d", length, type, type.shape().size());
        }
    }

    @Override
    public void close() {
        bytes = null;
    }
}
