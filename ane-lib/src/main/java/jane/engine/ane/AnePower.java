package jane.engine.ane;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import jane.engine.natives.NativeException;
import jane.engine.power.LinuxPower;
import jane.engine.power.PowerSource;
import jane.engine.power.PowerState;
import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What macOS tells of power, by way of the bridge library. One for the life of the process. */
final class AnePower implements PowerSource {
    private static final int LIBRARIES = 6;
    private static final int[] CODES = {9, 17, 21, 25, 33};
    private static final int DEFAULT_QOS = 21;

    private final long[] handle = new long[1];

    private AnePower() {}

    /** What tells of this machine's power. */
    static PowerSource ofThisMachine(AneSettings settings) {
        if (!settings.mac() && settings.power().isEmpty()) {
            return LinuxPower.ofThisMachine();
        }
        try {
            return open(settings.bridge(), settings.power());
        } catch (NativeException | AneException e) {
            System.getLogger("jane.engine")
                    .log(System.Logger.Level.WARNING, "power is unknown: " + e.getMessage());
            return NONE;
        }
    }

    /**
     * Opens it.
     *
     * @param file the bridge library, or empty for the bundled one
     * @param library what has all of the system's functions, or empty for Apple's libraries
     */
    static AnePower open(Optional<String> file, Optional<String> library) {
        NativeBridge.load(file);
        var power = new AnePower();
        List<Memory> kept = new ArrayList<>();
        try (var paths = new Memory((long) LIBRARIES * Native.POINTER_SIZE)) {
            paths.clear();
            for (int i = 0; i < LIBRARIES && library.isPresent(); i++) {
                var text = NativeBridge.text(library.get());
                var path = new Memory(text.length);
                path.write(0, text, 0, text.length);
                kept.add(path);
                paths.setPointer((long) i * Native.POINTER_SIZE, path);
            }
            NativeBridge.check(
                    "power", AneLibrary.jane_ane_power_open((Pointer) paths, power.handle));
        } finally {
            kept.forEach(Memory::close);
        }
        return power;
    }

    @Override
    public synchronized PowerState state() {
        var values = new int[4];
        NativeBridge.check("power", AneLibrary.jane_ane_power_state(handle[0], values));
        var supply =
                switch (values[0]) {
                    case 0 -> Supply.MAINS;
                    case 1 -> Supply.BATTERY;
                    default -> Supply.UNKNOWN;
                };
        return new PowerState(
                supply,
                values[1] < 0 ? OptionalInt.empty() : OptionalInt.of(values[1]),
                values[2] < 0 ? Optional.empty() : Optional.of(values[2] != 0),
                Heat.values()[values[3] + 1]);
    }

    @Override
    public synchronized OptionalLong nanojoules() {
        var taken = new long[1];
        NativeBridge.check("energy", AneLibrary.jane_ane_energy(handle[0], taken));
        return taken[0] < 0 ? OptionalLong.empty() : OptionalLong.of(taken[0]);
    }

    /**
     * Gives the calling thread a class.
     *
     * @return the one to give it back afterwards
     * @throws AneException if the system has none, or refuses
     */
    int qos(int code) {
        var before = new int[1];
        NativeBridge.check(
                "quality of service", AneLibrary.jane_ane_thread_qos(handle[0], code, before));
        for (int known : CODES) {
            if (before[0] == known) {
                return known;
            }
        }
        return DEFAULT_QOS; // a thread cannot be put back to no class
    }

    /** For tests; the one of the machine stays open. */
    void close() {
        NativeBridge.check("power", AneLibrary.jane_ane_power_close(handle));
    }
}
