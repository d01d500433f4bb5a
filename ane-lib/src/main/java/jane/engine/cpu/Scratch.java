package jane.engine.cpu;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Arrays that kernels work in, per worker. All kernels of a plan share them: each says beforehand
 * how many rows it needs and how long. Rows are separate arrays because the JIT turns a loop into
 * vector code only when it writes one array and reads others, all at the same index.
 */
final class Scratch {
    private static final long APART = 128; // bytes: no two workers write one line

    private final float[][][] rows;
    private final double[][] doubles;
    private final long[] addresses;
    private int[] lengths = new int[0];
    private int doubleLength;
    private long nativeBytes;
    private long sharedBytes;
    private ByteBuffer outside; // the heap
    private long sharedAddress;

    Scratch(int workers) {
        rows = new float[workers][][];
        doubles = new double[workers][];
        addresses = new long[workers];
    }

    /** How many threads have arrays of their own here. */
    int workers() {
        return rows.length;
    }

    /** Asks for rows 0 to {@code count - 1} with room for {@code length} floats each. */
    void reserve(int count, int length) {
        reserve(0, count, length);
    }

    /** Asks for {@code count} rows from row {@code first}. */
    void reserve(int first, int count, int length) {
        if (lengths.length < first + count) {
            lengths = Arrays.copyOf(lengths, first + count);
        }
        for (int i = first; i < first + count; i++) {
            lengths[i] = Math.max(lengths[i], length);
        }
    }

    void reserveDoubles(int length) {
        doubleLength = Math.max(doubleLength, length);
    }

    /** Asks for memory outside the heap, 64-aligned, for native kernels. */
    void reserveBytes(long size) {
        nativeBytes = Math.max(nativeBytes, size);
    }

    /** Asks for memory outside the heap that the tasks of one kernel share. */
    void reserveShared(long size) {
        sharedBytes = Math.max(sharedBytes, size);
    }

    /** Makes the arrays, once every kernel has asked. */
    void allocate(Kernels make) {
        long each = (nativeBytes + APART - 1) / APART * APART;
        long start = (sharedBytes + APART - 1) / APART * APART;
        if (each + start > 0) {
            outside = make.allocate(start + rows.length * each); // in one, for large pages
            sharedAddress = make.address(outside);
        }
        for (int w = 0; w < rows.length; w++) {
            rows[w] = new float[lengths.length][];
            Arrays.setAll(rows[w], i -> new float[lengths[i]]);
            doubles[w] = new double[doubleLength];
            addresses[w] = sharedAddress + start + w * each;
        }
    }

    /** Bytes of all arrays. */
    long bytes() {
        long floats = Arrays.stream(lengths).asLongStream().sum();
        return rows.length * (4 * floats + 8L * doubleLength + nativeBytes) + sharedBytes;
    }

    float[][] rows(int worker) {
        return rows[worker];
    }

    long sharedAddress() {
        return sharedAddress;
    }

    long address(int worker) {
        return addresses[worker];
    }

    double[] doubles(int worker) {
        return doubles[worker];
    }
}
