package jane.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The elements of an npy file, brought to dense row-major little-endian of our types. */
final class NpyData {
    private NpyData() {}

    /** {@code raw} holds the bytes of the file, in the file's byte order. */
    static ByteBuffer convert(Path file, NpyHeader header, ByteBuffer raw) {
        int[] dims = header.shape().toArray();
        int[] strides = header.fortran() ? fortranStrides(dims) : header.shape().strides();
        var out = ByteBuffer.allocate((int) header.type().sizeBytes());
        out.order(ByteOrder.LITTLE_ENDIAN);
        var index = new int[dims.length];
        int from = 0;
        while (out.hasRemaining()) {
            header.element().copy(file, raw, from, out);
            // Step the index like an odometer, last axis fastest, and its place in the file along.
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < dims[axis]) {
                    break;
                }
                from -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }
        return out.flip();
    }

    /** Elements to step over per index when the first axis varies fastest. */
    private static int[] fortranStrides(int[] dims) {
        var strides = new int[dims.length];
        int step = 1;
        for (int i = 0; i < dims.length; i++) {
            strides[i] = step;
            step *= dims[i];
        }
        return strides;
    }
}
