package jane.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Losses;
import jane.op.Reductions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradientsTest {
    private final Value x = Leaf.input(TensorType.fp32(3));
    private final Dense at = Dense.of(x.type(), 1, 2, 3);

    private double[] at(Value gradient) {
        return Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("d", gradient)))
                .reference(Map.of("x", at))
                .get("d")
                .data();
    }

    private Value gradient(Value y, Value of) {
        return Gradients.of(Reductions.sumAll(y), List.of(of)).get(0);
    }

    @Test
    void usesOfASharedValueAddUp() {
        var square = Elementwise.mul(x, x);
        var y = Elementwise.add(Elementwise.mul(square, x), square); // x^3 + x^2
        assertArrayEquals(new double[] {5, 16, 33}, at(gradient(y, x)));
    }

    @Test
    void theValueItselfHasGradientOne() {
        assertArrayEquals(new double[] {1, 1, 1}, at(gradient(x, x)));
        var dy = Leaf.input(x.type());
        assertSame(dy, Gradients.of(x, dy, List.of(x)).get(0));
    }

    @Test
    void innerValuesHaveGradientsToo() {
        var h = Elementwise.square(x);
        var both = Gradients.of(Reductions.sumAll(Elementwise.square(h)), List.of(h, x));
        assertArrayEquals(new double[] {2, 8, 18}, at(both.get(0)));
        assertArrayEquals(new double[] {4, 32, 108}, at(both.get(1)));
    }

    @Test
    void whatDoesNotCountHasGradientZero() {
        var other = Leaf.input(TensorType.fp32(2, 2));
        var zeros = gradient(Elementwise.exp(x), other);
        assertEquals(other.type(), zeros.type());
        assertArrayEquals(new double[4], at(zeros));
    }

    @Test
    void nothingPassesStopGradientOrAComparison() {
        var stopped = Elementwise.mul(Elementwise.stopGradient(x), x);
        assertArrayEquals(new double[] {1, 2, 3}, at(gradient(stopped, x)));
        var compared = Logic.cast(Logic.greater(x, Leaf.scalar(DType.FP32, 2)), DType.FP32);
        assertArrayEquals(new double[3], at(gradient(compared, x)));
    }

    @Test
    void onlyTheWayToTheAskedValueIsBuilt() {
        var w = Leaf.input(TensorType.fp32(3));
        var y = Elementwise.add(Elementwise.exp(x), Activations.tanh(w));
        var nodes = Topology.order(List.of(gradient(y, w)), Set.of());
        assertEquals(
                0, nodes.stream().filter(n -> n.op() == Elementwise.EXP).count(), "exp is not w's");
    }

    @Test
    void aChainOfFiftyThousandHasAGradient() {
        var y = x;
        for (int i = 0; i < 50_000; i++) {
            y = Elementwise.add(y, x);
        }
        assertArrayEquals(new double[] {50_001, 50_001, 50_001}, at(gradient(y, x)));
    }

    @Test
    void theGradientOfAGradientIsOneAgain() {
        var cube = Elementwise.mul(x, Elementwise.square(x));
        var third = gradient(gradient(gradient(cube, x), x), x);
        assertArrayEquals(new double[] {6, 6, 6}, at(third));
    }

    @Test
    void aNetworkAgreesWithFiniteDifferences() {
        var random = new SplittableRandom(5);
        var image = Leaf.input(TensorType.fp32(4, 5));
        var w1 = Leaf.input(TensorType.fp32(5, 6));
        var b1 = Leaf.input(TensorType.fp32(6));
        var w2 = Leaf.input(TensorType.fp32(3, 6));
        var target = Leaf.input(TensorType.fp32(4, 3));
        var point = new LinkedHashMap<Value, Dense>();
        for (var v : List.of(image, w1, b1, w2, target)) {
            var dense = Dense.zeros(v.type());
            for (int i = 0; i < dense.data().length; i++) {
                dense.data()[i] = random.nextDouble(-1, 1);
            }
            point.put(v, dense);
        }
        var h = Elementwise.add(Contraction.matmul(image, w1), b1);
        var gelu = Activations.gelu(h, Activations.GeluMode.EXACT);
        var logits = Contraction.matmul(gelu, w2, false, true);
        var loss = Reductions.mean(Losses.crossEntropy(logits, target), List.of(0), false);
        GradientCheck.check(loss, point, random);
    }

    @Test
    void refusesAValueOfManyElements() {
        assertEquals(
                "[gradient] the value to differentiate has shape [3]; need one element: take its"
                        + " mean() or sum() first",
                assertThrows(ShapeException.class, () -> Gradients.of(x, List.of(x))).getMessage());
    }

    @Test
    void refusesACotangentOfAnotherType() {
        assertEquals(
                "[gradient] value tensor<fp32, [3]> with cotangent fp32; need one float type",
                assertThrows(
                                ShapeException.class,
                                () -> Gradients.of(x, Leaf.scalar(DType.FP32, 1), List.of(x)))
                        .getMessage());
    }

    @Test
    void refusesToDifferentiateByAnInteger() {
        var index = Leaf.input(new TensorType(DType.INT32, x.shape()));
        assertEquals(
                "[gradient] cannot differentiate by a value of tensor<int32, [3]>; need fp16 or"
                        + " fp32",
                assertThrows(
                                ShapeException.class,
                                () -> Gradients.of(Reductions.sumAll(x), List.of(index)))
                        .getMessage());
    }
}
