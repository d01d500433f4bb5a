package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Half;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Reads stretches of a view, in row-major order, into float arrays. For float types and bool. */
final class Reader {
    private static final int BULK = 8; // shorter copies are faster element by element

    private final Nest nest;
    private final DType dtype;
    private final int storage;

    Reader(View view) {
        nest = new Nest(view);
        dtype = view.dtype;
        storage = view.storage.id;
    }

    /** Whether neighbours in the last axis are neighbours in memory. */
    boolean unitStep() {
        return nest.step == 1;
    }

    /** Elements {@code flat} to {@code flat + n - 1} into {@code dst} from {@code at}. */
    void load(Memory memory, int flat, int n, float[] dst, int at) {
        int inner = nest.inner;
        if (nest.repeats && n > inner) {
            loadRows(memory, flat, inner, dst, at);
            for (int done = inner; done < n; done *= 2) {
                System.arraycopy(dst, at, dst, at + done, Math.min(done, n - done));
            }
            return;
        }
        loadRows(memory, flat, n, dst, at);
    }

    private void loadRows(Memory memory, int flat, int n, float[] dst, int at) {
        int inner = nest.inner;
        int row = flat / inner;
        int column = flat - row * inner;
        int end = at + n;
        while (at < end) {
            int run = Math.min(end - at, inner - column);
            loadRun(memory, nest.row(row) + column * nest.step, run, dst, at);
            at += run;
            row++;
            column = 0;
        }
    }

    private void loadRun(Memory memory, int from, int n, float[] dst, int at) {
        switch (dtype) {
            case FP32 -> floats(memory.floats(storage), from, n, dst, at);
            case FP16 -> halves(memory.bytes(storage), from, n, dst, at);
            default -> bools(memory.bytes(storage), from, n, dst, at);
        }
    }

    private void floats(FloatBuffer src, int from, int n, float[] dst, int at) {
        int step = nest.step;
        if (step == 1 && n >= BULK) {
            src.get(from, dst, at, n);
        } else if (step == 0) {
            Arrays.fill(dst, at, at + n, src.get(from));
        } else {
            for (int i = 0; i < n; i++) {
                dst[at + i] = src.get(from + i * step);
            }
        }
    }

    private void halves(ByteBuffer src, int from, int n, float[] dst, int at) {
        for (int i = 0; i < n; i++) {
            dst[at + i] = Half.toFloat(src.getShort(2 * (from + i * nest.step)));
        }
    }

    private void bools(ByteBuffer src, int from, int n, float[] dst, int at) {
        for (int i = 0; i < n; i++) {
            dst[at + i] = src.get(from + i * nest.step) == 0 ? 0 : 1;
        }
    }
}
