package jane.engine.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The power supply of a Linux machine, as {@code /sys/class/power_supply} has it: a folder for each
 * adapter and battery. Heat and energy are unknown.
 */
public final class LinuxPower implements PowerSource {
    private final Path folder;

    /** Reads below {@code folder}. */
    public LinuxPower(Path folder) {
        this.folder = folder;
    }

    /** That of this machine. */
    public static LinuxPower ofThisMachine() {
        return new LinuxPower(Path.of("/sys/class/power_supply"));
    }

    @Override
    public PowerState state() {
        boolean mains = false;
        boolean online = false;
        boolean discharging = false;
        var percent = OptionalInt.empty();
        for (var supply : supplies()) {
            switch (read(supply, "type")) {
                case "Mains", "USB" -> {
                    mains = true;
                    online |= read(supply, "online").equals("1");
                }
                case "Battery" -> {
                    if (!read(supply, "scope").equals("Device")) { // that of a mouse
                        discharging |= read(supply, "status").equals("Discharging");
                        percent = percent(read(supply, "capacity"), percent);
                    }
                }
                default -> {}
            }
        }
        var supply = PowerState.Supply.UNKNOWN;
        if (online || mains && !discharging) {
            supply = PowerState.Supply.MAINS;
        } else if (discharging) {
            supply = PowerState.Supply.BATTERY;
        }
        return new PowerState(supply, percent, Optional.empty(), PowerState.Heat.UNKNOWN);
    }

    private static OptionalInt percent(String text, OptionalInt otherwise) {
        return text.matches("\\d{1,2}|100") ? OptionalInt.of(Integer.parseInt(text)) : otherwise;
    }

    private List<Path> supplies() {
        var all = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(all::add);
        } catch (IOException e) {
            return List.of(); // a system without, such as a container
        }
        return all;
    }

    /** What a file says; empty where there is none, as a supply may be pulled at any moment. */
    private static String read(Path supply, String name) {
        try {
            return Files.readString(supply.resolve(name)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
