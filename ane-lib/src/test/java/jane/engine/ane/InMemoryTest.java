package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.Campaign;
import jane.conform.Failure;
import jane.engine.Buffer;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Route;
import jane.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The in-memory route, over the bridge library and the stand-in for AppleNeuralEngine. */
class InMemoryTest {
    private static final Route ROUTE = Route.IN_MEMORY;

    @TempDir private Path orders;
    private StandIn standIn;

    private AneEngine inProcess() {
        var folder = StandIn.folder(ROUTE);
        standIn = StandIn.in(folder, ROUTE);
        return engine("ane/inmem", StandIn.bridge(folder, Device.ANE, ROUTE));
    }

    private AneEngine isolated() {
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(StandIn.folder(ROUTE).toString(), orders.toString(), ROUTE.name()),
                        Duration.ofSeconds(60));
        return engine("ane:isolated/inmem", IsolatedBridge.open(settings));
    }

    private static AneEngine engine(String name, Bridge bridge) {
        return new AneEngine(name, Target.named("m5/inmem"), bridge, 127, () -> 0L, text -> {});
    }

    @AfterEach
    void forgetFailures() {
        if (standIn != null) {
            standIn.controls().standin_reset();
        }
    }

    /** Weights after training, on the engine and by the same programs on the processor. */
    private static void trainsAsTheProcessorDoes(AneEngine ane, int steps) {
        try (ane;
                var same = Engines.open("sim:m5/inmem:fast", 1)) {
            var expected = Steps.train(same, steps, new AtomicInteger(), i -> {});
            assertEquals(expected, Steps.train(ane, steps, new AtomicInteger(), i -> {}));
            assertTrue(ane.compiled() > 0, "a part of the step ran on the engine");
        }
    }

    @Test
    void trainingLeavesTheWeightsOfTheSameProgramsOnTheCpuEngine() {
        trainsAsTheProcessorDoes(inProcess(), 8);
        assertEquals(0, standIn.alive());
    }

    @Test
    void soDoesTrainingInAWorkerProcess() {
        trainsAsTheProcessorDoes(isolated(), 8);
    }

    @Test
    @Tag("soak")
    void fiveHundredStepsLeaveTheSameWeights() {
        trainsAsTheProcessorDoes(inProcess(), 500);
        assertEquals(0, standIn.alive());
        trainsAsTheProcessorDoes(isolated(), 500);
    }

    @Test
    void conforms() {
        try (var ane = inProcess()) {
            var outcome = new Campaign(ane, 5).run(30);
            assertEquals(List.of(), outcome.failures().stream().map(Failure::message).toList());
            assertTrue(outcome.programs() > 8, outcome.programs() + " programs");
            assertTrue(ane.compiled() > 8, ane.compiled() + " of them on the stand-in");
        }
        assertEquals(0, standIn.alive());
    }

    /** b - a, of tensors whose rows are no multiple of 64 bytes, declared in the other order. */
    private static Program difference() {
        var type = new TensorType(DType.FP16, Shape.of(1, 5, 3, 7));
        var b = Leaf.input(type);
        var a = Leaf.input(type);
        var y = Node.of(Elementwise.SUB, NoAttrs.NONE, List.of(b, a)).out();
        return MilPrinter.print(
                Graph.of(
                        List.of(new Graph.Port("b", b), new Graph.Port("a", a)),
                        List.of(new Graph.Port("y", y))));
    }

    @Test
    void portsAreBoundByNameWhateverTheOrderAndTheStridesOfTheSurfaces() {
        try (var ane = inProcess();
                var executable = ane.probe(difference())) {
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, ane.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, ane.allocate(t)));
            var binding = executable.bind(buffers);
            for (int run = 0; run < 3; run++) {
                var a = new float[105];
                var b = new float[105];
                for (int i = 0; i < 105; i++) {
                    a[i] = i;
                    b[i] = 1000 + 2 * i + run;
                }
                buffers.get("a").put(a);
                buffers.get("b").put(b);
                binding.run();
                for (int i = 0; i < 105; i++) {
                    assertEquals(1000 + i + run, buffers.get("y").get(i));
                }
            }
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aRefusedProgramTellsTheErrorOfTheFramework() {
        try (var ane = inProcess()) {
            standIn.controls().standin_fail("compileWithQoS:options:error:", 1, 7);
            var e = assertThrows(AneException.class, () -> ane.probe(difference()));
            assertEquals(AneStatus.ECOMPILE, e.status());
            assertTrue(e.getMessage().contains("com.apple.appleneuralengine"), e::getMessage);
            assertTrue(e.getMessage().contains("status 7"), e::getMessage);
        }
        assertEquals(0, standIn.alive());
    }

    private static AneSettings settings(Map<String, String> more) {
        var folder = StandIn.folder(ROUTE);
        var env = new HashMap<>(more);
        env.put("JANE_ANE", folder.resolve("libjaneane.so").toString());
        env.put("JANE_ANE_FRAMEWORK_INMEM", folder.resolve("libjaneneural.so").toString());
        env.put("JANE_ANE_TARGET", "m4@15");
        return AneSettings.of(env, "Linux", "amd64", "6.1");
    }

    @Test
    void whereE5rtCannotBeOpenedTheEngineTakesTheInMemoryRouteAndSaysWhy() {
        var settings = settings(Map.of("JANE_ANE_FRAMEWORK", "/no/Espresso"));
        for (boolean isolated : new boolean[] {false, true}) {
            try (var ane = AneEngine.open(settings, isolated)) {
                assertEquals("m4@15/inmem", ane.target().orElseThrow().name());
                assertTrue(ane.route().contains("route=in-memory\n"), ane::route);
                var said = ane.description();
                assertTrue(said.contains("on inmem (e5rt cannot be opened: "), said);
                assertTrue(said.contains("/no/Espresso"), said);
            }
        }
    }

    @Test
    void aRouteThatIsAskedForIsTakenOrRefused() {
        var asked =
                settings(Map.of("JANE_ANE_FRAMEWORK", "/no/Espresso", "JANE_ANE_ROUTE", "inmem"));
        try (var ane = AneEngine.open(asked, false)) {
            assertTrue(ane.description().contains("on inmem, in this process"), ane::description);
        }
        var e5rt = settings(Map.of("JANE_ANE_FRAMEWORK", "/no/Espresso", "JANE_ANE_ROUTE", "e5rt"));
        var e = assertThrows(EngineUnavailableException.class, () -> AneEngine.open(e5rt, false));
        assertTrue(e.getMessage().contains("e5rt cannot be opened"), e::getMessage);
        var wrong =
                assertThrows(
                        JaneException.class, () -> settings(Map.of("JANE_ANE_ROUTE", "espresso")));
        assertEquals("[ane] JANE_ANE_ROUTE is 'espresso'; need e5rt or inmem", wrong.getMessage());
    }

    @Test
    @DisabledOnOs(OS.MAC)
    void theChooserKnowsTheRoutes() {
        for (var name : List.of("ane:inprocess/inmem", "ane:isolated/e5rt")) {
            var e = assertThrows(EngineUnavailableException.class, () -> Engines.open(name, 1));
            assertTrue(e.getMessage().startsWith("[" + name + "] "), e::getMessage);
        }
        var e = assertThrows(JaneException.class, () -> Engines.open("ane/other", 1));
        assertTrue(e.getMessage().contains("unknown engine 'ane/other'"), e::getMessage);
    }
}
