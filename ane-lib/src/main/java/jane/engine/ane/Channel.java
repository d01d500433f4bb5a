package jane.engine.ane;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One end of a conversation in shared memory: a number for the last request, one for the last
 * answer, a flag by which each end says that it sleeps, and room for one message. Who waits spins
 * for a short time, then raises its flag and sleeps on a pipe, into which the other end writes a
 * byte if it sees the flag. The pipe's end tells that the other process is gone.
 *
 * <p>Who asks spins longer than who serves: an answer comes soon, so that only the worker has to
 * wake. Linux likes to wake the reader of a pipe on the writer's processor, where it would not run
 * before the writer sleeps; so who spins offers its processor from {@link #GREEDY_NANOS} on, and at
 * once when it has woken the other end.
 */
final class Channel {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int BODY = 512;
    private static final long GREEDY_NANOS = 1_000;
    private static final long OWNER_SPIN_NANOS = 2_000_000;
    private static final long WORKER_SPIN_NANOS = 200_000;

    /** The place of each number, a cache line apart. */
    enum Place {
        REQUEST,
        ANSWER,
        WORKER_SLEEPS,
        OWNER_SLEEPS;

        int offset() {
            return ordinal() * 128;
        }
    }

    private final ByteBuffer control;
    private final ByteBuffer body;
    private final Place sends;
    private final Place receives;
    private final Place sleeps;
    private final Place otherSleeps;
    private final InputStream in;
    private final OutputStream out;
    private final long spinNanos;
    private long received;
    private long sent;
    private boolean woke;

    private Channel(ByteBuffer control, boolean owner, InputStream in, OutputStream out) {
        this.control = control;
        this.in = in;
        this.out = out;
        spinNanos = owner ? OWNER_SPIN_NANOS : WORKER_SPIN_NANOS;
        body = control.slice(BODY, control.capacity() - BODY).order(ByteOrder.nativeOrder());
        sends = owner ? Place.REQUEST : Place.ANSWER;
        receives = owner ? Place.ANSWER : Place.REQUEST;
        sleeps = owner ? Place.OWNER_SLEEPS : Place.WORKER_SLEEPS;
        otherSleeps = owner ? Place.WORKER_SLEEPS : Place.OWNER_SLEEPS;
    }

    /** Starts a conversation anew. */
    static void reset(ByteBuffer control) {
        for (var place : Place.values()) {
            LONG.setVolatile(control, place.offset(), 0L);
        }
    }

    /** The end that asks. */
    static Channel owner(ByteBuffer control, InputStream in, OutputStream out) {
        return new Channel(control, true, in, out);
    }

    /** The end that answers. */
    static Channel worker(ByteBuffer control, InputStream in, OutputStream out) {
        return new Channel(control, false, in, out);
    }

    /** Room for the message to send, from its start; or the message that was received. */
    ByteBuffer body() {
        return body.clear();
    }

    /** Gives the message over. */
    void send() throws IOException {
        LONG.setVolatile(control, sends.offset(), ++sent);
        woke = (long) LONG.getVolatile(control, otherSleeps.offset()) != 0;
        if (woke) {
            out.write(1);
            out.flush();
        }
    }

    /**
     * Waits for the next message.
     *
     * @param beforeSleep called once if the wait is long enough to sleep
     * @return whether there is one; false if the other process is gone
     */
    boolean receive(Runnable beforeSleep) throws IOException {
        long next = received + 1;
        if (!spin(next) && !sleep(next, beforeSleep)) {
            return false;
        }
        received = next;
        return true;
    }

    private boolean spin(long next) {
        if (woke) {
            Thread.yield();
        }
        long start = System.nanoTime();
        long waited;
        do {
            for (int i = 0; i < 32; i++) {
                if (has(next)) {
                    return true;
                }
                Thread.onSpinWait();
            }
            waited = System.nanoTime() - start;
            if (waited > GREEDY_NANOS) {
                Thread.yield();
            }
        } while (waited < spinNanos);
        return false;
    }

    private boolean has(long next) {
        return (long) LONG.getVolatile(control, receives.offset()) >= next;
    }

    private boolean sleep(long next, Runnable beforeSleep) throws IOException {
        beforeSleep.run();
        LONG.setVolatile(control, sleeps.offset(), 1L);
        try {
            while (!has(next)) {
                if (in.read() < 0) {
                    return has(next);
                }
            }
            return true;
        } finally {
            LONG.setVolatile(control, sleeps.offset(), 0L);
        }
    }

    static void putText(ByteBuffer body, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, body.remaining() - Integer.BYTES);
        body.putInt(length).put(bytes, 0, length);
    }

    static String text(ByteBuffer body) {
        var bytes = new byte[body.getInt()];
        body.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
