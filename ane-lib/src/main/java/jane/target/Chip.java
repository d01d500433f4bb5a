package jane.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chip with a Neural Engine that takes MIL.
 *
 * @param name as targets name it: {@code m2-pro}
 * @param title for people
 * @param hardware the compiler's name for it: {@code h14g}
 * @param family whose rules it follows
 * @param firstOs the first macOS it runs
 */
public record Chip(String name, String title, String hardware, Family family, int firstOs) {
    /**
     * The chips of Macs, oldest first. Source: ANEForge, target table ({@code M(n) = H(n+12)}; M1
     * Max is h13g, M2 Pro h14g, M5 h17s); {@code _ANEDeviceInfo} reports h16g on M4. What the M5
     * Pro and Max are called is not known.
     */
    public static final List<Chip> ALL =
            List.of(
                    new Chip("m1", "M1", "h13", Family.A13, 11),
                    new Chip("m1-max", "M1 Max", "h13g", Family.A13, 12),
                    new Chip("m2", "M2", "h14", Family.A14, 12),
                    new Chip("m2-pro", "M2 Pro", "h14g", Family.A14, 13),
                    new Chip("m3", "M3", "h15", Family.A15, 14),
                    new Chip("m3-pro", "M3 Pro", "h15g", Family.A15, 14),
                    new Chip("m4", "M4", "h16g", Family.A16, 15),
                    new Chip("m5", "M5", "h17s", Family.A16, 26),
                    new Chip("m5-pro", "M5 Pro", "h17", Family.A16, 26));

    /** Other names of the compiler's targets that take MIL, by family; same source. */
    private static final List<List<String>> HARDWARE =
            List.of(
                    List.of("h13", "h13g", "t1"),
                    List.of("h14", "h14g", "h14c"),
                    List.of("h15", "h15g", "h15c", "m11"),
                    List.of(
                            "h16", "h16g", "h16c", "h16s", "h17", "h17a", "h17g", "h17s", "h17c",
                            "h17d", "h18"));

    /** The chip of this name, or the compiler's target of this name. */
    static Optional<Chip> ofName(String name) {
        for (var chip : ALL) {
            if (chip.name.equals(name)) {
                return Optional.of(chip);
            }
        }
        for (var family : Family.values()) {
            if (HARDWARE.get(family.ordinal()).contains(name)) {
                return Optional.of(new Chip(name, "compiler target " + name, name, family, 14));
            }
        }
        return Optional.empty();
    }

    /** Every name that {@link #ofName} takes: chips, then the compiler's targets. */
    static List<String> names() {
        var names = new ArrayList<String>();
        ALL.forEach(chip -> names.add(chip.name));
        HARDWARE.forEach(names::addAll);
        return List.copyOf(names);
    }
}
