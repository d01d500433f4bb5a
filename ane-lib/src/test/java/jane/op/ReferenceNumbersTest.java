package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Reference kernels against SciPy and NumPy. The numbers are in reference_numbers.txt, made by
 * reference_numbers.py beside it.
 */
class ReferenceNumbersTest {
    private static final Map<String, Dense> NUMBERS = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (var in = ReferenceNumbersTest.class.getResourceAsStream("reference_numbers.txt")) {
            var text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            for (var line : text.split("\n")) {
                var parts = line.split(";");
                var dims = Arrays.stream(parts[1].split(",")).map(Integer::valueOf).toList();
                var values =
                        Arrays.stream(parts[2].split(",")).mapToDouble(Double::valueOf).toArray();
                var type = new TensorType(DType.FP32, Shape.of(dims));
                NUMBERS.put(parts[0], Dense.of(type, values));
            }
        }
    }

    /** sin(1), sin(2), ... as in the script. */
    private static Dense ramp(int... dims) {
        var dense = Dense.zeros(TensorType.fp32(dims));
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = Math.sin(i + 1);
        }
        return dense;
    }

    private static Dense map(Dense x, UnaryOperator<Double> f) {
        var y = Dense.zeros(x.type());
        for (int i = 0; i < x.data().length; i++) {
            y.data()[i] = f.apply(x.get(i));
        }
        return y;
    }

    private static void check(String name, double relative, Value y, Map<Value, Dense> feeds) {
        var expected = NUMBERS.get(name);
        var ports = new ArrayList<Graph.Port>();
        var byName = new HashMap<String, Dense>();
        feeds.forEach(
                (value, dense) -> {
                    var input = "x" + ports.size();
                    ports.add(new Graph.Port(input, value));
                    byName.put(input, dense);
                });
        var actual = Graph.of(ports, List.of(new Graph.Port("y", y))).reference(byName).get("y");
        assertEquals(expected.shape(), actual.shape());
        for (int i = 0; i < actual.data().length; i++) {
            double want = expected.get(i);
            double slack = relative * Math.max(Math.abs(want), 1e-300);
            assertEquals(want, actual.get(i), slack, name + " element " + i);
        }
    }

    private static void checkGrid(String name, double relative, UnaryOperator<Value> f) {
        var x = Leaf.input(NUMBERS.get("grid").type());
        check(name, relative, f.apply(x), Map.of(x, NUMBERS.get("grid")));
    }

    @Test
    void erf() {
        checkGrid("erf", 1e-14, Activations::erf);
    }

    @Test
    void sigmoid() {
        checkGrid("sigmoid", 1e-14, Activations::sigmoid);
    }

    @Test
    void geluExact() {
        var x = Leaf.input(NUMBERS.get("grid").type());
        var y = Activations.gelu(x, Activations.GeluMode.EXACT);
        var expected = NUMBERS.get("gelu_exact");
        var graph = Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
        var actual = graph.reference(Map.of("x", NUMBERS.get("grid"))).get("y");
        for (int i = 0; i < expected.data().length; i++) {
            // 1 + erf cancels on the far left: absolute there
            double slack = 1e-15 + 1e-14 * Math.abs(expected.get(i));
            assertEquals(expected.get(i), actual.get(i), slack, "at " + NUMBERS.get("grid").get(i));
        }
    }

    @Test
    void softmaxOverAMiddleAxis() {
        var x = Leaf.input(TensorType.fp32(2, 5, 3));
        check(
                "softmax_axis1",
                1e-13,
                Activations.softmax(x, -2),
                Map.of(x, map(ramp(2, 5, 3), v -> 3 * v)));
    }

    @Test
    void softmaxOfHugeLogits() {
        var x = Leaf.input(TensorType.fp32(1, 3));
        check(
                "softmax_huge",
                1e-13,
                Activations.softmax(x, 1),
                Map.of(x, Dense.of(x.type(), 1000, 999, -1000)));
    }

    @Test
    void crossEntropy() {
        var logits = Leaf.input(TensorType.fp32(4, 3));
        var target = Leaf.input(TensorType.fp32(4, 3));
        check(
                "cross_entropy",
                1e-13,
                Losses.crossEntropy(logits, target),
                Map.of(
                        logits, map(ramp(4, 3), v -> 5 * v),
                        target, map(ramp(4, 3), Math::abs)));
    }

    @Test
    void matmulWithBroadcastBatch() {
        var x = Leaf.input(TensorType.fp32(2, 1, 3, 4));
        var y = Leaf.input(TensorType.fp32(3, 4, 2));
        check(
                "matmul_broadcast",
                1e-12,
                Contraction.matmul(x, y),
                Map.of(x, ramp(2, 1, 3, 4), y, ramp(3, 4, 2)));
    }

    @Test
    void convWithStridesPadsDilationsAndGroups() {
        var x = Leaf.input(TensorType.fp32(2, 4, 6, 5));
        var w = Leaf.input(TensorType.fp32(6, 2, 3, 2));
        var attrs =
                new Convolution.Conv(
                        List.of(2, 1), "custom", List.of(1, 0, 2, 1), List.of(1, 2), 2);
        check(
                "conv_strided",
                1e-12,
                Convolution.conv(x, w, attrs),
                Map.of(x, ramp(2, 4, 6, 5), w, ramp(6, 2, 3, 2)));
    }

    @Test
    void convTranspose() {
        var x = Leaf.input(TensorType.fp32(1, 2, 3, 4));
        var w = Leaf.input(TensorType.fp32(2, 3, 3, 2));
        var attrs =
                new Convolution.Conv(
                        List.of(2, 3), "custom", List.of(1, 0, 0, 1), List.of(1, 1), 1);
        check(
                "conv_transpose",
                1e-12,
                Convolution.convTranspose(x, w, attrs),
                Map.of(x, ramp(1, 2, 3, 4), w, ramp(2, 3, 3, 2)));
    }

    private static Pooling.Pool pool(boolean exclude) {
        return new Pooling.Pool(
                List.of(3, 2), List.of(2, 3), "custom", List.of(1, 1, 0, 1), false, exclude);
    }

    @Test
    void maxPool() {
        var x = Leaf.input(TensorType.fp32(1, 2, 6, 7));
        check("max_pool", 0, Pooling.maxPool(x, pool(true)), Map.of(x, ramp(1, 2, 6, 7)));
    }

    @Test
    void avgPoolLeavesPaddingOutOrCountsIt() {
        var x = Leaf.input(TensorType.fp32(1, 2, 6, 7));
        var feeds = Map.of(x, ramp(1, 2, 6, 7));
        check("avg_pool_exclude", 1e-12, Pooling.avgPool(x, pool(true)), feeds);
        check("avg_pool_include", 1e-12, Pooling.avgPool(x, pool(false)), feeds);
    }
}
