package jane.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.target.Group;
import jane.target.Target;
import jane.target.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackSurfacesTest {
    private static final Target M5 = Target.named("m5/inmem");
    private static final int[] DIMS = {1, 2, 3, 7, 13, 32, 33, 64, 257};

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    /** Inputs of random shapes, each under an op of its own, some read twice or inside. */
    private static Graph random(Random random) {
        var inputs = new ArrayList<Value>();
        var outputs = new ArrayList<Value>();
        for (int n = 1 + random.nextInt(5), i = 0; i < n; i++) {
            var dims = new int[random.nextInt(5)];
            for (int k = 0; k < dims.length; k++) {
                dims[k] = DIMS[random.nextInt(k < 2 ? DIMS.length : 4)];
            }
            var x = input(dims);
            inputs.add(x);
            var y = Activations.relu(x);
            outputs.add(y);
            if (random.nextBoolean()) {
                outputs.add(Elementwise.add(y, x));
            }
        }
        return Graphs.of(inputs, outputs.toArray(new Value[0]));
    }

    private static List<String> surfaceRules(List<Violation> violations) {
        return violations.stream()
                .map(Violation::rule)
                .filter(id -> id.matches("ANE-C0[4-8].*|ANE-C2[235]"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1/inmem", "m3/inmem", "m5/inmem", "m4@15/inmem", "strict/inmem"})
    void aPackedProgramBreaksNoRuleOnSurfaces(String name) {
        var target = Target.named(name);
        int broken = 0;
        for (int seed = 0; seed < 40; seed++) {
            var graph = random(new Random(seed));
            broken += surfaceRules(target.check(graph)).isEmpty() ? 0 : 1;
            var packed = PackSurfaces.of(graph, target).graph();
            var found = surfaceRules(target.check(packed));
            assertEquals(List.of(), found, "seed " + seed);
            var text = surfaceRules(target.check(MilPrinter.print(packed)));
            assertEquals(List.of(), text, "seed " + seed);
        }
        assertTrue(broken >= 35, "the graphs themselves break them: " + broken);
    }

    @Test
    void everyRuleOnSurfacesIsBrokenBySomeProgramBeforeItIsPacked() {
        var found = new ArrayList<String>();
        for (int seed = 0; seed < 40; seed++) {
            found.addAll(surfaceRules(M5.check(random(new Random(seed)))));
        }
        var inMemory =
                M5.rules().stream()
                        .filter(r -> r.group() == Group.SURFACES)
                        .map(r -> r.id())
                        .filter(id -> !id.equals("ANE-C05") && !id.equals("ANE-C06b"))
                        .filter(id -> !id.equals("ANE-C08b")); // names and rank: below
        inMemory.forEach(id -> assertTrue(found.contains(id), id));
        var x = input(1, 1, 1, 2, 32);
        var ports = List.of(new Graph.Port("b", x), new Graph.Port("a", input(2, 32)));
        var y = Activations.relu(x);
        var results = List.of(new Graph.Port("y", y), new Graph.Port("y2", Elementwise.add(y, y)));
        var named = Graph.of(ports, results);
        assertTrue(
                surfaceRules(M5.check(named))
                        .containsAll(List.of("ANE-C05", "ANE-C06b", "ANE-C08b")));
        var packed = PackSurfaces.of(named, M5).graph();
        assertEquals(List.of(), surfaceRules(M5.check(packed)));
    }

    @Test
    void packedProgramsComputeTheSameOnTheProcessor() {
        try (Engine cpu = new CpuEngine(2)) {
            for (int seed = 0; seed < 40; seed++) {
                var graph = random(new Random(seed));
                var packed = PackSurfaces.of(graph, Target.named("strict/inmem"));
                var plain = Border.renamed(graph, graph);
                var expected = run(cpu, graph, MilPrinter.print(graph), plain, seed);
                var found = run(cpu, graph, MilPrinter.print(packed.graph()), packed, seed);
                for (var name : expected.keySet()) {
                    assertArrayEquals(expected.get(name), found.get(name), name + ", seed " + seed);
                }
            }
        }
    }

    @Test
    void aPlantedMistakeInRowsOrNamesIsFound() {
        var a = input(33, 13);
        var b = input(33, 13);
        var graph = Graphs.of(List.of(a, b), Elementwise.sub(a, b), Activations.relu(a));
        var packed = PackSurfaces.of(graph, M5);
        var program = MilPrinter.print(packed.graph());
        try (Engine cpu = new CpuEngine(1)) {
            var plain = Border.renamed(graph, graph);
            var expected = run(cpu, graph, MilPrinter.print(graph), plain, 1).get("y0");
            assertArrayEquals(expected, run(cpu, graph, program, packed, 1).get("y0"));
            var shifted = edited(program, "[0, 1, 0, 0]", "[0, 0, 0, 0]"); // b is read where a is
            assertFalse(Arrays.equals(expected, run(cpu, graph, shifted, packed, 1).get("y0")));
        }
        assertEquals(
                List.of("ANE-C05"), surfaceRules(M5.check(edited(program, "y_out0", "z_out0"))));
    }

    private static Program edited(Program program, String from, String to) {
        assertTrue(program.text().contains(from), program.text());
        return new Program(program.text().replace(from, to), program.files(), Map.of());
    }

    /** Twice, the second time on other values: nothing of the first may be left in a port. */
    private static Map<String, float[]> run(
            Engine engine, Graph graph, Program program, Border border, int seed) {
        var values = new HashMap<String, Buffer>();
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
                .forEach(p -> values.put(p.name(), engine.allocate(p.value().type())));
        try (var executable = engine.compile(program)) {
            var binding = border.bind(executable, values, engine);
            var random = new Random(seed);
            for (int run = 0; run < 2; run++) {
                for (var port : graph.inputs()) {
                    var x = new float[port.value().shape().size()];
                    for (int i = 0; i < x.length; i++) {
                        x[i] = (float) random.nextGaussian();
                    }
                    values.get(port.name()).put(x);
                }
                binding.run();
            }
        }
        var results = new HashMap<String, float[]>();
        for (var port : graph.outputs()) {
            results.put(port.name(), new float[port.value().shape().size()]);
            values.get(port.name()).get(results.get(port.name()));
        }
        return results;
    }

    @Test
    void oneInputHoldsAllValuesAndOutputsHaveOneSize() {
        var x = input(64, 784);
        var w = input(784, 10);
        var y = Contraction.matmul(x, w);
        var packed = PackSurfaces.of(Graphs.of(List.of(x, w), y, Activations.relu(y), x), M5);
        var in = packed.graph().inputs();
        assertEquals(List.of("x_in"), in.stream().map(Graph.Port::name).toList());
        var shape = in.get(0).value().shape();
        assertEquals(List.of(1, shape.dim(1), 1, shape.dim(3)), shape.toList());
        assertEquals(0, shape.dim(3) % 32);
        int values = 64 * 784 + 784 * 10;
        assertTrue(shape.size() >= values && shape.size() < 1.03 * values, shape.toString());
        assertEquals(
                List.of("y_out0", "y_out1", "y_out2"),
                packed.graph().outputs().stream().map(Graph.Port::name).toList());
        assertEquals(
                1, packed.graph().outputs().stream().map(p -> p.value().type()).distinct().count());
    }

    @Test
    void moreThanTenOutputsKeepTheirOrderWhenSorted() {
        var x = input(64, 64);
        var outputs = new ArrayList<Value>();
        for (int i = 0; i < 12; i++) {
            outputs.add(Elementwise.shift(x, i));
        }
        var graph = Graphs.of(List.of(x), outputs.toArray(new Value[0]));
        var names =
                PackSurfaces.of(graph, M5).graph().outputs().stream()
                        .map(p -> p.name() + "@output")
                        .toList();
        assertEquals(names.stream().sorted().toList(), names);
    }

    @Test
    void aPortThatIsASurfaceAlreadyStaysAsItIs() {
        var x = input(1, 256, 1, 64);
        var y = Activations.relu(Elementwise.exp(x));
        assertEquals(
                List.of("exp", "relu"),
                Graphs.ops(PackSurfaces.of(Graphs.of(List.of(x), y), M5).graph()));
    }

    @Test
    void aReshapedProductIsNotTheLastOp() {
        var x = input(128, 128);
        var y = Contraction.matmul(x, x);
        var ops = Graphs.ops(PackSurfaces.of(Graphs.of(List.of(x), y), M5).graph());
        assertEquals("mul", ops.get(ops.size() - 1));
    }

    @Test
    void surfacesThatNoWidthFitsAreLeftToTheProcessorWithTheRule() {
        // A prime number of rows of one element: more rows than channels.
        var x = input(131_071);
        var h = x;
        for (int i = 0; i < 12; i++) {
            h = Elementwise.exp(h);
        }
        var placement = Placement.of(Graphs.of(List.of(x), h), Target.named("m5/inmem"));
        assertEquals(List.of(Part.Side.HOST), placement.parts().stream().map(Part::side).toList());
        assertTrue(
                placement.reasons().values().stream().allMatch(r -> r.rule().equals("ANE-C28")),
                placement.reasons().values()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1/inmem", "m5@26/inmem", "strict/inmem"})
    void programsOfThisRouteAreFreeOfItsViolationsAndGiveTheSameNumbers(String name) {
        var target = Target.named(name);
        var block = new StoriesBlock(64, 128, 4, 352);
        var graph = block.training(2);
        try (Engine cpu = new CpuEngine(2);
                Engine packing = new SimEngine(target, SimEngine.Mode.FAST, 2);
                Engine plain =
                        new SimEngine(
                                Target.named(name.replace("/inmem", "")), SimEngine.Mode.FAST, 2)) {
            var packed = Placed.of(graph, Map.of(), packing, cpu);
            var sides = packed.placement().parts().stream().map(Part::side).toList();
            assertTrue(sides.contains(Part.Side.DEVICE));
            for (int i = 0; i < sides.size(); i++) {
                if (sides.get(i) == Part.Side.DEVICE) {
                    var program = packed.programs().get(i);
                    assertTrue(program.text().contains("x_in"), program.text());
                    assertEquals(List.of(), surfaceRules(target.check(program)));
                }
            }
            var unpacked = Placed.of(graph, Map.of(), plain, cpu);
            assertFalse(unpacked.programs().get(1).text().contains("x_in"));
            var expected = runAll(unpacked, cpu);
            var found = runAll(packed, cpu);
            expected.forEach((port, y) -> assertArrayEquals(y, found.get(port), port));
        }
    }

    private static Map<String, float[]> runAll(Placed placed, Engine engine) {
        var random = new Random(5);
        var values = new HashMap<String, float[]>();
        placed.executable()
                .inputs()
                .forEach(
                        (name, type) -> {
                            var x = new float[type.shape().size()];
                            for (int i = 0; i < x.length; i++) {
                                x[i] = (float) random.nextGaussian() / 8;
                            }
                            values.put(name, x);
                        });
        return Graphs.run(placed.executable(), engine, values);
    }
}
