package jane.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.engine.sim.SimEngine.Mode;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Slicing;
import jane.target.Target;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The in-memory route: order of symbols, rows of surfaces, weights that are loaded again. */
class SurfacesTest {
    private static final TensorType PLAIN = type(1, 32, 1, 32);

    private static TensorType type(int... dims) {
        return new TensorType(DType.FP16, Shape.of(dims));
    }

    private static Graph.Port port(String name, Value value) {
        return new Graph.Port(name, value);
    }

    /** {@code first - 2 second}, and twice the second, under these names in this order. */
    private static Program program(String first, String second, String less, String twice) {
        var x = Leaf.input(PLAIN);
        var y = Leaf.input(PLAIN);
        var two = Elementwise.scale(y, 2);
        return MilPrinter.print(
                Graph.of(
                        List.of(port(first, x), port(second, y)),
                        List.of(port(less, Elementwise.sub(x, two)), port(twice, two))));
    }

    private static Map<String, Double> run(Engine engine, Program program, double... fed) {
        try (var executable = engine.compile(program)) {
            return run(engine, executable, fed);
        }
    }

    /** Inputs of one value each; first elements of the outputs. */
    private static Map<String, Double> run(Engine engine, Executable executable, double... fed) {
        var buffers = new HashMap<String, Buffer>();
        int[] at = {0};
        executable
                .inputs()
                .forEach(
                        (name, type) -> {
                            var x = new float[type.shape().size()];
                            Arrays.fill(x, (float) fed[at[0]++]);
                            buffers.put(name, engine.allocate(type));
                            buffers.get(name).put(x);
                        });
        executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
        executable.bind(buffers).run();
        var results = new HashMap<String, Double>();
        executable.outputs().forEach((n, t) -> results.put(n, buffers.get(n).get(0)));
        return results;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void inputsThatAreNotDeclaredInSortedOrderAreTakenForOneAnother(Mode mode) {
        var warnings = new ArrayList<String>();
        try (var m5 = new SimEngine(Target.named("m5/inmem"), mode, 1, warnings::add)) {
            assertEquals(
                    Map.of("y", -19.0, "z", 20.0), run(m5, program("a", "b", "y", "z"), 1, 10));
            assertEquals(List.of(), warnings);
            assertEquals(Map.of("y", 8.0, "z", 2.0), run(m5, program("b", "a", "y", "z"), 1, 10));
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("takes values for one another"), warnings.get(0));
            assertTrue(warnings.get(0).contains("ANE-C06b"), warnings.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void outputsThatAreNotReturnedInSortedOrderAreTakenForOneAnother(Mode mode) {
        var warnings = new ArrayList<String>();
        try (var m5 = new SimEngine(Target.named("m5/inmem"), mode, 1, warnings::add)) {
            var swapped = run(m5, program("a", "b", "z", "y"), 1, 10);
            assertEquals(Map.of("z", 20.0, "y", -19.0), swapped);
            // "y2@output" comes before "y@output".
            var suffixed = run(m5, program("a", "b", "y", "y2"), 1, 10);
            assertEquals(Map.of("y", 20.0, "y2", -19.0), suffixed);
            assertEquals(2, warnings.size());
            assertTrue(warnings.get(1).contains("ANE-C05"), warnings.get(1));
        }
    }

    @Test
    void thisDoesNotHappenOnTheOtherRoute() {
        try (var m5 = Engines.open("sim:m5", 1)) {
            assertEquals(
                    Map.of("z", -19.0, "y", 20.0), run(m5, program("b", "a", "z", "y"), 1, 10));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatIsTakenForAnotherShapeIsReadByItsRows(Mode mode) {
        // 4 rows of 3 and 4 rows of 32: each row takes 64 bytes of its surface.
        var narrow = Leaf.input(type(1, 4, 1, 3));
        var wide = Leaf.input(type(1, 4, 1, 32));
        var graph =
                Graph.of(
                        List.of(port("n", narrow), port("m", wide)),
                        List.of(
                                port("p", Activations.relu(wide)),
                                port("q", Elementwise.add(wide, wide))));
        try (var m5 = new SimEngine(Target.named("m5/inmem"), mode, 1, text -> {});
                var executable = m5.compile(MilPrinter.print(graph))) {
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, m5.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, m5.allocate(t)));
            buffers.get("n").put(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
            executable.bind(buffers).run();
            var p = new float[128];
            buffers.get("p").get(p); // the wide one was given the narrow one's surface
            for (int i = 0; i < p.length; i++) {
                assertEquals(i % 32 < 3 ? i / 32 * 3 + i % 32 + 1 : 0, p[i], "element " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void outputsMayShareTheBufferOfTheirInput(Mode mode) {
        var x = Leaf.input(PLAIN);
        var graph =
                Graph.of(List.of(port("x", x)), List.of(port("next_x", Elementwise.shift(x, 1))));
        var program = MilPrinter.print(graph).withAliases(Map.of("next_x", "x"));
        try (var m5 = new SimEngine(Target.named("m5/inmem"), mode, 1);
                var executable = m5.compile(program)) {
            var state = m5.allocate(PLAIN);
            var binding = executable.bind(Map.of("x", state, "next_x", state));
            binding.run();
            binding.run();
            assertEquals(2, state.get(1023));
        }
    }

    /** {@code x + w} with a {@code w} of this value in a weight file. */
    private static Program weighted(double w) {
        var x = Leaf.input(PLAIN);
        var values = new double[1024];
        Arrays.fill(values, w);
        var constant = Leaf.constant(ConstData.of(PLAIN, values));
        return MilPrinter.print(
                Graph.of(List.of(port("x", x)), List.of(port("y", Elementwise.add(x, constant)))));
    }

    @ParameterizedTest
    @CsvSource({
        "m5/inmem, EXACT, 3",
        "m5/inmem, FAST, 3",
        "m4/inmem, FAST, 3",
        "m4@15/inmem, EXACT, 7",
        "m4@15/inmem, FAST, 7",
        "m3@15/inmem, FAST, 3"
    })
    void weightsThatAreOverwrittenAndReloadedAreStaleButOnM4WithMacOs15(
            String name, Mode mode, double expected) {
        try (var engine = new SimEngine(Target.named(name), mode, 1)) {
            var first = engine.compile(weighted(2));
            assertEquals(3, run(engine, first, 1).get("y"));
            var again = engine.reload(first, weighted(6).files());
            assertEquals(expected, run(engine, again, 1).get("y"));
            assertEquals(1, engine.compiled());
            assertEquals(1, engine.resident());
            var e = assertThrows(JaneException.class, () -> run(engine, first, 1));
            assertTrue(e.getMessage().contains("closed"), e.getMessage());
            again.close();
            assertEquals(0, engine.resident());
            assertEquals(7, run(engine, weighted(6), 1).get("y")); // compiled: the new ones
        }
    }

    @Test
    void onlyWeightFilesOfTheSameSizeCanBeOverwritten() {
        try (var engine = new SimEngine(Target.named("m5/inmem"), Mode.FAST, 1);
                var other = new SimEngine(Target.named("m5"), Mode.FAST, 1)) {
            var loaded = engine.compile(weighted(2));
            var small = Map.of("weights/weight.bin", ByteBuffer.allocate(5));
            var e = assertThrows(JaneException.class, () -> engine.reload(loaded, small));
            assertEquals(
                    "[sim:m5/inmem:fast] 'weights/weight.bin' with 5 bytes cannot be overwritten in"
                            + " place; need one of {weights/weight.bin=2176}",
                    e.getMessage());
            assertEquals(3, run(engine, loaded, 1).get("y"));
            var route =
                    assertThrows(
                            JaneException.class,
                            () -> other.reload(other.compile(weighted(2)), Map.of()));
            assertEquals(
                    "[sim:m5:fast] the route e5rt has no reload without compiling; compile the"
                            + " program again, or use a target such as m5/inmem",
                    route.getMessage());
            try (var third = new SimEngine(Target.named("m5/inmem"), Mode.FAST, 1)) {
                var strange =
                        assertThrows(JaneException.class, () -> third.reload(loaded, Map.of()));
                assertTrue(strange.getMessage().contains("none of this engine's"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:m5/inmem", "sim:m5/inmem:fast"})
    void outputsOfDifferentSizesFailWhenTheyAreEvaluated(String name) {
        var x = Leaf.input(PLAIN);
        var half = Slicing.slice(x, 1, 0, 16, 1);
        var uneven =
                MilPrinter.print(
                        Graph.of(
                                List.of(port("x", x)),
                                List.of(
                                        port("y", Activations.relu(x)),
                                        port("z", Activations.relu(half)))));
        try (var engine = Engines.open(name, 1)) {
            engine.compile(uneven).close();
            var e = assertThrows(JaneException.class, () -> run(engine, uneven, 1));
            assertTrue(e.getMessage().contains("status=0x1d"), e.getMessage());
            assertTrue(e.getMessage().contains("[ANE-C04] error"), e.getMessage());
            assertTrue(e.getMessage().contains("y 2048, z 1024"), e.getMessage());
        }
    }
}
