package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.Buffer;
import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.TensorType;
import jane.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models as converters write them, from iOS 15 to iOS 18: read, checked, printed, read again and
 * run. {@code converted.py} makes the texts, the weight files and NumPy's results.
 */
final class ConvertedProgramsTest {
    /** For about ten fp16 ops in a row, relative to the largest result. */
    private static final double TOLERANCE = 6e-3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classifier",
                "inverted-residual",
                "encoder-block",
                "decoder-block",
                "slices",
                "several-results",
                "small-weights-ios16",
                "small-weights-ios18",
                "state-cache",
                "image-decoder",
                "mask-arithmetic",
                "mixer"
            })
    void computesWhatNumPyDoes(String name) throws IOException {
        var weights = Map.of("weights/weight.bin", Texts.bytes("converted/" + name + ".bin"));
        var given = new Program(Texts.read("converted/" + name + ".mil"), weights, Map.of());
        var expected = expected(name);
        Target.named("strict").check(given);
        assertRuns(expected, given);
        var printed = MilPrinter.reprint(given, Dialect.A);
        assertEquals(MilParser.parse(given).structure(), MilParser.parse(printed).structure());
        assertEquals(printed.text(), MilPrinter.reprint(printed, Dialect.A).text());
        assertRuns(expected, printed);
    }

    private static Map<String, double[]> expected(String name) throws IOException {
        var expected = new LinkedHashMap<String, double[]>();
        for (String line : Texts.read("converted/" + name + ".txt").lines().toList()) {
            var parts = line.split(": ");
            var values = Arrays.stream(parts[1].split(" ")).mapToDouble(Double::parseDouble);
            expected.put(parts[0], values.toArray());
        }
        return expected;
    }

    private static void assertRuns(Map<String, double[]> expected, Program program) {
        try (var engine = Engines.open("cpu", 1);
                var executable = engine.compile(program)) {
            Map<String, Buffer> buffers = new HashMap<>();
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable
                    .inputs()
                    .forEach(
                            (n, t) -> {
                                buffers.put(n, engine.allocate(t));
                                buffers.get(n).putBytes(feed(t));
                            });
            executable.bind(buffers).run();
            assertEquals(executable.outputs().keySet(), expected.keySet());
            executable
                    .outputs()
                    .forEach(
                            (n, t) -> {
                                var bytes = buffers.get(n).bytes().slice(0, (int) t.sizeBytes());
                                var found = ConstData.ofBytes(t, bytes).dense().data();
                                assertClose(n, expected.get(n), found);
                            });
            buffers.values().forEach(Buffer::close);
        }
    }

    private static ByteBuffer feed(TensorType type) {
        var values = new double[type.shape().size()];
        Arrays.setAll(values, i -> (i * 7 % 23 - 11) / 8.0);
        return ConstData.of(type, values).bytes();
    }

    private static void assertClose(String name, double[] expected, double[] found) {
        assertEquals(expected.length, found.length, name);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            double bound = TOLERANCE * Math.max(1, largest);
            assertEquals(expected[i], found[i], bound, name + ", element " + i);
        }
    }
}
