package jane.engine;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What one run takes of the device, on average over the runs so far.
 *
 * @param runs so far
 * @param micros microseconds on the clock, the way to the device included
 * @param hardwareMicros microseconds on the hardware; empty where the system does not tell
 * @param millijoules energy; empty where the system does not tell, or where the counter, which all
 *     programs of the machine share, has not moved. Never 0
 */
public record DeviceUse(
        long runs, double micros, OptionalDouble hardwareMicros, OptionalDouble millijoules) {
    /** Of one after the other, as parts of a step are; unknown if one of them is. */
    public DeviceUse plus(DeviceUse other) {
        return new DeviceUse(
                Math.min(runs, other.runs),
                micros + other.micros,
                sum(hardwareMicros, other.hardwareMicros),
                sum(millijoules, other.millijoules));
    }

    private static OptionalDouble sum(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(a.getAsDouble() + b.getAsDouble())
                : OptionalDouble.empty();
    }

    /** {@code 812.3 us a run, on the hardware unavailable, energy 0.41 mJ}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f us a run, on the hardware %s, energy %s",
                micros,
                told(hardwareMicros, "us"),
                told(millijoules, "mJ"));
    }

    private static String told(OptionalDouble value, String unit) {
        return value.isPresent()
                ? String.format(Locale.ROOT, "%.3g %s", value.getAsDouble(), unit)
                : "unavailable";
    }
}
