package jane.engine.ane;

import jane.engine.DeviceUse;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long runs took, on the clock and, where the system tells, on the hardware; and their energy.
 */
final class RunTimes {
    private long runs;
    private long totalNanos;
    private long lastNanos;
    private long hardwareNanos;
    private boolean hardware = true; // told for every run
    private double nanojoules;
    private boolean energy = true; // measured for every run

    synchronized void add(long nanos, long onHardware) {
        runs++;
        totalNanos += nanos;
        lastNanos = nanos;
        hardwareNanos += onHardware;
        hardware &= onHardware >= 0;
    }

    /** All runs since the last time took so much. */
    synchronized void took(double more) {
        nanojoules += more;
    }

    /** What some runs took is not known. */
    synchronized void lostEnergy() {
        energy = false;
    }

    /** Means of all runs; empty before the first. */
    synchronized Optional<DeviceUse> use() {
        if (runs == 0) {
            return Optional.empty();
        }
        var onHardware =
                hardware ? OptionalDouble.of(hardwareNanos / 1e3 / runs) : OptionalDouble.empty();
        var millijoules =
                energy && nanojoules > 0
                        ? OptionalDouble.of(nanojoules / 1e6 / runs)
                        : OptionalDouble.empty();
        return Optional.of(new DeviceUse(runs, totalNanos / 1e3 / runs, onHardware, millijoules));
    }

    @Override
    public synchronized String toString() {
        return use().map(
                        use ->
                                String.format(
                                        Locale.ROOT,
                                        "%d runs, %s; the last %.1f us",
                                        runs,
                                        use,
                                        lastNanos / 1e3))
                .orElse("not run yet");
    }
}
