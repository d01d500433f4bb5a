package jane.engine.power;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the system tells of power at a moment.
 *
 * @param supply where the power comes from
 * @param percent charge of the battery, 0 to 100; empty without one
 * @param lowPower whether the user asked the system to save power; empty if it does not tell
 * @param heat how hot the machine is
 */
public record PowerState(
        Supply supply, OptionalInt percent, Optional<Boolean> lowPower, Heat heat) {
    /** Where the power comes from. */
    public enum Supply {
        MAINS,
        /** A battery or an uninterruptible supply. */
        BATTERY,
        UNKNOWN
    }

    /** How hot the machine is, in Apple's words; each is hotter than the one before. */
    public enum Heat {
        UNKNOWN,
        NOMINAL,
        /** Fans may be heard. */
        FAIR,
        /** Fans run at full speed; the system slows down. */
        SERIOUS,
        /** The machine has to cool down. */
        CRITICAL;

        /** As a user writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a system that tells nothing. */
    public static final PowerState UNKNOWN =
            new PowerState(Supply.UNKNOWN, OptionalInt.empty(), Optional.empty(), Heat.UNKNOWN);

    /** {@code on battery, 73 %; low-power mode off; heat nominal}. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        var charge = percent.isPresent() ? ", " + percent.getAsInt() + " %" : "";
        parts.add(
                switch (supply) {
                    case MAINS -> "on mains power" + charge;
                    case BATTERY -> "on battery" + charge;
                    case UNKNOWN -> "power supply unknown" + charge;
                });
        parts.add("low-power mode " + lowPower.map(on -> on ? "on" : "off").orElse("unknown"));
        parts.add("heat " + heat.word());
        return String.join("; ", parts);
    }
}
