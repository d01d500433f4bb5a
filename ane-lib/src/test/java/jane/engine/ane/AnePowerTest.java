package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.cpu.CpuEngine;
import jane.engine.power.PowerState;
import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import jane.engine.power.Qos;
import jane.ir.JaneException;
import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power and quality of service, over the bridge library and the stand-in for what tells of them.
 */
class AnePowerTest {
    private final PowerStandIn.State laptop = new PowerStandIn.State();
    private Path folder;
    private PowerStandIn standIn;

    @BeforeEach
    void load() {
        folder = StandIn.folder();
        standIn = PowerStandIn.in(folder);
        standIn.standin_power_reset();
        standIn.standin_power_set(laptop);
    }

    private Optional<String> library(String name) {
        return Optional.of(folder.resolve(name).toString());
    }

    private AnePower power() {
        return AnePower.open(library("libjaneane.so"), library("libjanepower.so"));
    }

    private void closed(AnePower power) {
        power.close();
        assertEquals(0, standIn.standin_power_objects());
        assertEquals("", standIn.standin_power_rule());
    }

    @Test
    void tellsWhatTheSystemTells() {
        var power = power();
        var found =
                new PowerState(Supply.BATTERY, OptionalInt.of(73), Optional.of(true), Heat.SERIOUS);
        assertEquals(found, power.state());
        assertEquals(OptionalLong.of(5_000_000), power.nanojoules());
        laptop.source = 0;
        laptop.full = -1;
        laptop.lowPower = 0;
        laptop.heat = 3;
        standIn.standin_power_set(laptop);
        found =
                new PowerState(
                        Supply.MAINS, OptionalInt.empty(), Optional.of(false), Heat.CRITICAL);
        assertEquals(found, power.state());
        closed(power);
    }

    @Test
    void whatASystemDoesNotTellIsUnknownAndNotZero() {
        laptop.source = -1;
        laptop.full = -1;
        laptop.lowPower = -1;
        laptop.heat = -1;
        laptop.engines = 0;
        standIn.standin_power_set(laptop);
        var power = power();
        assertEquals(PowerState.UNKNOWN, power.state());
        assertEquals(OptionalLong.empty(), power.nanojoules());
        closed(power);
        var nothing = AnePower.open(library("libjaneane.so"), Optional.of("/no/such/library"));
        assertEquals(PowerState.UNKNOWN, nothing.state());
        assertEquals(OptionalLong.empty(), nothing.nanojoules());
        nothing.close();
    }

    @Test
    void energyOfARunIsInItsPlan() {
        var power = power();
        try (var ane =
                new AneEngine(
                        "ane",
                        Target.named("m5"),
                        NativeBridge.open(library("libjaneane.so"), library("libjaneespresso.so")),
                        127,
                        () -> 0L,
                        text -> {},
                        power)) {
            var espresso = StandIn.in(folder);
            espresso.before(
                    () -> {
                        laptop.energy += 3; // mJ a run
                        standIn.standin_power_set(laptop);
                    });
            var executable = ane.compile(Steps.sum(2));
            var x = ane.allocate(executable.inputs().get("x"));
            var y = ane.allocate(executable.outputs().get("y"));
            var binding = executable.bind(Map.of("x", x, "y", y));
            for (int i = 0; i < 7; i++) {
                binding.run();
            }
            assertEquals(3, executable.deviceUse().orElseThrow().millijoules().orElseThrow(), 1e-9);
            var line = executable.plan().get(2);
            assertTrue(line.contains("on the hardware unavailable, energy 3.00 mJ"), line);
        }
        closed(power);
    }

    @Test
    void aRunHasTheUrgencyThatIsAskedForAndTheThreadGetsItsOwnBack() {
        laptop.qos = 25;
        standIn.standin_power_set(laptop);
        var espresso = StandIn.in(folder);
        List<Integer> seen = new ArrayList<>();
        espresso.before(() -> seen.add(standIn.qos_class_self()));
        var bridge = StandIn.bridge(folder);
        try (var ane =
                new AneEngine("ane", Target.named("m5"), bridge, 127, () -> 0L, text -> {})) {
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 1);
            ane.qos(Qos.BACKGROUND);
            run.train(1, 3);
            ane.qos(Qos.USER_INTERACTIVE);
            run.train(3, 4);
        }
        assertEquals(List.of(25, 9, 9, 33), seen);
        assertEquals(25, standIn.qos_class_self());
        assertEquals("", standIn.standin_power_rule());
    }

    @Test
    void aSystemThatRefusesSaysSoWhenAskedAndEveryOtherEngineToo() {
        laptop.qosError = 1;
        standIn.standin_power_set(laptop);
        var bridge = StandIn.bridge(folder);
        StandIn.in(folder);
        try (var ane =
                new AneEngine("ane", Target.named("m5"), bridge, 127, () -> 0L, text -> {})) {
            var e = assertThrows(AneException.class, () -> ane.qos(Qos.UTILITY));
            assertTrue(e.getMessage().contains("class 17 refused with error 1"), e::getMessage);
            new Steps.Run(ane, Steps.sum(2)).train(0, 1); // as before
        }
        try (var cpu = new CpuEngine(1)) {
            var e = assertThrows(JaneException.class, () -> cpu.qos(Qos.UTILITY));
            assertEquals(
                    "[engine] cpu has no quality of service, asked for utility; need ane or"
                            + " ane:inprocess on a Mac",
                    e.getMessage());
        }
    }

    @Test
    void aWorkerHasTheUrgencyTooAndSoHasTheNextOne(@TempDir Path orders) throws IOException {
        Files.writeString(orders.resolve("qos"), "");
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString()),
                        Duration.ofSeconds(60));
        var bridge = IsolatedBridge.open(settings);
        try (var ane =
                new AneEngine("ane:isolated", Target.named("m5"), bridge, 9, () -> 0L, t -> {})) {
            ane.qos(Qos.UTILITY);
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 1);
            assertEquals("17", Files.readString(orders.resolve("qos")));
            Files.writeString(orders.resolve("qos"), "");
            var dead = ProcessHandle.of(bridge.pid()).orElseThrow();
            dead.destroyForcibly();
            dead.onExit().join();
            run.train(1, 2);
            assertEquals("17", Files.readString(orders.resolve("qos")));
        }
    }
}
