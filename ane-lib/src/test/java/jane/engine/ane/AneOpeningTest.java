package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.EngineUnavailableException;
import jane.target.Route;
import jane.target.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which engine opens where, and for what. */
class AneOpeningTest extends OverStandIn {
    @Test
    @DisabledOnOs(OS.MAC)
    void whereThereIsNoFrameworkItSaysWhyAndWhatToDo() {
        var settings = AneSettings.of(Map.of(), "Linux", "amd64", "6.1");
        var e =
                assertThrows(
                        EngineUnavailableException.class, () -> AneEngine.open(settings, true));
        assertEquals(
                "[ane:isolated] this engine is not available here: the Neural Engine needs a Mac,"
                    + " and this is not macOS; use cpu, or sim:T with the target T of a chip for"
                    + " the numbers of a Mac",
                e.getMessage());
    }

    @Test
    void aFrameworkThatIsNotThereIsNamed() {
        var bridge = StandIn.folder().resolve("libjaneane.so").toString();
        var settings =
                AneSettings.of(
                        Map.of("JANE_ANE", bridge, "JANE_ANE_FRAMEWORK", "/no/Espresso"),
                        "Linux",
                        "amd64",
                        "6.1");
        var e =
                assertThrows(
                        EngineUnavailableException.class, () -> AneEngine.open(settings, false));
        assertTrue(e.getMessage().contains("/no/Espresso"), e::getMessage);
    }

    @Test
    void theEngineOfTheEnvironmentKeepsTheTargetThatIsAskedFor() {
        var folder = StandIn.folder();
        var settings =
                AneSettings.of(
                        Map.of(
                                "JANE_ANE", folder.resolve("libjaneane.so").toString(),
                                "JANE_ANE_FRAMEWORK",
                                        folder.resolve("libjaneespresso.so").toString(),
                                "JANE_ANE_TARGET", "m4"),
                        "Linux",
                        "amd64",
                        "6.1");
        try (var ane = AneEngine.open(settings, false)) {
            assertEquals("m4", ane.target().orElseThrow().name());
            assertTrue(ane.description().contains("Neural Engine of "), ane::description);
            assertTrue(ane.route().contains("route="), ane::route);
        }
    }

    @Test
    void theDeviceIsWhatProgramsAreCompiledFor() {
        var folder = StandIn.folder();
        standIn = StandIn.in(folder);
        for (var device : Device.values()) {
            var bridge = StandIn.bridge(folder, device, Route.E5RT);
            try (var ane =
                            new AneEngine(
                                    "ane", Target.named("m5"), bridge, 127, clock::get, s -> {});
                    var program = ane.compile(Steps.sum(2))) {
                assertEquals(device.mask, standIn.controls().standin_mask());
                assertEquals(1, program.outputs().size());
            }
        }
    }

    @Test
    void theReferenceOnTheProcessorTellsItsWorkerSo() {
        var settings = AneSettings.of(Map.of("JANE_ANE", "/b"), "Mac OS X", "aarch64", "15.6");
        assertEquals(
                List.of("/b", "", "CPU", "", "E5RT"),
                WorkerSettings.of(settings, Device.CPU, Route.E5RT).arguments());
    }
}
