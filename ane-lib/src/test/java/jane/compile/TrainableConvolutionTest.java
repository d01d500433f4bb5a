package jane.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.grad.Gradients;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Convolution;
import jane.op.Convolution.Conv;
import jane.op.Reductions;
import jane.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainableConvolutionTest {
    private static final long SEED = 5;

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP32, Shape.of(dims)));
    }

    private static Graph graph(List<Value> inputs, Value y) {
        var ports = new ArrayList<Graph.Port>();
        inputs.forEach(v -> ports.add(new Graph.Port("x" + ports.size(), v)));
        return Graph.of(ports, List.of(new Graph.Port("y", y)));
    }

    private static Dense random(TensorType type, Random random) {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = random.nextInt(17) - 8;
        }
        return dense;
    }

    private static int[] dims(int first, int second, List<Integer> image) {
        return IntStream.concat(
                        IntStream.of(first, second), image.stream().mapToInt(Integer::intValue))
                .toArray();
    }

    private static List<Integer> draw(Random random, int count, int least, int span) {
        return IntStream.range(0, count).mapToObj(i -> least + random.nextInt(span)).toList();
    }

    /** Any form: 1 to 3 image axes, groups, depthwise, a bias, each pad_type; either direction. */
    private static Node<?> convolution(Random random, boolean transposed) {
        int axes = 1 + random.nextInt(3);
        int groups = 1 + random.nextInt(3);
        int in = groups * (1 + random.nextInt(2));
        int out = groups * (1 + random.nextInt(2));
        var x = input(dims(1 + random.nextInt(3), in, draw(random, axes, 6, 3)));
        var kernel = draw(random, axes, 1, 3);
        var w = transposed ? dims(in, out / groups, kernel) : dims(out, in / groups, kernel);
        var types = List.of("valid", "same", "custom", "same_lower");
        var a =
                new Conv(
                        draw(random, axes, 1, 2),
                        types.get(random.nextInt(transposed ? 3 : 4)),
                        draw(random, 2 * axes, 0, 3),
                        draw(random, axes, 1, 2),
                        groups);
        var inputs = new ArrayList<>(List.of(x, input(w)));
        if (random.nextBoolean()) {
            inputs.add(input(out));
        }
        return Node.of(transposed ? Convolution.CONV_TRANSPOSE : Convolution.CONV, a, inputs);
    }

    @Test
    void productsGiveWhatTheConvolutionGives() {
        var random = new Random(SEED);
        for (int run = 0; run < 100; run++) {
            var node = convolution(random, run % 2 == 1);
            var products = TrainableConvolution.rewrite(List.of(node.out()), Set.of()).get(0);
            var graph = graph(node.inputs(), node.out());
            var feeds = new HashMap<String, Dense>();
            graph.inputs().forEach(p -> feeds.put(p.name(), random(p.value().type(), random)));
            var rewritten = graph(node.inputs(), products);
            assertArrayEquals(
                    graph.reference(feeds).get("y").data(),
                    rewritten.reference(feeds).get("y").data(),
                    () -> "seed " + SEED + ": " + node.attrs());
            assertFalse(Graphs.ops(rewritten).stream().anyMatch(op -> op.startsWith("conv")));
        }
    }

    @Test
    void constantWeightsStay() {
        var type = new TensorType(DType.FP32, Shape.of(2, 4, 1, 1));
        var constant = Leaf.constant(ConstData.of(type, new double[8]));
        var y = Convolution.conv(input(2, 4, 6, 6), constant, Conv.of(1, 0, 1, 1));
        assertSame(y, TrainableConvolution.rewrite(List.of(y), Set.of()).get(0));
    }

    @Test
    void depthwiseAndTransposedConvolutionsTrainOnTheTarget() {
        var x = input(8, 32, 16, 16);
        var depthwise = input(32, 1, 3, 3);
        var pointwise = input(64, 32, 1, 1);
        var h = Convolution.conv(x, depthwise, Conv.of(1, 1, 1, 32));
        var upwards = input(64, 16, 2, 2);
        var narrow = Convolution.conv(h, pointwise, Conv.of(2, 0, 1, 1));
        var wide = Convolution.convTranspose(narrow, upwards, Conv.of(2, 0, 1, 1));
        var loss = Reductions.sumAll(wide);
        var products = TrainableConvolution.rewrite(List.of(loss), Set.of()).get(0);
        var half = HalfPrecision.rewrite(List.of(products), Set.of()).get(0);
        var inputs = List.of(x, depthwise, pointwise, upwards);
        var outputs = new ArrayList<Graph.Port>();
        Gradients.of(half, inputs)
                .forEach(g -> outputs.add(new Graph.Port("d" + outputs.size(), g)));
        var graph = Graph.of(graph(inputs, half).inputs(), outputs);
        for (var name : List.of("m1", "m5", "strict", "m5/inmem")) {
            var target = Target.named(name);
            var share = Placement.of(Passes.run(graph, target), target).share();
            assertTrue(share > 0.95, () -> share + " on " + name);
        }
    }
}
