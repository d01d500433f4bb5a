package jane.notebook.kernel;

import java.time.Duration;

/**
 * Work that can end itself at a safe point, asked before the kernel interrupts its thread.
 *
 * <pre>{@code
 * try (var hook = kernel.onInterrupt(() -> { stop.set(true); return Duration.ofSeconds(30); })) {
 *     while (!stop.get() && trainer.step()) { }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface InterruptHook {
    /** How long work that gives no figure of its own is left alone. */
    Duration DEFAULT_GRACE = Duration.ofMillis(800);

    /**
     * Asks the work to end soon; called from another thread and must return at once.
     *
     * @return how long the work may take to end before its thread is interrupted
     */
    Duration requestStop();

    /** A hook in force; closing it takes it back. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
