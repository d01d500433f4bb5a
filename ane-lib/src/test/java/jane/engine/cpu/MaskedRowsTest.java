package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.Engine;
import jane.engine.Engines;
import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Attention;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Reductions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row of which a mask keeps nothing is NaN on every engine, and no other row is. */
final class MaskedRowsTest {
    private static final int ROWS = 3;
    private static final int NOTHING_KEPT = 1;
    private static final double HIDDEN = Double.NEGATIVE_INFINITY;

    /** Softmax of masked scores, sums of its rows, and the gradient through it. */
    private static Graph rows(DType dtype, int width) {
        var x = Leaf.input(new TensorType(dtype, Shape.of(ROWS, width)));
        var mask = Leaf.input(x.type());
        var scores = Elementwise.add(Elementwise.scale(x, 0.5), mask);
        var y = Activations.softmax(scores, -1);
        var dx = Gradients.of(Reductions.sumAll(Elementwise.square(y)), List.of(x)).get(0);
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("mask", mask)),
                List.of(
                        new Graph.Port("y", y),
                        new Graph.Port("sum", Reductions.sum(y, List.of(1), true)),
                        new Graph.Port("dx", dx)));
    }

    private static Map<String, Dense> feeds(Graph graph, int width) {
        var random = new Random(width);
        var feeds = new HashMap<String, Dense>();
        for (var port : graph.inputs()) {
            var values = Dense.zeros(port.value().type());
            for (int i = 0; i < values.data().length; i++) {
                boolean hides = random.nextInt(3) == 0 && i % width > 0;
                boolean hidden = i / width % ROWS == NOTHING_KEPT || hides;
                double value = hidden ? HIDDEN : 0;
                values.data()[i] =
                        port.name().equals("mask")
                                ? value
                                : port.value().dtype().round(random.nextGaussian());
            }
            feeds.put(port.name(), values);
        }
        return feeds;
    }

    private static void assertOnlyThatRow(String engine, Map<String, Dense> results) {
        results.forEach(
                (name, values) -> {
                    int width = values.shape().dim(-1);
                    for (int i = 0; i < values.data().length; i++) {
                        boolean nothing = i / width % ROWS == NOTHING_KEPT;
                        assertEquals(
                                nothing,
                                Double.isNaN(values.get(i)),
                                engine + ", " + name + ", element " + i);
                    }
                });
    }

    private static void check(Graph graph, Engine engine, Map<String, Dense> feeds, double slack) {
        var expected = graph.reference(feeds);
        assertOnlyThatRow("reference", expected);
        var results = Runs.run(engine, graph, feeds);
        assertOnlyThatRow(engine.name(), results);
        results.forEach((n, y) -> Runs.assertClose(expected.get(n), y, slack, engine.name() + n));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 15, 17, 33, 257})
    void softmaxAndItsGradient(int width) {
        try (var fast = new CpuEngine(2);
                var java = new CpuEngine(1, new JavaKernels("for this test"))) {
            for (var dtype : List.of(DType.FP32, DType.FP16)) {
                var graph = rows(dtype, width);
                double slack = dtype == DType.FP16 ? 2e-3 : 1e-6;
                check(graph, fast, feeds(graph, width), slack);
                check(graph, java, feeds(graph, width), slack);
            }
        }
    }

    @Test
    void softmaxInTheSimulator() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(ROWS, 33)));
        var y = new Graph.Port("y", Activations.softmax(x, -1));
        var graph = Graph.of(List.of(new Graph.Port("mask", x)), List.of(y));
        for (var target : List.of("m1", "m5", "m5:fast")) {
            try (Engine sim = Engines.open("sim:" + target, 1)) {
                check(graph, sim, feeds(graph, 33), 2e-2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 33})
    void attentionWithAMaskOfEitherKind(int width) {
        var q = Leaf.input(TensorType.fp32(2, ROWS, 4));
        var k = Leaf.input(TensorType.fp32(2, width, 4));
        var added = Leaf.input(TensorType.fp32(ROWS, width));
        var kept = Logic.greater(added, Leaf.scalar(DType.FP32, -1));
        var inputs =
                List.of(
                        new Graph.Port("q", q),
                        new Graph.Port("k", k),
                        new Graph.Port("mask", added));
        try (var engine = new CpuEngine(2)) {
            for (Value mask : List.of(added, kept)) {
                var y = new Graph.Port("y", Attention.attention(q, k, k, mask));
                var graph = Graph.of(inputs, List.of(y));
                var feeds = feeds(graph, width);
                for (int i = 0; i < feeds.get("q").data().length; i++) {
                    feeds.get("q").data()[i] = 0.25 * (i % 5);
                }
                for (int i = 0; i < feeds.get("k").data().length; i++) {
                    feeds.get("k").data()[i] = 0.125 * (i % 7);
                }
                check(graph, engine, feeds, 1e-6);
            }
        }
    }
}
