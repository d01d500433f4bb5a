package jane.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Convolution;
import jane.op.Convolution.Conv;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainableConvolutionTest {
    private static final long SEED = 5;

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP32, Shape.of(dims)));
    }

    private static Graph graph(Value x, Value w, Value y) {
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                List.of(new Graph.Port("y", y)));
    }

    private static Dense random(TensorType type, Random random) {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = random.nextInt(17) - 8;
        }
        return dense;
    }

    @Test
    void productsGiveWhatTheConvolutionGives() {
        var random = new Random(SEED);
        for (int run = 0; run < 30; run++) {
            int stride = 1 + random.nextInt(2);
            int dilation = 1 + random.nextInt(2);
            int kernel = 1 + random.nextInt(3);
            var x = input(1 + random.nextInt(3), 1 + random.nextInt(3), 7, 8);
            var w = input(1 + random.nextInt(3), x.shape().dim(1), kernel, kernel);
            var y = Convolution.conv(x, w, Conv.of(stride, random.nextInt(2), dilation, 1));
            var products = TrainableConvolution.rewrite(List.of(y), Set.of()).get(0);
            var feeds = Map.of("x", random(x.type(), random), "w", random(w.type(), random));
            assertArrayEquals(
                    graph(x, w, y).reference(feeds).get("y").data(),
                    graph(x, w, products).reference(feeds).get("y").data(),
                    () -> "seed " + SEED);
            assertFalse(Graphs.ops(graph(x, w, products)).contains("conv"));
        }
    }

    @Test
    void constantWeightsGroupsAndPaddingByNameStay() {
        var x = input(2, 4, 6, 6);
        var type = new TensorType(DType.FP32, Shape.of(2, 4, 1, 1));
        var constant = Leaf.constant(ConstData.of(type, new double[8]));
        var same = new Conv(List.of(1, 1), "same", List.of(0, 0, 0, 0), List.of(1, 1), 1);
        for (var y :
                List.of(
                        Convolution.conv(x, constant, Conv.of(1, 0, 1, 1)),
                        Convolution.conv(x, input(2, 2, 3, 3), Conv.of(1, 0, 1, 2)),
                        Convolution.conv(x, input(2, 4, 3, 3), same))) {
            assertTrue(TrainableConvolution.rewrite(List.of(y), Set.of()).get(0) == y);
        }
    }
}
