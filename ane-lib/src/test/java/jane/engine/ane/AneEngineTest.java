package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.CompileException;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Route;
import jane.target.Target;
import jane.zoo.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine in this process, over the bridge library and the stand-in for Espresso. */
class AneEngineTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<String> warnings = new ArrayList<>();
    private StandIn standIn;

    private AneEngine engine(int slots) {
        var folder = StandIn.folder();
        standIn = StandIn.in(folder);
        var bridge = StandIn.bridge(folder);
        return new AneEngine("ane", Target.named("m5"), bridge, slots, clock::get, warnings::add);
    }

    @AfterEach
    void forgetFailures() {
        if (standIn != null) {
            standIn.controls().standin_reset();
        }
    }

    /** y = x + x + ..., {@code count} of them, of 64 halves. */
    static Program sum(int count) {
        Value x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 64)));
        Value y = x;
        for (int i = 1; i < count; i++) {
            y = Node.of(Elementwise.ADD, NoAttrs.NONE, List.of(y, x)).out();
        }
        return MilPrinter.print(
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
    }

    private static double first(Steps.Run run) {
        return run.buffers.get("y").get(0);
    }

    @Test
    void stateLeftInPlaceIsBitForBitThatOfTheCpuEngine() {
        try (var cpu = new CpuEngine(1);
                var ane = engine(127)) {
            var expected = new Steps.Run(cpu, Steps.momentum());
            var found = new Steps.Run(ane, Steps.momentum());
            expected.train(0, 100);
            found.train(0, 100);
            assertEquals(expected.contents(), found.contents());
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void trainingLeavesTheWeightsOfTheSameProgramsOnTheCpuEngine() {
        try (var same = Engines.open("sim:m5:fast", 1);
                var ane = engine(127)) {
            var expected = Steps.train(same, 24, new AtomicInteger(), i -> {});
            assertEquals(expected, Steps.train(ane, 24, new AtomicInteger(), i -> {}));
            assertTrue(ane.compiled() > 0, "a part of the step ran on the engine");
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void buffersLiveInThePortsFromTheSecondRunOn() {
        try (var ane = engine(127)) {
            var run = new Steps.Run(ane, sum(2));
            var own = run.buffers.get("x").bytes();
            run.train(0, 1);
            assertTrue(run.buffers.get("x").livesIn(own));
            run.train(1, 3);
            assertTrue(!run.buffers.get("x").livesIn(own));
            var x = run.buffers.get("x").get(0);
            run.buffers.get("x").pinned(); // somebody keeps the address: it is copied from now on
            run.run();
            assertEquals(x, run.buffers.get("x").get(0));
            run.train(3, 4);
            assertEquals(2 * run.buffers.get("x").get(0), first(run), 1e-3);
        }
    }

    @Test
    void whatTheHostDoesBetweenRunsIsWhatProgramsRead() {
        for (long seed = 1; seed <= 8; seed++) {
            try (var ane = engine(seed % 2 == 0 ? 1 : 127)) { // with one slot programs come and go
                HostChanges.compare(ane, 150, seed, action -> {});
            }
        }
    }

    @Test
    void aResultStaysWhenAnotherBindingRunsTheSameProgram() {
        try (var ane = engine(127)) {
            var one = new Steps.Run(ane, sum(2));
            var other = new Steps.Run(ane, sum(2));
            one.train(0, 3);
            double before = first(one);
            other.train(7, 10);
            assertEquals(before, first(one));
            assertEquals(1, ane.compiled(), "equal programs are compiled once");
        }
    }

    @Test
    void noMoreProgramsAreResidentThanThereAreSlots() {
        try (var ane = engine(3)) {
            var runs = new ArrayList<Steps.Run>();
            for (int i = 1; i <= 5; i++) {
                runs.add(new Steps.Run(ane, sum(i + 1)));
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < runs.size(); i++) {
                    runs.get(i).train(round, round + 2);
                    double x = runs.get(i).buffers.get("x").get(0);
                    assertEquals((i + 2) * x, first(runs.get(i)), 0.01 * (i + 2) * x);
                    assertTrue(standIn.resident() <= 3, () -> "resident " + standIn.resident());
                }
            }
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void warnsBeforeTheCompileBudgetEnds() {
        try (var ane = engine(2)) {
            var a = new Steps.Run(ane, sum(2));
            var b = new Steps.Run(ane, sum(3));
            var c = new Steps.Run(ane, sum(4));
            while (ane.compiled() < 99) {
                List.of(a, b, c).forEach(Steps.Run::run);
            }
            List.of(a, b, c).forEach(Steps.Run::run);
            assertEquals(1, warnings.size());
            assertEquals(
                    "100 programs compiled in this process; after about 119 the system may refuse"
                            + " more: reuse steps, or restart the kernel",
                    warnings.get(0));
        }
    }

    @Test
    void aRefusedProgramWaitsBeforeItIsCompiledAgain() {
        try (var ane = engine(127)) {
            standIn.controls().standin_fail("e5rt_e5_compiler_compile", 1, 7);
            var first = assertThrows(AneException.class, () -> ane.compile(sum(2)));
            assertEquals(AneStatus.ECOMPILE, first.status());
            assertTrue(
                    first.getMessage().startsWith("[ane] compiling program "), first::getMessage);
            assertTrue(first.getMessage().contains("e5rt_e5_compiler_compile"), first::getMessage);
            assertTrue(first.getMessage().endsWith(AneStatus.ECOMPILE.remedy()));
            int attempts = ane.compiled();
            clock.addAndGet(999);
            var again = assertThrows(AneException.class, () -> ane.compile(sum(2)));
            assertTrue(again.getMessage().contains("refused 1 times, the next attempt in 0.0 s"));
            assertEquals(attempts, ane.compiled());
            clock.addAndGet(1);
            ane.compile(sum(2)).close();
            assertEquals(attempts + 1, ane.compiled());
        }
    }

    @Test
    void aFailedRunSaysWhatWasRunningAndTheNextOneRuns() {
        try (var ane = engine(127)) {
            var run = new Steps.Run(ane, sum(2));
            run.train(0, 2);
            standIn.controls().standin_fail("e5rt_execution_stream_execute_sync", 1, 11);
            var e = assertThrows(AneException.class, run::run);
            assertEquals(AneStatus.ERUN, e.status());
            assertTrue(e.getMessage().startsWith("[ane] running program "), e::getMessage);
            assertTrue(e.getMessage().contains("outputs y"), e::getMessage);
            assertTrue(e.getMessage().contains("11"), e::getMessage);
            run.train(2, 3);
            assertEquals(2 * run.buffers.get("x").get(0), first(run), 1e-3);
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aProgramThatBreaksARuleIsRefusedAsTheSimulatorDoes() {
        var x = Leaf.input(new TensorType(DType.INT32, Shape.of(1, 64)));
        var program =
                MilPrinter.print(
                        Graph.of(
                                List.of(new Graph.Port("x", x)),
                                List.of(
                                        new Graph.Port(
                                                "y",
                                                Node.of(
                                                                Elementwise.ADD,
                                                                NoAttrs.NONE,
                                                                List.of(x, x))
                                                        .out()))));
        try (var ane = engine(127);
                var sim = Engines.open("sim:m5", 1)) {
            var found = assertThrows(CompileException.class, () -> ane.compile(program));
            var expected = assertThrows(CompileException.class, () -> sim.compile(program));
            assertEquals(expected.getMessage().replace("sim:m5", "ane"), found.getMessage());
        }
    }

    @Test
    void timesAreToldAndHardwareTimeIsUnavailableRatherThanZero() {
        try (var ane = engine(127);
                var executable = ane.compile(sum(2))) {
            var x = ane.allocate(executable.inputs().get("x"));
            var y = ane.allocate(executable.outputs().get("y"));
            executable.bind(Map.of("x", x, "y", y)).run();
            var time = executable.plan().get(2);
            assertTrue(
                    time.matches(
                            "1 runs, .* us a run, on the hardware unavailable, energy unavailable;"
                                    + " the last .* us"),
                    time);
        }
    }

    @Test
    void useAfterCloseIsRefused() {
        var ane = engine(127);
        var run = new Steps.Run(ane, sum(2));
        ane.close();
        assertEquals(0, standIn.alive());
        assertThrows(JaneException.class, () -> ane.compile(sum(2)));
        assertThrows(JaneException.class, run::run);
    }

    @Test
    void aClosedExecutableSaysSo() {
        try (var ane = engine(127)) {
            var executable = ane.compile(sum(2));
            executable.close();
            var e = assertThrows(JaneException.class, () -> executable.bind(Map.of()));
            assertEquals(
                    "[ane] this executable was closed; compile the program again", e.getMessage());
        }
    }

    @Test
    void aRunFromASecondThreadIsRefusedAndTheFirstGoesOn() {
        try (var ane = engine(127)) {
            var run = new Steps.Run(ane, sum(2));
            run.feed(0);
            var second = new AtomicReference<CompletableFuture<Void>>();
            standIn.before(() -> second.set(settled(CompletableFuture.runAsync(run::run))));
            run.run();
            var e = assertThrows(CompletionException.class, () -> second.get().join());
            assertTrue(
                    e.getCause().getMessage().contains("is running in another thread; it is not"),
                    e::getMessage);
            assertEquals(2 * run.buffers.get("x").get(0), first(run), 1e-3);
        }
    }

    private static CompletableFuture<Void> settled(CompletableFuture<Void> future) {
        future.exceptionally(e -> null).join();
        return future;
    }

    @Test
    void aBufferOfTheWrongSizeIsRefusedByName() {
        try (var ane = engine(127);
                var executable = ane.compile(sum(2));
                var small = ane.allocate(new TensorType(DType.FP16, Shape.of(1, 32)))) {
            var e =
                    assertThrows(
                            ShapeException.class,
                            () -> executable.bind(Map.of("x", small, "y", small)));
            assertEquals(
                    "[bind] 'x' is bound to a buffer of tensor<fp16, [1, 32]>; need tensor<fp16,"
                            + " [1, 64]>",
                    e.getMessage());
        }
    }

    @Test
    @Tag("soak")
    void fiveHundredStepsLeaveTheSameWeights() {
        try (var same = Engines.open("sim:m5:fast", 1);
                var ane = engine(127)) {
            var expected = Steps.train(same, Models::digitsCnn, 500, i -> {}, e -> false);
            assertEquals(expected, Steps.train(ane, Models::digitsCnn, 500, i -> {}, e -> false));
            assertTrue(ane.compiled() > 0, "a part of the step ran on the engine");
        }
    }

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
                    var program = ane.compile(sum(2))) {
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

    @Test
    void portsWithoutElementsHaveMemory() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(2, 0)));
        var y = Node.of(Elementwise.ADD, NoAttrs.NONE, List.of(x, x)).out();
        var graph = Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
        try (var ane = engine(127);
                var program = ane.compile(MilPrinter.print(graph));
                var in = ane.allocate(x.type());
                var out = ane.allocate(y.type())) {
            program.bind(Map.of("x", in, "y", out)).run();
            assertEquals(0, out.type().sizeBytes());
            assertEquals(1, ane.resident());
        }
    }
}
