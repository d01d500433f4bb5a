package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs in the forms that public generators write: read, checked, printed in both dialects and
 * run. Expected values are loops over the formula, and share no code with the ops.
 */
final class OthersProgramsTest {
    private static final double TOLERANCE = 4e-3;

    private static double x(int i) {
        return (i * 7 % 23 - 11) / 8.0;
    }

    private static TensorType half(int... dims) {
        return new TensorType(DType.FP16, Shape.of(dims));
    }

    private static double[] values(int n, IntToDoubleFunction value) {
        var values = new double[n];
        Arrays.setAll(values, value);
        return values;
    }

    private static Program program(String name, Map<String, ByteBuffer> files) throws IOException {
        return new Program(Texts.read("programs/" + name + ".mil"), files, Map.of());
    }

    /** Runs with every input element i set to x(i); the one output. */
    private static double[] run(String engineName, Program program) {
        try (var engine = Engines.open(engineName, 1);
                var executable = engine.compile(program)) {
            Map<String, Buffer> buffers = new HashMap<>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable
                    .inputs()
                    .forEach(
                            (n, t) ->
                                    buffers.get(n)
                                            .putBytes(
                                                    ConstData.of(
                                                                    t,
                                                                    values(
                                                                            t.shape().size(),
                                                                            OthersProgramsTest::x))
                                                            .bytes()));
            executable.bind(buffers).run();
            var out = executable.outputs().entrySet().iterator().next();
            int bytes = (int) out.getValue().sizeBytes();
            var y =
                    ConstData.ofBytes(
                            out.getValue(), buffers.get(out.getKey()).bytes().slice(0, bytes));
            buffers.values().forEach(Buffer::close);
            return y.dense().data();
        }
    }

    private static void assertRuns(Program program, double... expected) {
        Target.named("strict").check(program);
        var graphs = MilParser.parseAll(program);
        for (var dialect : Dialect.values()) {
            var printed = MilPrinter.print(graphs, dialect);
            var again = MilParser.parseAll(printed);
            graphs.forEach((n, g) -> assertEquals(g.structure(), again.get(n).structure()));
            var twice = MilPrinter.print(again, dialect);
            assertEquals(printed.text(), twice.text());
            assertEquals(printed.files(), twice.files());
        }
        assertClose(expected, run("cpu", program));
    }

