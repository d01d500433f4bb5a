package jane.engine.cpu;

import jane.ir.JaneException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine's threads: the caller and {@code threads - 1} daemons, which spin a little, then
 * yield, before they park. A loop allocates nothing. Which thread runs which task is left open, so
 * tasks must not care.
 */
final class Workers implements AutoCloseable {
    /** One iteration of a parallel loop. */
    interface Body {
        /**
         * Runs one task.
         *
         * @param worker whose scratch memory to use: 0 is the caller
         */
        void run(int task, int worker);
    }

    private static final int SPINS = 2000; // some 50 microseconds: longer than gaps between kernels

    /** Longer than another thread's last task, and than kernels that one thread does alone. */
    private static final long SPINNING_NANOS = 1_000_000;

    private static final long NONE_LEFT = Integer.MAX_VALUE;

    private final Helper[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Loop number in the upper half, next task in the lower: a stale claim fails to compare. */
    private final AtomicLong ticket = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();

    private Body body;
    private volatile int tasks;
    private volatile Throwable failure;
    private volatile boolean closed;

    Workers(int threads) {
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    /** Number of threads, the caller included. */
    int threads() {
        return helpers.length + 1;
    }

    /** Refuses use after {@link #close}. */
    void requireOpen() {
        if (closed) {
            throw new JaneException("cpu", "this engine was closed; make a new one");
        }
    }

    /** Runs tasks 0 to {@code count - 1}; returns when all are done, or throws what one threw. */
    void run(int count, Body loop) {
        // While another executable has the helpers, this one goes on alone instead of waiting.
        if (helpers.length == 0 || count <= 1 || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < count; i++) {
                loop.run(i, 0);
            }
            return;
        }
        try {
            // First no task is left, so that a helper late from the last loop claims none of this.
            ticket.set(ticket.get() | NONE_LEFT);
            body = loop;
            tasks = count;
            failure = null;
            done.set(0);
            long generation = (ticket.get() >>> 32) + 1 & 0xffffffffL;
            ticket.set(generation << 32);
            for (var helper : helpers) {
                helper.wake();
            }
            work(generation, 0);
            await(count);
        } finally {
            body = null;
            busy.set(false);
        }
        rethrow();
    }

    private void work(long generation, int worker) {
        while (true) {
            long t = ticket.get();
            int task = (int) t;
            if (t >>> 32 != generation || task >= tasks) {
                return;
            }
            if (!ticket.compareAndSet(t, t + 1)) {
                continue;
            }
            try {
                if (failure == null) {
                    body.run(task, worker);
                }
            } catch (Throwable e) { // handed to the caller by rethrow()
                failure = e;
            } finally {
                done.incrementAndGet();
            }
        }
    }

    private void await(int count) {
        for (int spins = 0; done.get() < count; spins++) {
            pause(spins);
        }
    }

    /** Spins at first, then lets whoever else wants the processor have it. */
    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void rethrow() {
        var thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private final class Helper extends Thread {
        private final int worker;
        private volatile boolean parked;

        Helper(int worker) {
            super("jane-cpu-" + worker);
            this.worker = worker;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            long seen = 0;
            while (!closed) {
                seen = next(seen);
                work(seen, worker);
            }
        }

        /** Waits for a loop other than {@code seen}. */
        private long next(long seen) {
            long start = System.nanoTime();
            for (int spins = 0; System.nanoTime() - start < SPINNING_NANOS; spins++) {
                long now = ticket.get() >>> 32;
                if (now != seen) {
                    return now;
                }
                pause(spins);
            }
            parked = true;
            while (ticket.get() >>> 32 == seen && !closed) {
                LockSupport.park(Workers.this);
            }
            parked = false;
            return ticket.get() >>> 32;
        }
    }
}
