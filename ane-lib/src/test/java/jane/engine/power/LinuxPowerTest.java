package jane.engine.power;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.power.PowerState.Supply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxPowerTest {
    @TempDir private Path folder;

    private void supply(String name, String... files) throws IOException {
        var supply = Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < files.length; i += 2) {
            Files.writeString(supply.resolve(files[i]), files[i + 1] + "\n");
        }
    }

    private void is(Supply supply, int percent) {
        var state = new LinuxPower(folder).state();
        assertEquals(supply, state.supply());
        assertEquals(percent < 0 ? OptionalInt.empty() : OptionalInt.of(percent), state.percent());
    }

    @Test
    void aLaptopOnItsBatteryAndOnItsAdapter() throws IOException {
        supply("AC", "type", "Mains", "online", "0");
        supply("BAT0", "type", "Battery", "status", "Discharging", "capacity", "73");
        supply(
                "mouse",
                "type",
                "Battery",
                "scope",
                "Device",
                "status",
                "Discharging",
                "capacity",
                "4");
        is(Supply.BATTERY, 73);
        supply("AC", "online", "1");
        supply("BAT0", "status", "Charging", "capacity", "100");
        is(Supply.MAINS, 100);
        supply("BAT0", "status", "Not charging", "capacity", "what");
        is(Supply.MAINS, -1);
    }

    @Test
    void anAdapterByCableCountsAsMains() throws IOException {
        supply("ucsi", "type", "USB", "online", "1");
        supply("BAT1", "type", "Battery", "status", "Full", "capacity", "100");
        is(Supply.MAINS, 100);
    }

    @Test
    void withoutSuppliesOrFilesNothingIsKnown() throws IOException {
        is(Supply.UNKNOWN, -1);
        supply("BAT0", "type", "Battery");
        supply("odd");
        is(Supply.UNKNOWN, -1);
        assertEquals(PowerState.UNKNOWN, new LinuxPower(folder.resolve("not-there")).state());
    }
}