    private static void assertClose(double[] expected, double[] found) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            double bound = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            assertEquals(expected[i], found[i], bound, "element " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void twoSurfacesAdded(String dialect) throws IOException {
        assertRuns(program("surfaces-added." + dialect, Map.of()), values(24 * 16, i -> 2 * x(i)));
    }

    private static Map<String, ByteBuffer> layer() {
        var blobs = new BlobWriter();
        assertEquals(64, blobs.add(ConstData.of(half(20, 12, 1, 1), values(240, i -> x(i + 3)))));
        assertEquals(640, blobs.add(ConstData.of(half(1, 20, 1, 1), values(20, i -> i - 10))));
        return Map.of("weights/layer.bin", blobs.bytes());
    }

    private static double[] linear() {
        return values(
                160,
                i -> {
                    double sum = i / 8 - 10;
                    for (int k = 0; k < 12; k++) {
                        sum += x(i / 8 * 12 + k + 3) * x(k * 8 + i % 8);
                    }
                    return sum;
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void aLinearLayerAsConvolution(String dialect) throws IOException {
        assertRuns(program("linear-by-convolution." + dialect, layer()), linear());
    }

    private static Map<String, ByteBuffer> mask() {
        var blobs = new BlobWriter();
        blobs.add(ConstData.of(half(1, 1, 6, 6), values(36, i -> i % 6 > i / 6 ? -65504 : 0)));
        return Map.of("weights/mask.bin", blobs.bytes());
    }

    private static double[] attention() {
        return values(
                48,
                i -> {
                    int head = i / 24;
                    int t = i % 6;
                    double total = 0;
                    double mixed = 0;
                    for (int u = 0; u <= t; u++) {
                        double dot = 0;
                        for (int c = 0; c < 4; c++) {
                            int row = head * 4 + c;
                            dot += x(row * 6 + t) * x((8 + row) * 6 + u);
                        }
                        double weight = Math.exp(dot / 2);
                        total += weight;
                        mixed += weight * x((16 + i / 6) * 6 + u);
                    }
                    return mixed / total;
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void causalAttention(String dialect) throws IOException {
        assertRuns(program("causal-attention." + dialect, mask()), attention());
    }

    private static double[] packed() {
        return values(
                84,
                i -> {
                    double sum = 0;
                    for (int k = 0; k < 10; k++) {
                        sum += x(k * 19 + i % 7) * x(k * 19 + 7 + i / 7);
                    }
                    return sum;
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void weightsThatComeWithTheInput(String dialect) throws IOException {
        assertRuns(program("weights-in-the-input." + dialect, Map.of()), packed());
    }

    @ParameterizedTest
    @CsvSource({"sim:m5", "sim:m5:fast", "sim:m1", "sim:m4"})
    void theFourRunInTheSimulatorToo(String engine) throws IOException {
        for (String dialect : List.of(".a", ".b")) {
            assertClose(
                    values(24 * 16, i -> 2 * x(i)),
                    run(engine, program("surfaces-added" + dialect, Map.of())));
            assertClose(linear(), run(engine, program("linear-by-convolution" + dialect, layer())));
            assertClose(packed(), run(engine, program("weights-in-the-input" + dialect, Map.of())));
            var y = run(engine, program("causal-attention" + dialect, mask()));
            var expected = attention();
            for (int i = 0; i < y.length; i++) {
                assertEquals(expected[i], y[i], 0.02, "element " + i);
            }
        }
    }

    @Test
    void constantsPrintedAsDecimalsAndNoSpaces() throws IOException {
        var blobs = new BlobWriter();
        blobs.add(ConstData.of(half(1, 6, 1, 1), 1, 2, 3, 4, 5, 6));
        assertRuns(
                program("style-printf", Map.of("weights/rms.bin", blobs.bytes())),
                values(
                        48,
                        i -> {
                            if (i >= 24) {
                                return x(i - 24);
                            }
                            double sum = 0;
                            for (int c = 0; c < 6; c++) {
                                sum += x(c * 4 + i % 4) * x(c * 4 + i % 4);
                            }
                            return x(i) / Math.sqrt(sum / 6) * (i / 4 + 1);
                        }));
    }

    @Test
    void inlineAttributesAndBitPatterns() throws IOException {
        double[][] w = {{1, 2, -1, 0}, {0.5, 1, 1, -2}};
        double[] b = {0.5, -1.5};
        assertRuns(
                program("style-inline", Map.of()),
                values(
                        36,
                        i -> {
                            // Channel 2 r + s of the 2 x 2 block at (row / 2, column / 2).
                            int at = i / 12 * 3 + i % 6 / 2;
                            int channel = i / 6 % 2 * 2 + i % 2;
                            double sum = b[channel % 2];
                            for (int k = 0; k < 4; k++) {
                                sum += w[channel % 2][k] * x(k * 9 + at);
                            }
                            double e = Math.max(0, sum);
                            return channel < 2 ? Math.log(e + 1) : e;
                        }));
    }

    @Test
    void aConvertedModelWithEightBitWeights() throws IOException {
        var blobs = new BlobWriter();
        var q = new TensorType(DType.INT8, Shape.of(4, 3));
        assertEquals(64, blobs.add(ConstData.of(q, values(12, i -> 10 * i - 60))));
        assertEquals(192, blobs.add(ConstData.of(half(4), 0.25, 0.5, 0.125, 1)));
        double[] scale = {0.25, 0.5, 0.125, 1};
        double[] bias = {0.5, 0, -1, 2.5};
        assertRuns(
                program("style-converter", Map.of("weights/weight.bin", blobs.bytes())),
                values(
                        6,
                        i -> {
                            var h = new double[4];
                            for (int o = 0; o < 4; o++) {
                                h[o] = bias[o];
                                for (int k = 0; k < 3; k++) {
                                    h[o] += scale[o] * (10 * (3 * o + k) - 60) * x(i / 3 * 3 + k);
                                }
                            }
                            return h[0] * h[1 + i % 3];
                        }));
    }

    @Test
    void aProcedureForEachLayer() throws IOException {
        var blobs = new BlobWriter();
        var data = StoredTensor.of(BlobType.INT4, Shape.of(64), values(64, i -> i % 16 - 8));
        assertEquals(64, blobs.add(data));
        assertEquals(
                192, blobs.add(ConstData.of(half(8, 1, 1, 1), values(8, i -> 0.25 * (i + 1)))));
        var both = program("style-procedures", Map.of("layer0/wq.bin", blobs.bytes()));
        assertEquals(List.of("layer0", "layer1"), List.copyOf(MilParser.parseAll(both).keySet()));
        assertRuns(
                both.withFunction("layer0"),
                values(
                        32,
                        i -> {
                            double sum = 0;
                            for (int k = 0; k < 8; k++) {
                                sum += (i / 4 * 8 + k) % 16 * x(k * 4 + i % 4);
                                sum -= 8 * x(k * 4 + i % 4);
                            }
                            return sum * 0.25 * (i / 4 + 1);
                        }));
        assertRuns(both.withFunction("layer1"), values(32, i -> 1.5 * x(i)));
        var error = assertThrows(MilParseException.class, () -> MilParser.parse(both));
        assertTrue(
                error.getMessage()
                        .contains("[layer0, layer1]; need one, or one that is named main"),
                error::getMessage);
    }
}
