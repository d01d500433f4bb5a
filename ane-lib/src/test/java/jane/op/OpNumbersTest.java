package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * MIL text that leaves out every default, read and computed by the reference kernels, against NumPy
 * and SciPy. The cases are in op_numbers.txt, made by op_numbers.py beside it.
 */
class OpNumbersTest {
    private static final double RELATIVE = 1e-11;

    /** A call, its inputs x0, x1, ... and its results y0, y1, ... with their MIL declarations. */
    record Case(String call, Map<String, Dense> inputs, Map<String, Dense> outputs) {
        @Override
        public String toString() {
            return call;
        }

        String text() {
            return "program(1.3) { func main<ios18>("
                    + String.join(", ", inputs.keySet())
                    + ") { "
                    + String.join(", ", outputs.keySet())
                    + " = "
                    + call
                    + "[name = string(\"y\")]; } -> ("
                    + outputs.keySet().stream()
                            .map(OpNumbersTest::name)
                            .collect(Collectors.joining(", "))
                    + "); }";
        }
    }

    static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        try (var in = OpNumbersTest.class.getResourceAsStream("op_numbers.txt")) {
            var text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            for (var line : text.split("\n")) {
                var parts = line.split(";", -1);
                if (parts[0].equals("call")) {
                    cases.add(new Case(parts[1], new LinkedHashMap<>(), new LinkedHashMap<>()));
                    continue;
                }
                var last = cases.get(cases.size() - 1);
                var values = parts[0].equals("in") ? last.inputs : last.outputs;
                values.put(parts[1], dense(parts[2], parts[3], parts[4]));
            }
        }
        return cases;
    }

    private static Dense dense(String dtype, String dims, String values) {
        var shape = Shape.of(split(dims).stream().map(Integer::valueOf).toList());
        var type = new TensorType(DType.ofMil(dtype), shape);
        return Dense.of(type, split(values).stream().mapToDouble(Double::valueOf).toArray());
    }

    private static List<String> split(String list) {
        return list.isEmpty() ? List.of() : Arrays.asList(list.split(","));
    }

    private static String name(String declaration) {
        return declaration.substring(declaration.lastIndexOf(' ') + 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithNumPy(Case c) {
        var graph = MilParser.parse(c.text(), Map.of());
        var feeds = new LinkedHashMap<String, Dense>();
        c.inputs.forEach((declaration, x) -> feeds.put(name(declaration), x));
        var actual = graph.reference(feeds);
        c.outputs.forEach(
                (declaration, expected) -> {
                    var y = actual.get(name(declaration));
                    assertEquals(expected.shape(), y.shape());
                    for (int i = 0; i < y.data().length; i++) {
                        double slack = RELATIVE * Math.max(1e-3, Math.abs(expected.get(i)));
                        assertEquals(expected.get(i), y.get(i), slack, "element " + i);
                    }
                });
    }

    @Test
    void everyOpWithAWordInMilHasACase() throws IOException {
        var called = new HashSet<String>();
        cases().forEach(c -> called.add(c.call.substring(0, c.call.indexOf('('))));
        Set<String> missing =
                Ops.all().stream()
                        .filter(op -> op.spelling().isPresent())
                        .map(Op::name)
                        .filter(name -> !called.contains(name))
                        .collect(Collectors.toSet());
        assertTrue(missing.isEmpty(), () -> "no case for " + missing);
    }
}
