package jane.engine.ane;

import java.util.Locale;

/** How long runs took, on the clock and, where the system tells, on the hardware. */
final class RunTimes {
    private long runs;
    private long totalNanos;
    private long lastNanos;
    private long hardwareNanos = -1;

    void add(long nanos, long hardware) {
        runs++;
        totalNanos += nanos;
        lastNanos = nanos;
        hardwareNanos = hardware;
    }

    @Override
    public String toString() {
        if (runs == 0) {
            return "not run yet";
        }
        return String.format(
                Locale.ROOT,
                "%d runs, %.1f us each, the last %.1f us; on the hardware %s",
                runs,
                totalNanos / 1e3 / runs,
                lastNanos / 1e3,
                hardwareNanos < 0
                        ? "unavailable"
                        : String.format(Locale.ROOT, "%.1f us", hardwareNanos / 1e3));
    }
}
