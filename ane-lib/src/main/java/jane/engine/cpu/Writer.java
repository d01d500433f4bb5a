package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Half;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Writes stretches of a view, in row-major order, from float arrays, rounding to its type. */
final class Writer {
    private static final int BULK = 8;

    private final Nest nest;
    private final DType dtype;
    private final int storage;

    Writer(View view) {
        nest = new Nest(view);
        dtype = view.dtype;
        storage = view.storage.id;
    }

    /** {@code src} from {@code at} to elements {@code flat} to {@code flat + n - 1}. */
    void store(Memory memory, int flat, int n, float[] src, int at) {
        int inner = nest.inner;
        int row = flat / inner;
        int column = flat - row * inner;
        int end = at + n;
        while (at < end) {
            int run = Math.min(end - at, inner - column);
            storeRun(memory, nest.row(row) + column * nest.step, run, src, at);
            at += run;
            row++;
            column = 0;
        }
    }

    private void storeRun(Memory memory, int to, int n, float[] src, int at) {
        switch (dtype) {
            case FP32 -> floats(memory.floats(storage), to, n, src, at);
            case FP16 -> halves(memory.bytes(storage), to, n, src, at);
            default -> bools(memory.bytes(storage), to, n, src, at);
        }
    }

    private void floats(FloatBuffer dst, int to, int n, float[] src, int at) {
        int step = nest.step;
        if (step == 1 && n >= BULK) {
            dst.put(to, src, at, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            dst.put(to + i * step, src[at + i]);
        }
    }

    private void halves(ByteBuffer dst, int to, int n, float[] src, int at) {
        for (int i = 0; i < n; i++) {
            dst.putShort(2 * (to + i * nest.step), Half.fromFloat(src[at + i]));
        }
    }

    private void bools(ByteBuffer dst, int to, int n, float[] src, int at) {
        for (int i = 0; i < n; i++) {
            dst.put(to + i * nest.step, (byte) (src[at + i] == 0 ? 0 : 1));
        }
    }
}
