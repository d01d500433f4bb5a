package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.cpu.CpuEngine;
import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with a worker process, which is killed, crashes and hangs. */
class IsolatedTest {
    @TempDir private Path orders;
    private IsolatedBridge bridge;
    private AneEngine ane;

    @BeforeEach
    void open() {
        open(Duration.ofSeconds(60));
    }

    private void open(Duration timeout) {
        var folder = StandIn.folder();
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString()),
                        timeout);
        bridge = IsolatedBridge.open(settings);
        ane = new AneEngine("ane:isolated", Target.named("m5"), bridge, 127, () -> 0L, text -> {});
    }

    @AfterEach
    void close() {
        if (ane != null) { // else the test was skipped
            ane.close();
        }
    }

    private void kill() {
        ProcessHandle.of(bridge.pid()).ifPresent(ProcessHandle::destroyForcibly); // kill -9
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
        var run = new Steps.Run(ane, AneEngineTest.sum(2));
        run.train(0, 2);
        var worker = ProcessHandle.of(bridge.pid()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().join();
        run.train(2, 4);
        assertEquals(2 * run.buffers.get("x").get(0), run.buffers.get("y").get(0), 1e-3);
        assertEquals(2, bridge.workers());
    }

    @Test
    void aHangIsEndedAfterTheTimeout() throws IOException {
        ane.close();
        open(Duration.ofMillis(1500));
        var run = new Steps.Run(ane, AneEngineTest.sum(2));
        run.train(0, 1);
        Files.createFile(orders.resolve("hang"));
        var e = assertThrows(AneException.class, run::run);
        assertTrue(e.getMessage().contains("hung for 1500 ms while running program "));
        run.train(1, 2);
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
        killed(16, 4, 5);
    }

    @Test
    @Tag("soak")
    void fiveHundredStepsWithTwentyKillsLeaveTheSameWeights() {
        killed(500, 20, 6);
    }

    /** Kills the worker at {@code kills} steps, at some moment of the step, the first compiling. */
    private void killed(int steps, int kills, long seed) {
        var random = new Random(seed);
        var moments = random.ints(1, steps).distinct().limit(kills - 1).boxed().toList();
        var retries = new AtomicInteger(kills);
        var done = new AtomicInteger();
        try (var same = Engines.open("sim:m5:fast", 1)) {
            var expected = Steps.train(same, steps, new AtomicInteger(), i -> {});
            var found =
                    Steps.train(
                            ane,
                            steps,
                            retries,
                            i -> {
                                if (i == 0 || moments.contains(i)) {
                                    var victim = ProcessHandle.of(bridge.pid()).orElseThrow();
                                    int turns = random.nextInt(200_000);
                                    CompletableFuture.runAsync(
                                            () -> {
                                                for (int t = 0; t < turns; t++) {
                                                    Thread.onSpinWait();
                                                }
                                                victim.destroyForcibly();
                                                done.incrementAndGet();
                                            });
                                }
                            });
            assertEquals(expected, found);
        }
        assertEquals(kills, done.get());
        assertTrue(bridge.workers() > kills / 2, () -> "workers: " + bridge.workers());
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        new Steps.Run(ane, AneEngineTest.sum(2)).train(0, 3);
        var worker = ProcessHandle.of(bridge.pid()).orElseThrow();
        ane.close();
        worker.onExit().join();
        assertFalse(worker.isAlive());
        var shm = Path.of("/dev/shm");
        if (Files.isDirectory(shm)) {
            try (var left =
                    Files.newDirectoryStream(
                            shm, "jane-ane-" + ProcessHandle.current().pid() + "-*")) {
                assertFalse(left.iterator().hasNext());
            }
        }
    }
}
