package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Movement;
import jane.op.Pooling;
import jane.op.Reductions;
import jane.op.Slicing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the planner makes of graphs, and that whole graphs come out right however they are run. */
final class PlanTest {
    private static final int GRAPHS = 400;
    private static final Engine ONE = new CpuEngine(1);
    private static final Engine TWO = new CpuEngine(2);
    private static final Engine FIVE = new CpuEngine(5);
    private static final Engine JAVA = new CpuEngine(2, new JavaKernels("Java kernels"));

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
        FIVE.close();
        JAVA.close();
    }

    @Test
    void randomGraphsAgreeWithTheReference() {
        for (long seed = 1; seed <= GRAPHS; seed++) {
            var dag = new RandomDags(seed);
            var expected = dag.graph().reference(dag.feeds());
            for (var engine : List.of(TWO, JAVA)) {
                var actual = Runs.run(engine, dag.graph(), dag.feeds());
                for (var port : dag.graph().outputs()) {
                    var name = port.name();
                    var what = "seed " + seed + " " + name + ", " + engine.description();
                    Runs.assertClose(expected.get(name), actual.get(name), 2e-4, what);
                }
            }
        }
    }

    @Test
    void sharedBuffersChangeNoBit() {
        int shared = 0;
        for (long seed = 1; seed <= GRAPHS; seed++) {
            var dag = new RandomDags(seed);
            var program = Runs.program(dag.graph());
            var expected = Runs.run(ONE, program, dag.feeds());
            try (var exe = ONE.compile(program.withAliases(dag.aliases()))) {
                var buffers = Runs.buffers(ONE, exe.inputs());
                exe.outputs()
                        .forEach(
                                (name, type) -> {
                                    var in = dag.aliases().get(name);
                                    buffers.put(
                                            name,
                                            in == null ? ONE.allocate(type) : buffers.get(in));
                                });
                dag.feeds().forEach((name, values) -> buffers.get(name).put(values));
                exe.bind(buffers).run();
                for (var name : exe.outputs().keySet()) {
                    assertArrayEquals(
                            expected.get(name).data(),
                            buffers.get(name).dense().data(),
                            "seed " + seed + " " + name + " " + dag.aliases());
                }
            }
            shared += dag.aliases().size();
        }
        assertTrue(shared > GRAPHS / 4, "only " + shared + " aliases; need a quarter of " + GRAPHS);
    }

    @Test
    void resultsDoNotDependOnTheThreads() {
        for (var graph : largeGraphs()) {
            var feeds = feeds(graph);
            var one = Runs.run(ONE, graph, feeds);
            for (var engine : List.of(TWO, FIVE)) {
                var many = Runs.run(engine, graph, feeds);
                one.forEach((k, v) -> assertArrayEquals(v.data(), many.get(k).data(), k));
            }
        }
    }

    /** Large enough that every kernel is shared among threads and every chunked one is cut. */
    private static List<Graph> largeGraphs() {
        var graphs = new ArrayList<Graph>();
        var x = Leaf.input(TensorType.fp32(300, 513));
        graphs.add(graph(List.of(x), Contraction.matmul(x, x, true, false)));
        graphs.add(graph(List.of(x), Reductions.sum(x, List.of(0), false)));
        graphs.add(graph(List.of(x), Reductions.sumAll(Elementwise.square(x))));
        graphs.add(graph(List.of(x), Activations.softmax(x, 0)));
        var tall = Leaf.input(TensorType.fp32(20_000, 9));
        graphs.add(graph(List.of(tall), Contraction.matmul(tall, tall, true, false)));
        var image = Leaf.input(TensorType.fp32(8, 3, 40, 37));
        var weight = Leaf.input(TensorType.fp32(5, 3, 3, 3));
        var attrs = Convolution.Conv.of(1, 1, 1, 1);
        graphs.add(graph(List.of(image, weight), Convolution.conv(image, weight, attrs)));
        var pool = Pooling.Pool.of(3, 2, 1);
        graphs.add(graph(List.of(image), Pooling.maxPool(image, pool)));
        return graphs;
    }

    private static Graph graph(List<Value> inputs, Value... outputs) {
        var in = new ArrayList<Graph.Port>();
        var out = new ArrayList<Graph.Port>();
        inputs.forEach(v -> in.add(new Graph.Port("x" + in.size(), v)));
        List.of(outputs).forEach(v -> out.add(new Graph.Port("y" + out.size(), v)));
        return Graph.of(in, out);
    }

    private static Map<String, Dense> feeds(Graph graph) {
        var random = new Random(7);
        var feeds = new HashMap<String, Dense>();
        for (var port : graph.inputs()) {
            var dense = Dense.zeros(port.value().type());
            Arrays.setAll(dense.data(), i -> (float) random.nextGaussian());
            feeds.put(port.name(), dense);
        }
        return feeds;
    }

    private static List<String> plan(Graph graph, Map<String, String> aliases) {
        try (var exe = ONE.compile(Runs.program(graph).withAliases(aliases))) {
            return exe.plan();
        }
    }

    private static Value input(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    @Test
    void anElementwiseDagIsOneKernel() {
        var x = input(4, 5);
        var m = input(4, 5);
        var next = Elementwise.add(Elementwise.scale(m, 0.9), Elementwise.square(x));
        var y = Elementwise.sub(x, Elementwise.div(m, Elementwise.sqrt(next)));
        assertEquals(
                List.of(
                        "fused    mul+square+add+sqrt+real_div+sub"
                                + " -> tensor<fp32, [4, 5]> y0, tensor<fp32, [4, 5]> y1"),
                plan(graph(List.of(x, m), next, y), Map.of()));
    }

    @Test
    void aGroupIsNotLeftAndEnteredAgain() {
        var x = input(4, 5);
        var a = Activations.tanh(x);
        var total = Reductions.sumAll(a);
        var y = Elementwise.mul(a, total);
        assertEquals(
                List.of(
                        "fused    tanh+reduce_sum -> tensor<fp32, [4, 5]>, fp32",
                        "fused    mul -> tensor<fp32, [4, 5]> y0"),
                plan(graph(List.of(x), y), Map.of()));
    }

    @Test
    void linesArePassedOnceWithAllThatIsComputedOfThem() {
        var x = input(4, 5);
        var mask = input(1, 5);
        var y = Activations.softmax(Elementwise.add(Elementwise.scale(x, 0.5), mask), -1);
        var dy = input(4, 5);
        var dx = Elementwise.mul(y, Elementwise.sub(dy, lineSum(Elementwise.mul(dy, y))));
        assertEquals(
                List.of(
                        "fused    mul+add+softmax+mul+reduce_sum+sub+mul+mul"
                                + " -> tensor<fp32, [4, 5]> y0"),
                plan(graph(List.of(x, mask, dy), Elementwise.scale(dx, 0.5)), Map.of()));
    }

    private static Value lineSum(Value x) {
        return Reductions.sum(x, List.of(1), true);
    }

    @Test
    void sumsOfLinesAreNoLongerLinesForWhatBroadcastsThemOtherwise() {
        var x = input(4, 4);
        var sums = Reductions.sum(Elementwise.square(x), List.of(1), false);
        var y = Elementwise.add(x, sums); // to each row, not to each column
        assertEquals(
                List.of(
                        "fused    square+reduce_sum -> tensor<fp32, [4]>",
                        "fused    add -> tensor<fp32, [4, 4]> y0"),
                plan(graph(List.of(x), y), Map.of()));
    }

    @Test
    void whatReadsTheSameIsOneKernel() {
        var x = input(4, 5);
        var w = input(5, 5);
        var a = Contraction.matmul(Activations.tanh(x), w);
        var b = Contraction.matmul(Activations.relu(x), w);
        var plan = plan(graph(List.of(x, w), a, b), Map.of());
        assertEquals(
                "fused    tanh+relu -> tensor<fp32, [4, 5]>, tensor<fp32, [4, 5]>", plan.get(0));
        assertEquals(3, plan.size(), plan::toString);
    }

    /** The range of an input, as in {@code x.max() - x.min()}. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 300, 5000})
    void twoNumbersOfAllOfAnInputAreOneKernel(int width) {
        var x = input(3, width);
        var axes = List.of(0, 1);
        var y = Elementwise.sub(Reductions.max(x, axes, false), Reductions.min(x, axes, false));
        var square = Elementwise.mul(Reductions.sum(x, axes, true), Reductions.mean(x, axes, true));
        var graph = graph(List.of(x), y, square);
        var plan = plan(graph, Map.of());
        assertEquals(1, plan.stream().filter(l -> l.contains("reduce_max+reduce_min")).count());
        var feeds =
                Map.of("x0", Dense.of(x.type(), new Random(width).doubles(3 * width).toArray()));
        var expected = graph.reference(feeds);
        for (var engine : List.of(TWO, JAVA)) {
            Runs.run(engine, graph, feeds)
                    .forEach((n, v) -> Runs.assertClose(expected.get(n), v, 1e-5, n));
        }
    }

    /** The kernel writes relu where it read its operand, of which it makes a number as well. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 700})
    void aNumberOfWhatIsOverwrittenIsMadeBefore(int width) {
        var x = input(8, width);
        var w = input(width, width);
        var product = Contraction.matmul(x, w);
        var range = Reductions.min(product, List.of(0, 1), false);
        var y = Contraction.matmul(Activations.relu(product), w);
        var graph = graph(List.of(x, w), Elementwise.mul(y, range));
        var random = new Random(width);
        var feeds = new HashMap<String, Dense>();
        graph.inputs()
                .forEach(
                        p -> {
                            int n = p.value().shape().size();
                            double[] values = random.doubles(n, -0.5, 0.25).toArray();
                            feeds.put(p.name(), Dense.of(p.value().type(), values));
                        });
        var expected = graph.reference(feeds);
        for (var engine : List.of(TWO, JAVA)) {
            Runs.run(engine, graph, feeds)
                    .forEach((n, v) -> Runs.assertClose(expected.get(n), v, 1e-4, n));
        }
    }

    @Test
    void broadcastsWaitUntilTheyAreNeeded() {
        var x = input(4, 5);
        var sum = Elementwise.scale(lineSum(x), 0.5);
        var ones = Movement.fill(x.type(), 1);
        var y = Elementwise.mul(Elementwise.scale(Elementwise.mul(sum, ones), 3), x);
        assertEquals(
                List.of("fused    reduce_sum+mul+mul+mul -> tensor<fp32, [4, 5]> y0"),
                plan(graph(List.of(x), y), Map.of()));
    }

    @Test
    void viewsCostNoKernel() {
        var x = input(4, 6);
        var t = Movement.transpose(Slicing.slice(x, 1, 1, 6, 2));
        var column = Movement.reshape(Slicing.slice(x, 1, 0, 1, 1), List.of(4));
        var y = Elementwise.add(t, column);
        assertEquals(
                List.of("fused    add -> tensor<fp32, [3, 4]> y0"),
                plan(graph(List.of(x), y), Map.of()));
    }

    @Test
    void aReshapeThatStridesCannotSayIsCopied() {
        var x = input(4, 6);
        var y = Activations.relu(Movement.reshape(Movement.transpose(x), List.of(24)));
        assertEquals(
                List.of(
                        "copy     for reshape -> tensor<fp32, [6, 4]>",
                        "fused    relu -> tensor<fp32, [24]> y0"),
                plan(graph(List.of(x), y), Map.of()));
    }

    @Test
    void operandsOfAConcatAreComputedInPlace() {
        var x = input(4, 6);
        var parts = List.of(Activations.relu(x), Activations.tanh(x));
        assertEquals(
                List.of(
                        "fused    relu+tanh -> tensor<fp32, [4, 6]> strides [12, 2] y0,"
                                + " tensor<fp32, [4, 6]> strides [12, 2] y0"),
                plan(graph(List.of(x), Joining.interleave(parts, 1)), Map.of()));
    }

    @Test
    void anUpdateOverwritesWhatItReads() {
        var w = input(4, 5);
        var g = input(4, 5);
        var next = Elementwise.sub(w, g);
        assertEquals(
                List.of("fused    sub -> tensor<fp32, [4, 5]> y0"),
                plan(graph(List.of(w, g), next), Map.of("y0", "x0")));
    }

    @Test
    void anUpdateThatReadsInAnotherOrderIsCopied() {
        var w = input(5, 5);
        var next = Elementwise.sub(w, Movement.transpose(w));
        assertEquals(
                List.of(
                        "fused    sub -> tensor<fp32, [5, 5]>",
                        "copy     out -> tensor<fp32, [5, 5]> y0"),
                plan(graph(List.of(w), next), Map.of("y0", "x0")));
    }

    @Test
    void readersOfAnInputRunBeforeItIsOverwritten() {
        var w = input(5, 5);
        var x = input(5, 5);
        var next = Elementwise.scale(w, 0.5);
        var y = Contraction.matmul(x, w);
        assertEquals(
                List.of(
                        "matmul   5x5x5 -> tensor<fp32, [5, 5]> y1",
                        "fused    mul -> tensor<fp32, [5, 5]> y0"),
                plan(graph(List.of(w, x), next, y), Map.of("y0", "x0")));
    }

    @Test
    void swappedInputsAreStaged() {
        var a = input(3);
        var b = input(3);
        var graph = graph(List.of(a, b), Movement.reshape(b, List.of(3)), a);
        var aliases = Map.of("y0", "x0", "y1", "x1");
        var feeds =
                Map.of(
                        "x0", Dense.of(TensorType.fp32(3), 1, 2, 3),
                        "x1", Dense.of(TensorType.fp32(3), 4, 5, 6));
        try (var exe = ONE.compile(Runs.program(graph).withAliases(aliases))) {
            var buffers = Runs.buffers(ONE, exe.inputs());
            feeds.forEach((name, values) -> buffers.get(name).put(values));
            buffers.put("y0", buffers.get("x0"));
            buffers.put("y1", buffers.get("x1"));
            exe.bind(buffers).run();
            assertArrayEquals(new double[] {4, 5, 6}, buffers.get("x0").dense().data());
            assertArrayEquals(new double[] {1, 2, 3}, buffers.get("x1").dense().data());
        }
    }

    @Test
    void scratchMemoryIsUsedAgain() {
        int size = 1 << 18;
        var x = Leaf.input(new TensorType(DType.FP32, Shape.of(512, size / 512)));
        var y = x;
        for (int i = 0; i < 20; i++) {
            y = Activations.softmax(y, 1);
        }
        try (var exe = ONE.compile(Runs.program(graph(List.of(x), y)))) {
            long most = 4L * size + (1 << 20); // each in the place of the last
            assertTrue(exe.scratchBytes() <= most, exe.scratchBytes() + " bytes; need " + most);
        }
    }
}
