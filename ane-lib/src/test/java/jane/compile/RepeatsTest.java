package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.target.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private static final StoriesBlock SHORT = new StoriesBlock(96, 768, 12, 2048);
    private static final Target M5 = Target.named("m5");

    private static long distinct(int blocks) {
        var graph = Passes.run(StoriesBlock.FULL.training(blocks), M5);
        return Placement.of(graph, M5).parts().stream()
                .filter(part -> part.side() == Part.Side.DEVICE)
                .map(part -> part.graph().structure())
                .distinct()
                .count();
    }

    @Test
    void aDeeperStackNeedsNoMorePrograms() {
        assertEquals(1, distinct(1));
        assertEquals(5, distinct(4));
        assertEquals(5, distinct(12));
    }

    @Test
    void blocksAreCompiledOnceAndGiveTheNumbersOfTheWhole() {
        var graph = SHORT.training(2);
        var values = StoriesBlock.values(graph, 7);
        try (Engine cpu = new CpuEngine(2);
                Engine device = new SimEngine(M5, SimEngine.Mode.FAST, 2)) {
            var placed = Placed.of(graph, Map.of(), device, cpu);
            assertTrue(placed.programs().size() > 3);
            var onDevice =
                    placed.executable().plan().stream().filter(l -> l.contains("the program of"));
            assertEquals(1, onDevice.count());
            long objects = placed.programs().stream().distinct().count();
            assertEquals(placed.programs().size() - 1, objects);
            // what one program makes of it, on an engine that is not told to cut
            var whole = cpu.compile(Lowering.program(graph, Map.of()));
            var expected = Graphs.run(whole, cpu, values);
            var actual = Graphs.run(placed.executable(), cpu, values);
            expected.forEach((name, want) -> assertNear(name, want, actual.get(name)));
            placed.executable().close();
            whole.close();
        }
    }

    /** Both round to fp16 after each op, but add up in another order. */
    private static void assertNear(String name, float[] expected, float[] actual) {
        double largest = 0;
        double furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            furthest = Math.max(furthest, Math.abs(expected[i] - actual[i]));
        }
        double share = furthest / largest;
        assertTrue(share < 0.03, () -> name + " is off by " + share + " of its largest");
    }

    private static Graph chain(int times, int width) {
        var type = new TensorType(DType.FP16, Shape.of(width, width));
        var x = Leaf.input(type);
        Value y = x;
        for (int i = 0; i < times; i++) {
            y = Activations.relu(Contraction.matmul(y, y));
        }
        return Graphs.of(List.of(x), y);
    }

    @Test
    void whatIsNotWorthADispatchIsNotCut() {
        assertEquals(1, Placement.of(chain(6, 512), M5).parts().size()); // 1.6 GFLOP in all
        assertEquals(6, Placement.of(chain(6, 1024), M5).parts().size()); // 2.1 GFLOP each
        assertEquals(1, Placement.of(chain(1, 1024), M5).parts().size());
    }
}
