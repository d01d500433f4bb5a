package jane.engine.sim;

import jane.engine.cpu.CpuEngine;
import jane.ir.Half;
import java.nio.ByteBuffer;

/** Long rows of halves and of floats that are halves: conversions and rounding, on all threads. */
final class Halves {
    private static final int CHUNK = 1 << 15;

    private Halves() {}

    /** A piece of work on elements {@code first} to {@code first + n - 1}. */
    interface Piece {
        void run(int first, int n);
    }

    /** Does {@code piece} on all of {@code count} elements. */
    static void each(int count, CpuEngine cpu, Piece piece) {
        if (count <= CHUNK) {
            piece.run(0, count);
            return;
        }
        cpu.parallel(
                (count + CHUNK - 1) / CHUNK,
                (task, worker) -> piece.run(task * CHUNK, Math.min(CHUNK, count - task * CHUNK)));
    }

    /** Floats that are halves, as halves. */
    static void narrow(ByteBuffer floats, ByteBuffer halves, int count, CpuEngine cpu) {
        if (ExactLibrary.isPresent()) {
            each(count, cpu, (first, n) -> ExactLibrary.narrow(floats, halves, first, n));
            return;
        }
        var from = floats.asFloatBuffer();
        var to = halves.asShortBuffer();
        for (int i = 0; i < count; i++) {
            to.put(i, Half.fromFloat(from.get(i)));
        }
    }

    /** Halves as floats. */
    static void widen(ByteBuffer halves, ByteBuffer floats, int count, CpuEngine cpu) {
        if (ExactLibrary.isPresent()) {
            each(count, cpu, (first, n) -> ExactLibrary.widen(halves, floats, first, n));
            return;
        }
        var from = halves.asShortBuffer();
        var to = floats.asFloatBuffer();
        for (int i = 0; i < count; i++) {
            to.put(i, Half.toFloat(from.get(i)));
        }
    }

    /** Rounds floats to halves, ties away from zero. */
    static void settle(ByteBuffer floats, int count, boolean flushes, CpuEngine cpu) {
        if (ExactLibrary.isPresent()) {
            each(count, cpu, (first, n) -> ExactLibrary.settle(floats, first, n, flushes));
            return;
        }
        var values = floats.asFloatBuffer();
        for (int i = 0; i < count; i++) {
            values.put(i, settled(values.get(i), flushes));
        }
    }

    /** As a result leaves the chip. */
    static float settled(double x, boolean flushes) {
        float half = HalfAway.round((float) x);
        return flushes && Math.abs(half) < 0x1p-14f ? 0 : half;
    }
}
