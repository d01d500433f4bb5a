package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.target.Target;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may go wrong around a worker, in folders with names that are not plain. */
class WorkerTroubleTest {
    @TempDir private Path folder;
    private Path orders;
    private Path shared;
    private Path temporary;
    private final List<IsolatedBridge> bridges = new ArrayList<>();
    private final List<AneEngine> engines = new ArrayList<>();

    @BeforeEach
    void makeFolders() throws IOException {
        var encoder = Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder();
        var letters = "Gr\u00f6\u00dfe \u91cf";
        var name = encoder.canEncode(letters) ? letters : "a 'name' with spaces";
        orders = Files.createDirectories(folder.resolve(name + " orders"));
        shared = Files.createDirectories(folder.resolve(name + " shared"));
        temporary = Files.createDirectories(folder.resolve(name + " temporary"));
    }

    private AneEngine open() {
        var words = List.of(StandIn.folder().toString(), orders.toString());
        var name = StandInWorker.class.getName();
        var settings = new WorkerSettings(name, words, Duration.ofSeconds(60));
        bridges.add(IsolatedBridge.open(settings, shared, temporary));
        var bridge = bridges.get(bridges.size() - 1);
        var m5 = Target.named("m5");
        engines.add(new AneEngine("ane:isolated", m5, bridge, 127, () -> 0L, text -> {}));
        return engines.get(engines.size() - 1);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        var processes = ProcessHandle.current().children().toList();
        engines.forEach(AneEngine::close);
        processes.forEach(p -> p.onExit().join());
        for (var base : List.of(shared, temporary)) {
            try (var left = Files.list(base)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private void order(String what) throws IOException {
        Files.createFile(orders.resolve(what));
    }

    private void kill(int engine) {
        var worker = ProcessHandle.of(bridges.get(engine).pid()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().join();
    }

    private static void assertFails(String said, Steps.Run run) {
        var before = run.contents();
        var e = assertThrows(AneException.class, run::run);
        assertTrue(e.getMessage().contains(said), e::getMessage);
        assertTrue(e.getMessage().contains("; run the step again: "), e::getMessage);
        assertEquals(before, run.contents());
    }

    private static void assertAsOnTheCpu(int steps, Steps.Run found) {
        try (Engine cpu = new CpuEngine(1)) {
            var expected = new Steps.Run(cpu, Steps.momentum());
            expected.train(0, steps);
            assertEquals(expected.contents(), found.contents());
        }
    }

    @Test
    void aWorkerThatDiesAsItStartsIsAnErrorThatLeavesNothing() throws IOException {
        StandIn.folder();
        order("die-starting");
        var e = assertThrows(AneException.class, this::open);
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "[ane] the worker process ended (exit 139: wrong memory access)"
                                        + " while describing the route"),
                e::getMessage);
    }

    @Test
    void workersThatDieOneAfterTheOtherInAStepLeaveTheStateBeforeIt() throws IOException {
        var run = new Steps.Run(open(), Steps.momentum());
        run.train(0, 4);
        run.feed(4);
        kill(0);
        order("die-starting");
        assertFails("(exit 139: wrong memory access) while compiling program ", run);
        order("die-compiling");
        assertFails("(exit 139: wrong memory access) while compiling program ", run);
        order("die");
        assertFails("(exit 139: wrong memory access) while running program ", run);
        run.run();
        run.train(5, 8);
        assertEquals(5, bridges.get(0).workers());
        assertAsOnTheCpu(8, run);
    }

    @Test
    void aWorkerWithoutMemorySaysSo() throws IOException {
        var run = new Steps.Run(open(), Steps.momentum());
        run.train(0, 2);
        run.feed(2);
        order("fill");
        assertFails("(exit 3: Java's heap is full) while running program ", run);
        run.run();
        assertAsOnTheCpu(3, run);
    }

    @Test
    void whatAFrameworkPrintsIsNoAnswerAndNoHindrance() throws IOException {
        var run = new Steps.Run(open(), Steps.momentum());
        run.train(0, 2);
        order("babble");
        run.train(2, 6);
        assertEquals(1, bridges.get(0).workers());
        assertAsOnTheCpu(6, run);
    }

    @Test
    void anInterruptChangesNothingInARunAndStaysSet() {
        var ane = open();
        Steps.Run run;
        Thread.currentThread().interrupt();
        try {
            run = new Steps.Run(ane, Steps.momentum());
            run.train(0, 3);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertAsOnTheCpu(3, run);
    }

    @Test
    void anInterruptEndsARunThatHangsAndKeepsTheState() throws IOException {
        var run = new Steps.Run(open(), Steps.momentum());
        run.train(0, 2);
        run.feed(2);
        var before = run.contents();
        order("hang");
        var cell = Thread.currentThread();
        var user =
                new Thread(
                        () -> {
                            while (Files.exists(orders.resolve("hang"))) { // until it does
                                Thread.onSpinWait();
                            }
                            cell.interrupt();
                        });
        user.start();
        try {
            var e = assertThrows(AneException.class, run::run);
            assertTrue(
                    e.getMessage()
                            .startsWith(
                                    "[ane] the worker process gave no answer for 2000 ms after an"
                                            + " interrupt while running program "),
                    e::getMessage);
            assertTrue(e.getMessage().contains("; run the step again: "), e::getMessage);
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt stays set");
        }
        assertEquals(before, run.contents());
        run.run();
        run.train(3, 5);
        assertEquals(2, bridges.get(0).workers());
        assertAsOnTheCpu(5, run);
    }

    @Test
    void oneOfSeveralEnginesMayLoseItsWorker() {
        var first = new Steps.Run(open(), Steps.momentum());
        var second = new Steps.Run(open(), Steps.momentum());
        first.train(0, 3);
        second.train(0, 2);
        kill(0);
        second.train(2, 5);
        first.train(3, 5);
        assertEquals(first.contents(), second.contents());
        assertAsOnTheCpu(5, first);
        assertEquals(1, bridges.get(1).workers());
        engines.get(0).close();
        second.train(5, 6);
        assertAsOnTheCpu(6, second);
    }
}
