package jane.engine.ane;

import jane.engine.power.PowerSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Shares the energy of the Neural Engine out to programs. The system has one counter for the whole
 * machine, coarse and slow to read: it is read a few times a second, and what it rose by belongs to
 * the runs since, by their times. What other processes run there in between counts as ours.
 */
final class EnergyMeter {
    private static final long EVERY_NANOS = 250_000_000;

    private final PowerSource source;
    private final LongSupplier nanoTime;
    private final Map<RunTimes, Long> waiting = new HashMap<>(); // nanoseconds; by identity
    private OptionalLong counter = OptionalLong.empty();
    private long read;
    private boolean begun;

    EnergyMeter(PowerSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** Before a run: the counter's first value. */
    synchronized void begin() {
        if (!begun) {
            begun = true;
            counter = source.nanojoules();
            read = nanoTime.getAsLong();
        }
    }

    /** After a run of that length. */
    synchronized void ran(RunTimes times, long nanos) {
        if (counter.isPresent()) {
            waiting.merge(times, nanos, Long::sum);
            if (nanoTime.getAsLong() - read >= EVERY_NANOS) {
                share();
            }
        }
    }

    /** Before a report. */
    synchronized void settle() {
        if (!waiting.isEmpty()) {
            share();
        }
    }

    private void share() {
        var now = source.nanojoules();
        read = nanoTime.getAsLong();
        if (now.isPresent() && now.getAsLong() >= counter.getAsLong()) {
            double rise = now.getAsLong() - counter.getAsLong();
            double all = waiting.values().stream().mapToLong(n -> n).sum();
            waiting.forEach((times, nanos) -> times.took(rise * nanos / Math.max(1, all)));
        } else {
            waiting.keySet().forEach(RunTimes::lostEnergy); // it began anew, or fell silent
        }
        waiting.clear();
        counter = now;
    }
}
