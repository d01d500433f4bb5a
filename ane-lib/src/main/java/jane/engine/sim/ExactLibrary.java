package jane.engine.sim;

import jane.engine.Buffer;
import jane.engine.natives.NativeException;
import jane.engine.natives.NativeSettings;
import jane.engine.natives.Natives;
import java.nio.ByteBuffer;

/** {@code exact.c} of {@code native/kernels}, bound once per process where there is a library. */
final class ExactLibrary {
    private static final int ROOM = 1 << 19;
    private static final boolean PRESENT = bind();

    private ExactLibrary() {}

    private static native int jane_exact_run(long block, long row, long column, long room);

    private static native int jane_exact_settle(long x, long n, long flushes);

    private static native int jane_half_to_float(long src, long dst, long n);

    private static native int jane_float_to_half(long src, long dst, long n);

    private static boolean bind() {
        var settings = NativeSettings.current();
        if (settings.kernels().equals("java")) {
            return false;
        }
        try {
            Natives.bind(ExactLibrary.class, new Natives(settings).kernels());
            return true;
        } catch (NativeException e) {
            return false; // the cpu engine, which sim stands on, has said so and why
        }
    }

    /** Whether contractions run natively. */
    static boolean isPresent() {
        return PRESENT;
    }

    /** Working memory of one thread. */
    static ByteBuffer room() {
        return Buffer.directBytes(ROOM);
    }

    /** The parameter block of a contraction: {@code struct jane_exact}. */
    static ByteBuffer parameters(Contraction c) {
        var block = Buffer.directBytes(17 * 8L);
        block.putLong(c.m()).putLong(c.k()).putLong(c.n());
        for (var operand : new Contraction.Operand[] {c.x(), c.w()}) {
            block.putLong(Natives.address(operand.halves));
            block.putLong(Natives.address(operand.rowOffsets));
            block.putLong(Natives.address(operand.columnOffsets));
        }
        block.putLong(c.start().map(s -> Natives.address(s.halves())).orElse(0L));
        boolean byRow = c.start().map(Contraction.Start::byRow).orElse(false);
        block.putLong(byRow ? 1 : 0).putLong(byRow ? 0 : 1);
        block.putLong(Natives.address(c.y().halves));
        block.putLong(Natives.address(c.y().rowOffsets));
        block.putLong(Natives.address(c.y().columnOffsets));
        block.putLong(c.truncates() ? 1 : 0);
        return block.rewind();
    }

    /** Makes one block of y. */
    static void run(ByteBuffer parameters, int row, int column, ByteBuffer room) {
        check(jane_exact_run(Natives.address(parameters), row, column, Natives.address(room)));
    }

    /** Rounds floats to halves in place, as {@link HalfAway} does. */
    static void settle(ByteBuffer floats, int first, int n, boolean flushes) {
        check(jane_exact_settle(Natives.address(floats) + 4L * first, n, flushes ? 1 : 0));
    }

    /** Halves to floats. */
    static void widen(ByteBuffer halves, ByteBuffer floats, int first, int n) {
        check(
                jane_half_to_float(
                        Natives.address(halves) + 2L * first,
                        Natives.address(floats) + 4L * first,
                        n));
    }

    /** Floats to halves. */
    static void narrow(ByteBuffer floats, ByteBuffer halves, int first, int n) {
        check(
                jane_float_to_half(
                        Natives.address(floats) + 4L * first,
                        Natives.address(halves) + 2L * first,
                        n));
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("exact.c refused its parameters: " + status);
        }
    }
}
