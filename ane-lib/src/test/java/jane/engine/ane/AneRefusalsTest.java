package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.CompileException;
import jane.engine.Engines;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Elementwise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the engine in this process refuses, what it says then, and that it goes on after. */
class AneRefusalsTest extends OverStandIn {
    @Test
    void aRefusedProgramWaitsBeforeItIsCompiledAgain() {
        try (var ane = engine(127)) {
            standIn.controls().standin_fail("e5rt_e5_compiler_compile", 1, 7);
            var first = assertThrows(AneException.class, () -> ane.compile(Steps.sum(2)));
            assertEquals(AneStatus.ECOMPILE, first.status());
            assertTrue(
                    first.getMessage().startsWith("[ane] compiling program "), first::getMessage);
            assertTrue(first.getMessage().contains("e5rt_e5_compiler_compile"), first::getMessage);
            assertTrue(first.getMessage().endsWith(AneStatus.ECOMPILE.remedy()));
            int attempts = ane.compiled();
            clock.addAndGet(999);
            var again = assertThrows(AneException.class, () -> ane.compile(Steps.sum(2)));
            assertTrue(again.getMessage().contains("refused 1 times, the next attempt in 0.0 s"));
            assertEquals(attempts, ane.compiled());
            clock.addAndGet(1);
            ane.compile(Steps.sum(2)).close();
            assertEquals(attempts + 1, ane.compiled());
        }
    }

    @Test
    void aFailedRunSaysWhatWasRunningAndTheNextOneRuns() {
        try (var ane = engine(127)) {
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 2);
            standIn.controls().standin_fail("e5rt_execution_stream_execute_sync", 1, 11);
            var e = assertThrows(AneException.class, run::run);
            assertEquals(AneStatus.ERUN, e.status());
            assertTrue(e.getMessage().startsWith("[ane] running program "), e::getMessage);
            assertTrue(e.getMessage().contains("outputs y"), e::getMessage);
            assertTrue(e.getMessage().contains("11"), e::getMessage);
            run.train(2, 3);
            assertEquals(2 * run.buffers.get("x").get(0), run.buffers.get("y").get(0), 1e-3);
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
    void useAfterCloseIsRefused() {
        var ane = engine(127);
        var run = new Steps.Run(ane, Steps.sum(2));
        ane.close();
        assertEquals(0, standIn.alive());
        assertThrows(JaneException.class, () -> ane.compile(Steps.sum(2)));
        assertThrows(JaneException.class, run::run);
    }

    @Test
    void aClosedExecutableSaysSo() {
        try (var ane = engine(127)) {
            var executable = ane.compile(Steps.sum(2));
            executable.close();
            var e = assertThrows(JaneException.class, () -> executable.bind(Map.of()));
            assertEquals(
                    "[ane] this executable was closed; compile the program again", e.getMessage());
        }
    }

    @Test
    void aRunFromASecondThreadIsRefusedAndTheFirstGoesOn() {
        try (var ane = engine(127)) {
            var run = new Steps.Run(ane, Steps.sum(2));
            run.feed(0);
            var second = new AtomicReference<CompletableFuture<Void>>();
            standIn.before(() -> second.set(settled(CompletableFuture.runAsync(run::run))));
            run.run();
            var e = assertThrows(CompletionException.class, () -> second.get().join());
            assertTrue(
                    e.getCause().getMessage().contains("is running in another thread; it is not"),
                    e::getMessage);
            assertEquals(2 * run.buffers.get("x").get(0), run.buffers.get("y").get(0), 1e-3);
        }
    }

    private static CompletableFuture<Void> settled(CompletableFuture<Void> future) {
        future.exceptionally(e -> null).join();
        return future;
    }

    @Test
    void aBufferOfTheWrongSizeIsRefusedByName() {
        try (var ane = engine(127);
                var executable = ane.compile(Steps.sum(2));
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
}
