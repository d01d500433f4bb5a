package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Passes;
import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.op.Activations;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Pooling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a program spells out in several ops runs as one kernel, and gives the same. */
final class IdiomsTest {
    private static final Engine ENGINE = new CpuEngine(2);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP32, Shape.of(dims)));
    }

    private static List<String> families(Graph graph) {
        var program = MilPrinter.print(Passes.run(graph));
        try (var exe = ENGINE.compile(program)) {
            return exe.plan().stream().map(line -> line.replaceAll(" ->.*", "")).toList();
        }
    }

    /** dx of {@code y(x)} and what it is computed from: x and dy. */
    private static Graph gradient(Value x, Value y) {
        var dy = Leaf.input(y.type());
        var dx = y.node().vjp(List.of(dy)).get(0);
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("dy", dy)),
                List.of(new Graph.Port("y", y), new Graph.Port("dx", dx)));
    }

    private static void checkAgainstReference(Graph graph, long seed) {
        var random = new Random(seed);
        var feeds = new java.util.HashMap<String, Dense>();
        for (var port : graph.inputs()) {
            var values = Dense.zeros(port.value().type());
            for (int i = 0; i < values.data().length; i++) {
                values.data()[i] = random.nextInt(7) - 3;
            }
            feeds.put(port.name(), values);
        }
        Map<String, Dense> expected = graph.reference(feeds);
        var actual = Runs.run(ENGINE, MilPrinter.print(Passes.run(graph)), feeds);
        actual.forEach(
                (name, values) ->
                        Runs.assertClose(expected.get(name), values, 1e-5, "seed " + seed + name));
    }

    @Test
    void everyPoolingGradientIsOneKernel() {
        var random = new Random(5);
        for (int k = 0; k < 50; k++) {
            int[] kernel = {1 + random.nextInt(3), 2 + random.nextInt(2)};
            int[] size = {3 + random.nextInt(7), 3 + random.nextInt(7)};
            int pad = random.nextInt(2);
            var attrs =
                    new Pooling.Pool(
                            List.of(kernel[0], kernel[1]),
                            List.of(1 + random.nextInt(3), 1 + random.nextInt(3)),
                            random.nextInt(3) == 0 ? "same" : "custom",
                            List.of(0, pad, pad, 0),
                            false,
                            random.nextBoolean());
            var x = input(2, 3, size[0], size[1]);
            boolean max = random.nextBoolean();
            var y = max ? Pooling.maxPool(x, attrs) : Pooling.avgPool(x, attrs);
            var graph = gradient(x, y);
            var name = max ? "max_pool " : "avg_pool ";
            var what = name + kernel[0] + "x" + kernel[1];
            assertEquals(List.of(what, what + " gradient"), sorted(families(graph)), attrs + "");
            checkAgainstReference(graph, k);
        }
    }

    private static List<String> sorted(List<String> lines) {
        var sorted = new ArrayList<>(lines);
        sorted.sort(null);
        return sorted;
    }

    @Test
    void convolutionBiasReluPoolAndItsGradientAreThreeKernels() {
        var x = input(2, 3, 8, 8);
        var w = input(4, 3, 3, 3);
        var b = input(1, 4, 1, 1);
        var conv = Convolution.conv(x, w, Convolution.Conv.of(1, 1, 1, 1));
        var pre = Elementwise.add(conv, b);
        var y = Pooling.maxPool(Activations.relu(pre), Pooling.Pool.of(2, 2, 0));
        var dy = Leaf.input(y.type());
        var dRelu = y.node().vjp(List.of(dy)).get(0);
        var dPre = y.node().in(0).node().vjp(List.of(dRelu)).get(0);
        var graph =
                Graph.of(
                        List.of(
                                new Graph.Port("x", x),
                                new Graph.Port("w", w),
                                new Graph.Port("b", b),
                                new Graph.Port("dy", dy)),
                        List.of(new Graph.Port("y", y), new Graph.Port("dx", dPre)));
        assertEquals(
                List.of(
                        "conv     4x3x3x3 + bias + relu",
                        "max_pool 2x2",
                        "max_pool 2x2 gradient + relu gradient"),
                families(graph));
        checkAgainstReference(graph, 1);
    }

    @Test
    void aConvolutionsOwnBiasIsOneKernelWithItToo() {
        var x = input(2, 3, 5, 5);
        var w = input(4, 3, 3, 3);
        var b = input(4);
        var attrs = Convolution.Conv.of(2, 1, 1, 1);
        var conv = Node.of(Convolution.CONV, attrs, List.of(x, w, b)).out();
        var inputs =
                List.of(new Graph.Port("x", x), new Graph.Port("w", w), new Graph.Port("b", b));
        var graph = Graph.of(inputs, List.of(new Graph.Port("y", Activations.relu(conv))));
        assertEquals(List.of("conv     4x3x3x3 + bias + relu"), families(graph));
        checkAgainstReference(graph, 4);
    }

    @Test
    void aStridedTransposedConvolutionSkipsTheZerosBetween() {
        var x = input(2, 3, 4, 5);
        var w = input(3, 2, 3, 3);
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                        List.of(
                                new Graph.Port(
                                        "y",
                                        Convolution.convTranspose(
                                                x, w, Convolution.Conv.of(2, 1, 1, 1)))));
        assertEquals(Collections.nCopies(4, "conv_t   3x2x3x3"), families(graph));
        checkAgainstReference(graph, 5);
    }

    @Test
    void aConvolutionThatOthersReadKeepsItsOwnKernel() {
        var x = input(1, 2, 5, 5);
        var w = input(3, 2, 3, 3);
        var b = input(1, 3, 1, 1);
        var conv = Convolution.conv(x, w, Convolution.Conv.of(1, 0, 1, 1));
        var biased = Elementwise.add(b, conv);
        var graph =
                Graph.of(
                        List.of(
                                new Graph.Port("x", x),
                                new Graph.Port("w", w),
                                new Graph.Port("b", b)),
                        List.of(new Graph.Port("y", biased), new Graph.Port("conv", conv)));
        assertTrue(families(graph).contains("conv     3x2x3x3"), families(graph).toString());
        checkAgainstReference(graph, 2);
        var alone = Graph.of(graph.inputs(), graph.outputs().subList(0, 1));
        assertEquals(List.of("conv     3x2x3x3 + bias"), families(alone));
        checkAgainstReference(alone, 3);
    }
}
