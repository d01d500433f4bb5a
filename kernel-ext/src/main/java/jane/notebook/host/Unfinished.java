package jane.notebook.host;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work that outlives its cell. A host that is interrupted ends the cell at once and leaves its
 * thread an interrupt; the magic then needs until the next training step to end.
 */
final class Unfinished {
    /** Work that has not begun yet does not hear that it shall stop. */
    private static final long ASK_AGAIN_MILLIS = 100;

    /** What a magic is doing: how to have it end early, and that it has ended. */
    private record Work(Runnable stop, CompletableFuture<Void> end) {}

    private final Map<Thread, Work> works = new ConcurrentHashMap<>();
    private final Map<Thread, Work> left = new ConcurrentHashMap<>();

    /** Runs {@code work} on a thread of its own, so that this one notices an interrupt at once. */
    void run(Runnable stop, Runnable work) {
        works.put(Thread.currentThread(), new Work(stop, new CompletableFuture<>()));
        var task = new FutureTask<Void>(work, null);
        new Thread(task, "jane magic").start();
        boolean asked = false;
        while (true) {
            try {
                task.get(asked ? ASK_AGAIN_MILLIS : Long.MAX_VALUE, TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException interrupt) {
                asked = true;
                leave();
            } catch (TimeoutException unheard) {
                stop.run();
            } catch (ExecutionException failed) {
                throw unchecked(failed.getCause());
            }
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause; // a Runnable throws no other
    }

    /** The magic on this thread has ended. */
    void ended() {
        var work = works.remove(Thread.currentThread());
        if (work != null) {
            work.end().complete(null);
            left.remove(Thread.currentThread());
        }
    }

    /** The cell of what runs has ended without it: has it end early. */
    void leave() {
        left.putAll(works);
        works.values().forEach(work -> work.stop().run());
    }

    /** Waits until nothing runs that was left. */
    void await() {
        left.values().forEach(work -> work.end().join());
        left.values().removeIf(work -> work.end().isDone());
    }
}
