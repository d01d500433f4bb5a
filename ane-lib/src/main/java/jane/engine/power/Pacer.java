package jane.engine.power;

import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Waits between steps, as a {@link Pacing} says. Waits end at once when the thread is interrupted
 * or the caller wants to stop.
 */
public final class Pacer {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long SLICE_NANOS = 100_000_000L;
    private static final long LEAST_NANOS = 1_000_000L; // shorter ones are saved up

    /** Time, real or not. */
    interface Clock {
        long nanos();

        void sleep(long nanos) throws InterruptedException;
    }

    private static final Clock REAL =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void sleep(long nanos) throws InterruptedException {
                    Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
                }
            };

    private final Pacing pacing;
    private final PowerSource source;
    private final Clock clock;
    private double owed; // nanoseconds
    private volatile long looked;
    private volatile boolean hasLooked;

    /** Keeps to {@code pacing} by what {@code source} says. */
    public Pacer(Pacing pacing, PowerSource source) {
        this(pacing, source, REAL);
    }

    Pacer(Pacing pacing, PowerSource source, Clock clock) {
        this.pacing = pacing;
        this.source = source;
        this.clock = clock;
    }

    /** What it keeps to. */
    public Pacing pacing() {
        return pacing;
    }

    /** A step took so long. */
    public synchronized void worked(long nanos) {
        owed += nanos * (1 / pacing.dutyCycle() - 1);
    }

    /**
     * Waits until the next step may begin.
     *
     * @param stop whether the caller wants to end; asked ten times a second
     * @param listener hears why a pause begins, and that it is over; not of the duty cycle
     * @return false if the wait was ended before, by {@code stop} or an interrupt, which stays set
     */
    public boolean await(BooleanSupplier stop, Consumer<String> listener) {
        return rest(stop) && cool(stop, listener);
    }

    private boolean rest(BooleanSupplier stop) {
        long nanos = due();
        return nanos == 0 || sleep(nanos, stop);
    }

    private synchronized long due() {
        long nanos = owed < LEAST_NANOS ? 0 : (long) owed;
        owed -= nanos;
        return nanos;
    }

    private boolean cool(BooleanSupplier stop, Consumer<String> listener) {
        if (!pacing.asks() || hasLooked && clock.nanos() - looked < LOOK_NANOS) {
            return true;
        }
        var reason = look();
        if (reason.isEmpty()) {
            return true;
        }
        long start = clock.nanos();
        var told = "";
        while (!reason.isEmpty()) {
            if (!reason.equals(told)) {
                listener.accept("paused: " + reason + "; goes on by itself when that is over");
                told = reason;
            }
            if (!sleep(LOOK_NANOS, stop)) {
                hasLooked = false;
                return false;
            }
            reason = look();
        }
        double seconds = (clock.nanos() - start) / 1e9;
        listener.accept(String.format(Locale.ROOT, "goes on after a pause of %.0f s", seconds));
        return true;
    }

    private String look() {
        looked = clock.nanos();
        hasLooked = true;
        return pacing.reason(source.state()).orElse("");
    }

    private boolean sleep(long nanos, BooleanSupplier stop) {
        long end = clock.nanos() + nanos;
        try {
            for (long left = nanos; left > 0; left = end - clock.nanos()) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                clock.sleep(Math.min(left, SLICE_NANOS));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
