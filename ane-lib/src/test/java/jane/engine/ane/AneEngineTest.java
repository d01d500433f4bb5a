package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engines;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Elementwise;
import jane.zoo.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the engine in this process computes, over the bridge and the stand-in for Espresso. */
class AneEngineTest extends OverStandIn {
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
            var run = new Steps.Run(ane, Steps.sum(2));
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
            var one = new Steps.Run(ane, Steps.sum(2));
            var other = new Steps.Run(ane, Steps.sum(2));
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
                runs.add(new Steps.Run(ane, Steps.sum(i + 1)));
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
            var a = new Steps.Run(ane, Steps.sum(2));
            var b = new Steps.Run(ane, Steps.sum(3));
            var c = new Steps.Run(ane, Steps.sum(4));
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
    void timesAreToldAndHardwareTimeIsUnavailableRatherThanZero() {
        try (var ane = engine(127);
                var executable = ane.compile(Steps.sum(2))) {
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
