package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.cpu.CpuEngine;
import jane.nn.Layer;
import jane.target.Route;
import jane.target.Target;
import jane.zoo.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine with a worker process, which is killed, crashes and hangs. */
class IsolatedTest {
    @TempDir private Path orders;
    private IsolatedBridge bridge;
    private AneEngine ane;

    @BeforeEach
    void open() {
        open(Duration.ofSeconds(60), Route.E5RT);
    }

    private void open(Duration timeout, Route route) {
        var folder = StandIn.folder(route);
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString(), route.name()),
                        timeout);
        bridge = IsolatedBridge.open(settings);
        var target = Target.named("m5").by(route);
        ane = new AneEngine("ane:isolated", target, bridge, 127, () -> 0L, text -> {});
    }

    @AfterEach
    void close() {
        if (ane != null) { // else the test was skipped
            ane.close();
        }
    }

    @Test
    void stateIsBitForBitThatOfTheCpuEngine() {
        try (Engine cpu = new CpuEngine(1)) {
            var expected = new Steps.Run(cpu, Steps.momentum());
            var found = new Steps.Run(ane, Steps.momentum());
            expected.train(0, 101);
            found.train(0, 101);
            assertEquals(expected.contents(), found.contents());
        }
    }

    @Test
    void stateThatNobodyChangedIsNotReadAgain() {
        try (Engine cpu = new CpuEngine(1)) {
            var expected = new Steps.Run(cpu, Steps.momentum());
            var found = new Steps.Run(ane, Steps.momentum());
            found.train(0, 3);
            var kept = found.buffers.get("w").bytes(); // one set of the two
            found.train(3, 5);
            assertTrue(found.buffers.get("w").livesIn(kept));
            kept.putShort(0, (short) 0x3c00); // behind the buffer's back
            found.train(5, 6);
            expected.train(0, 6);
            assertEquals(expected.contents(), found.contents());
        }
    }

    @Test
    void whatTheHostDoesBetweenRunsIsWhatProgramsRead() {
        HostChanges.compare(
                ane,
                150,
                11,
                action -> {
                    if (action == 60) {
                        kill();
                    }
                });
        assertEquals(2, bridge.workers());
    }

    private void kill() {
        var worker = ProcessHandle.of(bridge.pid()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().join();
    }

    @Test
    void aCrashIsAnErrorThatSaysWhatRanAndTheStateIsThatBeforeIt() throws IOException {
        var run = new Steps.Run(ane, Steps.momentum());
        run.train(0, 3);
        run.feed(3);
        var before = Steps.values(run.buffers.get("w"));
        Files.createFile(orders.resolve("die"));
        var e = assertThrows(AneException.class, run::run);
        assertEquals(AneStatus.WORKER, e.status());
        assertTrue(
                e.getMessage()
                        .matches(
                                "(?s)\\[ane\\] the worker process ended \\(exit 139: wrong memory"
                                        + " access\\) while running program \\w{8} \\(4 ops,"
                                        + " outputs next_w, next_m\\).*; run the step again: .*"),
                e::getMessage);
        assertEquals(before, Steps.values(run.buffers.get("w")));
        run.run();
        run.train(4, 10);
        assertEquals(2, bridge.workers());
        try (Engine cpu = new CpuEngine(1)) {
            var expected = new Steps.Run(cpu, Steps.momentum());
            expected.train(0, 10);
            assertEquals(expected.contents(), run.contents());
        }
    }

    @Test
    void aWorkerThatWasKilledWhileIdleIsReplaced() {
        var run = new Steps.Run(ane, Steps.sum(2));
        run.train(0, 2);
        kill();
        run.train(2, 4);
        assertEquals(2 * run.buffers.get("x").get(0), run.buffers.get("y").get(0), 1e-3);
        assertEquals(2, bridge.workers());
    }

    @Test
    void aStoppedWorkerIsEndedAfterTheTimeout() throws IOException, InterruptedException {
        ane.close();
        open(Duration.ofMillis(1500), Route.E5RT);
        var run = new Steps.Run(ane, Steps.momentum());
        run.train(0, 2);
        Kills.signal("STOP", bridge.pid()).waitFor();
        var before = new AtomicReference<>(run.contents());
        var e =
                assertThrows(
                        AneException.class,
                        () -> {
                            while (true) { // a signal may take a moment
                                before.set(run.contents());
                                run.run();
                            }
                        });
        assertTrue(e.getMessage().contains("hung for 1500 ms while running program "));
        assertEquals(before.get(), run.contents());
        run.train(2, 3);
    }

    @Test
    void aProcessKilledByTheSystemIsExplained() throws InterruptedException {
        var run = new Steps.Run(ane, Steps.sum(2));
        run.train(0, 1);
        long pid = bridge.pid();
        Kills.signal("STOP", pid).waitFor(); // so that a run is under way when it is killed
        Kills.signalAfter(0.2, "KILL", pid);
        var e =
                assertThrows(
                        AneException.class,
                        () -> {
                            while (true) {
                                run.run();
                            }
                        });
        assertTrue(
                e.getMessage()
                        .contains(
                                "(exit 137: killed, as the system does when memory runs out) while"
                                        + " running program "),
                e::getMessage);
    }

    @Test
    void aCrashInTheCompilerIsAnErrorAndTheProgramCanBeCompiledAgain() throws IOException {
        Files.createFile(orders.resolve("die-compiling"));
        var e = assertThrows(AneException.class, () -> ane.compile(Steps.sum(2)));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "[ane] the worker process ended (exit 139: wrong memory access)"
                                        + " while compiling program "),
                e::getMessage);
        new Steps.Run(ane, Steps.sum(2)).train(0, 2);
        assertEquals(2, bridge.workers());
    }

    @Test
    void trainingLeavesTheWeightsOfTheSameProgramsOnTheCpuEngine() {
        try (var same = Engines.open("sim:m5:fast", 1)) {
            var expected = Steps.train(same, 16, new AtomicInteger(), i -> {});
            assertEquals(expected, Steps.train(ane, 16, new AtomicInteger(), i -> {}));
        }
    }

    @Test
    void trainingGoesOnBitForBitAfterKills() {
        var kills = killed(Steps::smallCnn, 16, 4, 5);
        assertTrue(kills.seen() >= 2, kills::toString);
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    @Tag("soak")
    void fiveHundredStepsWithTwentyKillsLeaveTheSameWeights(Route route) {
        ane.close();
        open(Duration.ofSeconds(60), route);
        var kills = killed(Models::digitsCnn, 500, 20, 6);
        System.out.println(route + ": " + kills);
        assertTrue(kills.during("compiling") >= 3, kills::toString);
        assertTrue(kills.during("running") >= 3, kills::toString);
    }

    private Kills killed(Supplier<Layer> network, int steps, int count, long seed) {
        var kills = new Kills(bridge, steps, count, seed);
        var target = ane.target().orElseThrow().name();
        try (var same = Engines.open("sim:" + target + ":fast", 1)) {
            var expected = Steps.train(same, network, steps, i -> {}, e -> false);
            assertEquals(expected, Steps.train(ane, network, steps, kills, kills));
        }
        assertEquals(count, kills.count(), kills::toString);
        return kills;
    }
}
