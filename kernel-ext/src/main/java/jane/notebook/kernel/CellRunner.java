package jane.notebook.kernel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs one cell at a time on a thread of its own and interrupts it.
 *
 * <p>An interrupt first asks the hooks and waits as long as they say. Then snippet loops are told
 * to stop, the thread is interrupted, and on Java before 20 it is stopped as soon as it stands in
 * snippet code. A second interrupt skips the hooks; from the third on, a cell that still runs is
 * left behind so that the session can go on.
 */
final class CellRunner {
    private static final long WAKE_MILLIS = 250;
    private static final long LIBRARY_PATIENCE_MILLIS = 10_000;
    private static final long LEAVE_BEHIND_MILLIS = 3_000;
    private static final boolean CAN_STOP_THREADS = Runtime.version().feature() < 20;

    private final SnippetControl control;
    private final AtomicReference<Run> current = new AtomicReference<>();
    private final List<InterruptHook> hooks = new CopyOnWriteArrayList<>();

    CellRunner(SnippetControl control) {
        this.control = control;
    }

    /** A cell under way. */
    private static final class Run {
        final CompletableFuture<Object> outcome = new CompletableFuture<>();
        volatile CellThread thread;
        int interrupts; // guarded by this
        long firstNanos; // guarded by this
    }

    /** Runs {@code work} to its end; throws what it throws, or an interrupt's failure. */
    Object run(Callable<Object> work) throws Exception {
        Run run = new Run();
        control.allowLoops();
        run.thread = new CellThread(() -> execute(run, work), control.loader());
        current.set(run);
        run.thread.start();
        try {
            return await(run);
        } finally {
            current.set(null);
            hooks.clear();
        }
    }

    /** Whatever an asynchronous stop does to {@code work}, the outcome is completed. */
    private static void execute(Run run, Callable<Object> work) {
        Object value = null;
        Throwable failure = null;
        try {
            try {
                value = work.call();
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                run.thread.end();
            }
        } catch (Throwable stoppedLate) {
            failure = stoppedLate;
        }
        if (failure == null) {
            run.outcome.complete(value);
        } else if (run.thread.stopRequested()) {
            run.outcome.completeExceptionally(CellFailure.interrupted(failure));
        } else {
            run.outcome.completeExceptionally(failure);
        }
    }

    private static Object await(Run run) throws Exception {
        while (true) {
            try {
                return run.outcome.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                if (!run.thread.isAlive() && !run.outcome.isDone()) {
                    throw CellFailure.interrupted(stillRunning);
                }
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof Exception exception) {
                    throw exception;
                }
                throw failed;
            }
        }
    }

    /** Whether the running cell was asked to end. */
    boolean interrupted() {
        Run run = current.get();
        return run != null && run.thread.stopRequested();
    }

    /** Has {@code hook} asked first when the running cell is interrupted. */
    InterruptHook.Registration onInterrupt(InterruptHook hook) {
        hooks.add(hook);
        return () -> hooks.remove(hook);
    }

    /** Interrupts the running cell, if there is one. Returns at once. */
    void interrupt() {
        Run run = current.get();
        if (run == null) {
            return;
        }
        int count;
        synchronized (run) {
            run.interrupts++;
            count = run.interrupts;
            if (count == 1) {
                run.firstNanos = System.nanoTime();
            }
        }
        boolean patient = count == 1 && !hooks.isEmpty();
        if (!patient) {
            halt(run);
        }
        var escalation = new Thread(() -> escalate(run, patient), "interrupt");
        escalation.setDaemon(true);
        escalation.start();
        if (count > 2) {
            leaveBehind(run);
        }
    }

    private void halt(Run run) {
        run.thread.noteStop();
        control.stopLoops();
        run.thread.wake();
    }

    private void escalate(Run run, boolean patient) {
        if (patient) {
            run.thread.noteStop();
            Duration grace = Duration.ZERO;
            for (InterruptHook hook : hooks) {
                Duration asked = hook.requestStop();
                grace = asked.compareTo(grace) > 0 ? asked : grace;
            }
            if (ended(run, grace.toMillis())) {
                return;
            }
            halt(run);
        }
        if (!CAN_STOP_THREADS || ended(run, WAKE_MILLIS)) {
            return;
        }
        long start = System.nanoTime();
        do {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            run.thread.kill(millis > LIBRARY_PATIENCE_MILLIS);
        } while (!ended(run, 20));
    }

    private static boolean ended(Run run, long millis) {
        try {
            run.outcome.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException failed) {
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (InterruptedException nobodyInterruptsThisThread) {
            return true;
        }
    }

    private static void leaveBehind(Run run) {
        long millis;
        synchronized (run) {
            millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - run.firstNanos);
        }
        if (millis > LEAVE_BEHIND_MILLIS) {
            run.outcome.completeExceptionally(CellFailure.leftBehind(millis));
        }
    }

    /** Ends the wait for the running cell because the kernel shuts down. */
    void abandon() {
        Run run = current.get();
        if (run != null) {
            run.outcome.completeExceptionally(CellFailure.interrupted(null));
        }
    }
}
