package jane.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Target;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process can do to itself: budgets, failing evaluations, poison, and errors by stage. */
class ChipProcessTest {
    private static final String EVAL =
            "ANEProgramProcessRequestDirect() Failed with status=0x1d : statusType=0x9: Program"
                    + " Inference error, because:";

    /** {@code y} of two inputs, {@code [1, 32, 1, 32]} unless said otherwise. */
    private static Program program(String second, String... body) {
        String type = "tensor<fp16, [1, 32, 1, 32]>";
        var text =
                "program(1.3)\n[buildInfo = dict<string, string>({{\"a\", \"b\"}})]\n{\n"
                        + "func main<ios18>("
                        + (type + " a, tensor<fp16, " + second + "> b) {\n")
                        + String.join("\n", body)
                        + "\n} -> (y);\n}\n";
        return new Program(text, Map.of(), Map.of());
    }

    private static Program plain() {
        return program(
                "[1, 32, 1, 32]",
                "tensor<fp16, [1, 32, 1, 32]> y = add(x = a, y = b)[name = string(\"y\")];");
    }

    private static Program tiled() {
        return program(
                "[1, 32, 1, 32]",
                "tensor<int32, [4]> r = const()[name = string(\"r\"), val = tensor<int32,"
                        + " [4]>([1, 1, 1, 1])];",
                "tensor<fp16, [1, 32, 1, 32]> t = tile(x = a, reps = r)[name = string(\"t\")];",
                "tensor<fp16, [1, 32, 1, 32]> y = add(x = t, y = b)[name = string(\"y\")];");
    }

    private static float run(Engine engine, Program program) {
        try (var executable = engine.compile(program)) {
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            var ones = new float[1024];
            Arrays.fill(ones, 1);
            buffers.get("a").put(ones);
            executable.bind(buffers).run();
            return (float) buffers.get("y").get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:m3/inmem", "sim:m3/inmem:fast"})
    void tilePoisonsTheProcessOnM3(String name) {
        try (var engine = Engines.open(name, 1)) {
            assertEquals(1, run(engine, plain()));
            assertEquals(1, run(engine, tiled())); // itself it runs
            var e = assertThrows(JaneException.class, () -> run(engine, plain()));
            assertTrue(e.getMessage().startsWith("[" + name + "] " + EVAL), e.getMessage());
            assertTrue(e.getMessage().contains("poisoned"), e.getMessage());
            assertTrue(e.getMessage().contains("[ANE-C21] error: tile 't'"), e.getMessage());
        }
        try (var another = Engines.open(name, 1)) {
            assertEquals(1, run(another, plain()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:m3", "sim:m2/inmem", "sim:m5/inmem"})
    void tileDoesNoHarmElsewhere(String name) {
        try (var engine = Engines.open(name, 1)) {
            assertEquals(1, run(engine, tiled()));
            assertEquals(1, run(engine, plain()));
        }
    }

    @Test
    void surfacesOfDifferentSizesFailWhenTheyAreEvaluated() {
        var uneven =
                program(
                        "[1, 1, 1, 32]",
                        "tensor<fp16, [1, 32, 1, 32]> y = add(x = a, y = b)[name ="
                                + " string(\"y\")];");
        try (var engine = Engines.open("sim:m5/inmem", 1);
                var e5rt = Engines.open("sim:m5", 1)) {
            engine.compile(uneven).close(); // the compiler has no objection
            var e = assertThrows(JaneException.class, () -> run(engine, uneven));
            assertTrue(e.getMessage().startsWith("[sim:m5/inmem] " + EVAL), e.getMessage());
            assertTrue(e.getMessage().contains("ANE-C06"), e.getMessage());
            assertEquals(1, run(engine, plain())); // no other program suffers
            assertEquals(1, run(e5rt, uneven)); // this route's ports are dense
        }
    }

    @Test
    void rowsOfSurfacesAreMultiplesOf64Bytes() {
        var narrow = // 32 rows of 2 bytes take as much as 32 rows of 64
                program(
                        "[1, 32, 1, 1]",
                        "tensor<fp16, [1, 32, 1, 32]> y = add(x = a, y = b)[name ="
                                + " string(\"y\")];");
        try (var engine = Engines.open("sim:m5/inmem", 1)) {
            assertEquals(1, run(engine, narrow));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:m5", "sim:m5:fast"})
    void weightsAreFrozenWhenAProgramIsCompiled(String name) {
        var type = new TensorType(DType.FP16, Shape.of(1, 1024));
        var a = Leaf.input(type);
        var w = Leaf.constant(ConstData.of(type, new double[1024]));
        var graph =
                Graph.of(
                        List.of(new Graph.Port("a", a)),
                        List.of(new Graph.Port("y", Elementwise.add(a, w))));
        var printed = MilPrinter.print(graph);
        var files = new HashMap<String, ByteBuffer>();
        printed.files()
                .forEach(
                        (path, bytes) ->
                                files.put(
                                        path,
                                        ByteBuffer.allocate(bytes.limit()).put(bytes).flip()));
        assertEquals(1, files.size());
        var program = new Program(printed.text(), files, Map.of());
        try (var engine = Engines.open(name, 1);
                var executable = engine.compile(program)) {
            var weights = files.values().iterator().next();
            for (int i = weights.limit() - 2048; i < weights.limit(); i++) {
                weights.put(i, (byte) 0x3c);
            }
            var x = engine.allocate(type);
            var y = engine.allocate(type);
            executable.bind(Map.of("a", x, "y", y)).run();
            assertEquals(0, y.get(0));
            assertTrue(run(engine, program) > 1); // compiled anew
        }
    }

    @Test
    void loadingTooManyProgramsIsTheLoadersErrorAndClosingOneHelps() {
        try (var engine = new SimEngine(Target.named("m5"), SimEngine.Mode.FAST, 1)) {
            var first = engine.compile(plain());
            int loaded = 1;
            CompileException e = null;
            while (e == null && loaded < 300) {
                try {
                    engine.compile(plain());
                    loaded++;
                } catch (CompileException full) {
                    e = full;
                }
            }
            assertEquals(127, loaded);
            assertTrue(e.getMessage().contains("status=0x50004"), e.getMessage());
            assertEquals("ANE-C09b", e.violations().get(0).rule());
            first.close();
            engine.compile(plain());
            assertEquals(129, engine.compiled());
            assertEquals(127, engine.resident());
        }
    }
}
