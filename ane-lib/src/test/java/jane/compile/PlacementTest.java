package jane.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Movement;
import jane.op.Reductions;
import jane.target.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Target M5 = Target.named("m5");
    private static final TensorType BIG = new TensorType(DType.FP32, Shape.of(128, 128));

    private static Value half(Value x) {
        return HalfPrecision.rewrite(List.of(x), Set.of()).get(0);
    }

    private static List<Part.Side> sides(Placement placement) {
        return placement.parts().stream().map(Part::side).toList();
    }

    @Test
    void castsRunOnTheProcessorAndHalvesOnTheTarget() {
        var x = Leaf.input(BIG);
        var y = half(Activations.relu(Contraction.matmul(x, x)));
        var placement = Placement.of(Graphs.of(List.of(x), y), M5);
        assertEquals(List.of(Part.Side.HOST, Part.Side.DEVICE, Part.Side.HOST), sides(placement));
        assertEquals(1, placement.share(), 0.02);
        assertEquals("computes in fp32", placement.reasons().values().iterator().next().why());
    }

    @Test
    void everyNodeOnTheProcessorHasItsReason() {
        var x = Leaf.input(BIG);
        var y = half(Reductions.sum(Contraction.matmul(x, x), List.of(0, 1), false));
        var placement = Placement.of(Graphs.of(List.of(x), y), M5);
        for (var node : placement.graph().nodes()) {
            if (!node.out().isConst()) {
                boolean host = placement.side(node) == Part.Side.HOST;
                assertEquals(host, placement.reasons().containsKey(node));
            }
        }
    }

    @Test
    void aLonelyElementwiseOpIsNotWorthADispatch() {
        var x = Leaf.input(BIG);
        var placement = Placement.of(Graphs.of(List.of(x), half(Elementwise.exp(x))), M5);
        assertEquals(List.of(Part.Side.HOST), sides(placement));
        assertTrue(
                placement.reasons().values().stream()
                        .anyMatch(r -> r.why().contains("too little work")));
    }

    @Test
    void everyPartOfTheTargetKeepsItsRules() {
        var graph = maskedTwice();
        for (var name : List.of("m1", "m4", "m5", "strict", "m5@26/inmem")) {
            var target = Target.named(name);
            for (var part : Placement.of(graph, target).parts()) {
                if (part.side() == Part.Side.DEVICE) {
                    assertTrue(
                            target.check(part.graph()).stream().noneMatch(v -> v.isError()),
                            () -> name + ": " + target.check(part.graph()));
                }
            }
        }
    }

    /** Device, processor, device; a mask made in the first is used in the last. */
    private static Graph maskedTwice() {
        var x = Leaf.input(BIG);
        var h = Logic.cast(x, DType.FP16);
        var product = Contraction.matmul(h, h);
        var mask = Logic.greater(product, Movement.fill(product.type(), 0));
        var wide = Elementwise.exp(Logic.cast(Elementwise.mul(product, h), DType.FP32));
        var back = Contraction.matmul(Logic.cast(wide, DType.FP16), h);
        var y = Logic.select(mask, back, h);
        return Graphs.of(List.of(x), Logic.cast(Contraction.matmul(y, h), DType.FP32), wide);
    }

    @Test
    void noBoolCrossesTheBorder() {
        for (var part : Placement.of(maskedTwice(), M5).parts()) {
            Stream.concat(part.graph().inputs().stream(), part.graph().outputs().stream())
                    .forEach(p -> assertTrue(p.value().dtype() != DType.BOOL, p.name()));
        }
    }

    @Test
    void theSamePartsGiveTheSameNumbersAsOneProgram() {
        var graph = maskedTwice();
        var x = new float[128 * 128];
        var random = new Random(3);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian() / 30;
        }
        try (Engine cpu = new CpuEngine(2);
                Engine device = new SimEngine(M5, SimEngine.Mode.FAST, 2)) {
            var placed = Placed.of(graph, Map.of(), device, cpu);
            assertTrue(placed.programs().size() > 2);
            var whole = cpu.compile(Lowering.program(graph, Map.of()));
            assertEquals(whole.inputs(), placed.executable().inputs());
            var expected = Graphs.run(whole, cpu, Map.of("x0", x));
            var found = Graphs.run(placed.executable(), cpu, Map.of("x0", x));
            expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
        }
    }

    @Test
    void anOutputMayShareTheBufferOfAnInputThatALaterPartReads() {
        // next = x + 1 is ready in the first part; the last one reads x once more.
        var x = Leaf.input(BIG);
        var next = Elementwise.add(x, Elementwise.exp(Movement.fill(x.type(), 0)));
        var h = Logic.cast(x, DType.FP16);
        var product = Logic.cast(Contraction.matmul(h, h), DType.FP32);
        var y = Elementwise.sub(x, product);
        var ports = new ArrayList<>(List.of(new Graph.Port("next", next)));
        ports.add(new Graph.Port("y", y));
        var graph = Graph.of(List.of(new Graph.Port("x", x)), ports);
        try (Engine cpu = new CpuEngine(1);
                Engine device = new SimEngine(M5, SimEngine.Mode.FAST, 1)) {
            var placed = Placed.of(graph, Map.of("next", "x"), device, cpu);
            var state = cpu.allocate(BIG);
            var out = cpu.allocate(BIG);
            var ones = new float[128 * 128];
            Arrays.fill(ones, 1);
            state.put(ones);
            placed.executable().bind(Map.of("x", state, "next", state, "y", out)).run();
            assertEquals(1 - 128, out.get(0));
            assertEquals(2, state.get(0));
        }
    }

    /** {@code products} of one matrix after another, each by a constant of its own. */
    private static Graph chain(int products) {
        var random = new Random(2);
        var type = new TensorType(DType.FP16, Shape.of(128, 128));
        var x = Leaf.input(type);
        Value y = x;
        for (int i = 0; i < products; i++) {
            var weight = random.doubles(128 * 128, -0.1, 0.1).toArray();
            y = Contraction.matmul(y, Leaf.constant(ConstData.of(type, weight)));
            y = i % 3 == 0 ? Activations.relu(y) : y;
        }
        return Graphs.of(List.of(x), y);
    }

    @Test
    void whatIsTooMuchForOneProgramIsCutInTwo() {
        for (var name : List.of("m4/inmem", "strict/inmem")) { // 16 blobs at most: ANE-C18
            var target = Target.named(name);
            var placement = Placement.of(Passes.run(chain(40), target), target);
            assertEquals(1, placement.share(), name);
            assertEquals(4, placement.parts().size(), name);
        }
        var m4 = Target.named("m4"); // chains of 383 layers at most: ANE-C41
        var placement = Placement.of(Passes.run(chain(400), m4), m4);
        assertEquals(1, placement.share());
        assertEquals(2, placement.parts().size());
    }

    @Test
    void thePartsOfACutProgramGiveItsNumbers() {
        var graph = chain(20);
        var target = Target.named("m4/inmem");
        var x = new float[128 * 128];
        Arrays.fill(x, 0.01f);
        try (Engine cpu = new CpuEngine(1);
                Engine sim = new SimEngine(target, SimEngine.Mode.FAST, 1)) {
            var placed = Placed.of(graph, Map.of(), sim, cpu);
            assertEquals(2, placed.programs().size());
            var whole = cpu.compile(Lowering.program(graph, Map.of()));
            var feeds = Map.of("x0", x);
            assertArrayEquals(
                    Graphs.run(whole, cpu, feeds).get("y0"),
                    Graphs.run(placed.executable(), cpu, feeds).get("y0"));
        }
    }
}
