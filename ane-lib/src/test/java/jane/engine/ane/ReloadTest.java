package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Executable;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Route;
import jane.target.Target;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading a program again with other weights, and the time that the in-memory route tells. */
class ReloadTest {
    private static final Route ROUTE = Route.IN_MEMORY;
    private static final int FRESH = 1;
    private static final TensorType TYPE = new TensorType(DType.FP16, Shape.of(1, 4, 1, 64));

    @TempDir private Path orders;
    private StandIn standIn;

    private AneEngine inProcess() {
        var folder = StandIn.folder(ROUTE);
        standIn = StandIn.in(folder, ROUTE);
        return engine(StandIn.bridge(folder, Device.ANE, ROUTE));
    }

    private static AneEngine engine(Bridge bridge) {
        var target = Target.named("m5/inmem");
        return new AneEngine("ane/inmem", target, bridge, 127, () -> 0L, text -> {});
    }

    @AfterEach
    void forget() {
        if (standIn != null) {
            standIn.controls().standin_reset();
            standIn.controls().standin_set_reload(0);
            standIn.controls().standin_set_time(0);
        }
    }

    /** y = x + w. */
    private static Program plus(double w) {
        var values = new double[256];
        Arrays.fill(values, w);
        var x = Leaf.input(TYPE);
        var y = Elementwise.add(x, Leaf.constant(ConstData.of(TYPE, values)));
        return MilPrinter.print(
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
    }

    private static double run(AneEngine ane, Executable executable, double x) {
        try (var in = ane.allocate(TYPE);
                var out = ane.allocate(TYPE)) {
            in.put(fill(x));
            executable.bind(new HashMap<String, Buffer>(Map.of("x", in, "y", out))).run();
            return out.get(17);
        }
    }

    private static float[] fill(double value) {
        var values = new float[256];
        Arrays.fill(values, (float) value);
        return values;
    }

    @Test
    void runsWithTheWeightsThatTheFrameworkLoads() {
        for (boolean fresh : new boolean[] {false, true}) {
            try (var ane = inProcess()) {
                standIn.controls().standin_set_reload(fresh ? FRESH : 0);
                var first = ane.compile(plus(2));
                assertEquals(3, run(ane, first, 1));
                var again = ane.reload(first, plus(6).files());
                assertEquals(fresh ? 7 : 3, run(ane, again, 1));
                assertEquals(1, ane.compiled());
                var closed = assertThrows(JaneException.class, () -> run(ane, first, 1));
                assertTrue(closed.getMessage().contains("closed"), closed::getMessage);
                var equal = assertThrows(JaneException.class, () -> ane.compile(plus(2)));
                assertTrue(
                        equal.getMessage()
                                .contains("was loaded again with other weights; close that"),
                        equal::getMessage);
                again.close();
                assertEquals(0, ane.resident());
                assertEquals(3, run(ane, ane.compile(plus(2)), 1));
            }
            assertEquals(0, standIn.alive());
        }
    }

    @Test
    void whatCannotBeOverwrittenIsRefusedAndNothingChanges() {
        try (var ane = inProcess()) {
            var executable = ane.compile(plus(2));
            var small = Map.of("weights/weight.bin", ByteBuffer.allocate(5));
            var size = assertThrows(JaneException.class, () -> ane.reload(executable, small));
            assertTrue(size.getMessage().contains("with 5 bytes cannot be overwritten"));
            var second = ane.compile(plus(2));
            var files = plus(6).files();
            var shared = assertThrows(JaneException.class, () -> ane.reload(executable, files));
            assertTrue(shared.getMessage().contains("is used by 2 executables"));
            second.close();
            assertEquals(3, run(ane, executable, 1));
        }
    }

    @Test
    void theOtherRouteHasNoSuchThing() {
        var folder = StandIn.folder();
        StandIn.in(folder);
        var bridge = StandIn.bridge(folder);
        try (var ane =
                new AneEngine("ane", Target.named("m5"), bridge, 127, () -> 0L, text -> {})) {
            var executable = ane.compile(plus(2));
            var e = assertThrows(JaneException.class, () -> ane.reload(executable, Map.of()));
            assertEquals(
                    "[ane] the route e5rt has no reload without compiling; compile the program"
                            + " again, or use a target such as m5/inmem",
                    e.getMessage());
        }
    }

    @Test
    void aProgramThatCouldNotBeLoadedAgainIsCompiledWhenItRuns() {
        try (var ane = inProcess()) {
            var executable = ane.compile(plus(2));
            standIn.controls().standin_fail("loadWithQoS:options:error:", -1, 5);
            var e = assertThrows(AneException.class, () -> ane.reload(executable, plus(6).files()));
            assertEquals(AneStatus.ELOAD, e.status());
            assertTrue(e.getMessage().contains("loading program "), e::getMessage);
            standIn.controls().standin_fail("", 0, 0);
            assertEquals(0, standIn.resident());
            assertEquals(7, run(ane, executable, 1)); // its files are the new ones
            assertEquals(2, ane.compiled());
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aWorkerLoadsAgainButNotForOneThatEnded() {
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(StandIn.folder(ROUTE).toString(), orders.toString(), ROUTE.name()),
                        Duration.ofSeconds(60));
        var bridge = IsolatedBridge.open(settings);
        try (var ane = engine(bridge)) {
            var executable = ane.reload(ane.compile(plus(2)), plus(6).files());
            assertEquals(3, run(ane, executable, 1));
            assertEquals(1, ane.compiled());
            var worker = ProcessHandle.of(bridge.pid()).orElseThrow();
            worker.destroyForcibly();
            worker.onExit().join();
            var e = assertThrows(AneException.class, () -> ane.reload(executable, plus(8).files()));
            assertTrue(e.getMessage().contains("on the device has ended"), e::getMessage);
            assertEquals(9, run(ane, executable, 1)); // compiled of the files as they are
        }
    }

    @Test
    void theTimeOnTheHardwareIsToldWhereTheFrameworkDoes() {
        try (var ane = inProcess()) {
            var executable = ane.compile(plus(2));
            standIn.controls().standin_set_time(2500);
            run(ane, executable, 1);
            run(ane, executable, 1);
            assertEquals(2.5, executable.deviceUse().orElseThrow().hardwareMicros().orElseThrow());
            standIn.controls().standin_set_time(0);
            run(ane, executable, 1);
            assertTrue(executable.deviceUse().orElseThrow().hardwareMicros().isEmpty());
        }
    }
}
