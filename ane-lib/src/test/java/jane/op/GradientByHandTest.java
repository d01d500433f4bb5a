package jane.op;

import static jane.op.Reference.assertIs;
import static jane.op.Reference.fp32;
import static jane.op.Reference.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.grad.GradientCheck;
import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Gradients where finite differences cannot look: kinks, ties, casts; and awkward windows. */
class GradientByHandTest {
    private static Dense gradient(UnaryOperator<Value> f, Dense x) {
        return run(v -> Gradients.of(Reductions.sumAll(f.apply(v)), List.of(v)).get(0), x);
    }

    private static Dense gradient(BinaryOperator<Value> f, int of, Dense a, Dense b) {
        return run(
                (x, y) ->
                        Gradients.of(Reductions.sumAll(f.apply(x, y)), List.of(of == 0 ? x : y))
                                .get(0),
                a,
                b);
    }

    @Test
    void kinksHaveGradientZero() {
        var x = fp32(List.of(3), -2, 0, 2);
        assertIs(gradient(Activations::relu, x), List.of(3), 0, 0, 1);
        assertIs(gradient(Elementwise::abs, x), List.of(3), -1, 0, 1);
        assertIs(gradient(Elementwise::sign, x), List.of(3), 0, 0, 0);
    }

    @Test
    void clipPassesItsBounds() {
        var x = fp32(List.of(4), -2, -1, 1, 2);
        assertIs(gradient(v -> Elementwise.clip(v, -1, 1), x), List.of(4), 0, 1, 1, 0);
    }

    @Test
    void tiesAreShared() {
        var a = fp32(List.of(3), 1, 2, 3);
        var b = fp32(List.of(3), 2, 2, 2);
        assertIs(gradient(Elementwise::maximum, 0, a, b), List.of(3), 0, 0.5, 1);
        assertIs(gradient(Elementwise::maximum, 1, a, b), List.of(3), 1, 0.5, 0);
        assertIs(gradient(Elementwise::minimum, 0, a, b), List.of(3), 1, 0.5, 0);
        assertIs(
                gradient(v -> Reductions.max(v, List.of(0), false), fp32(List.of(4), 3, 1, 3, 2)),
                List.of(4),
                0.5,
                0,
                0.5,
                0);
    }

    @Test
    void maxPoolGivesTheFirstOfEquals() {
        assertIs(
                gradient(
                        v -> Pooling.maxPool(v, Pooling.Pool.of(2, 2, 0)),
                        fp32(List.of(1, 1, 2, 2), 5, 5, 5, 5)),
                List.of(1, 1, 2, 2),
                1,
                0,
                0,
                0);
    }

    @Test
    void powHasNoGradientToTheExponentWhereTheBaseIsNotPositive() {
        var x = fp32(List.of(3), -2, 0, 2);
        var y = fp32(List.of(3), 2, 2, 2);
        assertIs(gradient(Elementwise::pow, 0, x, y), List.of(3), -4, 0, 4);
        assertIs(gradient(Elementwise::pow, 1, x, y), List.of(3), 0, 0, 4 * Math.log(2));
    }

    @Test
    void zeroToThePowerOfZeroHasNoGradientAndIsNoNan() {
        var x = fp32(List.of(4), 0, 0, 0, 2);
        var y = fp32(List.of(4), 0, 1, 2, 0);
        assertIs(gradient(Elementwise::pow, 0, x, y), List.of(4), 0, 1, 0, 0);
        for (int exponent = 0; exponent < 4; exponent++) {
            double power = exponent;
            UnaryOperator<Value> f = v -> Elementwise.pow(v, Leaf.scalar(DType.FP32, power));
            double slope = exponent == 1 ? 1 : 0;
            double bend = exponent == 2 ? 2 : 0;
            var at = fp32(List.of(1), 0);
            assertIs(gradient(f, at), List.of(1), slope);
            assertIs(gradient(v -> slope(f, v), at), List.of(1), bend);
            assertIs(
                    gradient(v -> slope(u -> slope(f, u), v), at),
                    List.of(1),
                    exponent == 3 ? 6 : 0);
        }
    }

    private static Value slope(UnaryOperator<Value> f, Value x) {
        return Gradients.of(Reductions.sumAll(f.apply(x)), List.of(x)).get(0);
    }

    @Test
    void theGradientOfAProductHasOneBesideZeros() {
        UnaryOperator<Value> product =
                v ->
                        Node.of(
                                        Reductions.REDUCE_PROD,
                                        new Reductions.Axes(List.of(0, 1), false),
                                        List.of(v))
                                .out();
        var one = fp32(List.of(1, 3), 2, 0, 3);
        assertIs(gradient(product, one), List.of(1, 3), 0, 6, 0);
        assertIs(gradient(v -> slope(product, v), one), List.of(1, 3), 3, 5, 2);
        var two = fp32(List.of(2, 2), 0, 5, 0, 7);
        assertIs(gradient(product, two), List.of(2, 2), 0, 0, 0, 0);
        assertIs(gradient(v -> slope(product, v), two), List.of(2, 2), 35, 0, 35, 0);
    }

    @Test
    void castRoundsTheCotangentToTheInputsType() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(2)));
        var dy = Leaf.input(TensorType.fp32(2));
        var dx = Gradients.of(Logic.cast(x, DType.FP32), dy, List.of(x)).get(0);
        assertEquals(x.type(), dx.type());
        var graph = Graph.of(List.of(new Graph.Port("dy", dy)), List.of(new Graph.Port("dx", dx)));
        assertIs(
                graph.reference(Map.of("dy", fp32(List.of(2), 0.1, 3))).get("dx"),
                List.of(2),
                0.0999755859375,
                3);
    }

    @Test
    void integersStopGradients() {
        var x = fp32(List.of(2), 1.5, 2.5);
        assertIs(
                gradient(
                        v -> Elementwise.add(v, Logic.cast(Logic.cast(v, DType.INT32), DType.FP32)),
                        x),
                List.of(2),
                1,
                1);
    }

    /** x [1, 1, h, w] and weight [1, 1, k, k], checked by finite differences. */
    private static void checkConv(int h, int w, int kernel, Convolution.Conv attrs) {
        var random = new SplittableRandom(7);
        var x = Leaf.input(TensorType.fp32(1, 1, h, w));
        var weight = Leaf.input(TensorType.fp32(1, 1, kernel, kernel));
        var point = new LinkedHashMap<Value, Dense>();
        for (var v : List.of(x, weight)) {
            var dense = Dense.zeros(v.type());
            for (int i = 0; i < dense.data().length; i++) {
                dense.data()[i] = random.nextDouble(-1, 1);
            }
            point.put(v, dense);
        }
        GradientCheck.check(Convolution.conv(x, weight, attrs), point, random);
    }

    private static Convolution.Conv conv(int stride, List<Integer> pad) {
        return new Convolution.Conv(List.of(stride, stride), "custom", pad, List.of(1, 1), 1);
    }

    @Test
    void convWhoseStrideLeavesRowsOverInThePadding() {
        checkConv(4, 6, 3, conv(2, List.of(1, 1, 1, 1)));
        checkConv(4, 4, 2, conv(3, List.of(0, 1, 1, 2)));
    }

    @Test
    void convWhoseStrideSkipsMoreThanTheImage() {
        checkConv(2, 2, 1, conv(4, List.of(1, 1, 1, 1)));
        checkConv(1, 3, 1, conv(4, List.of(5, 5, 0, 5)));
    }

    @Test
    void convWithAllWindowsInThePadding() {
        checkConv(1, 3, 1, conv(8, List.of(5, 0, 1, 1)));
    }

    @Test
    void matmulWithoutInnerDimensionOrColumns() {
        for (var dims : List.of(List.of(2, 3, 0, 4), List.of(2, 3, 4, 0), List.of(2, 0, 4, 3))) {
            var x = Leaf.input(TensorType.fp32(dims.get(0), dims.get(1), dims.get(2)));
            var y = Leaf.input(TensorType.fp32(dims.get(2), dims.get(3)));
            var loss = Reductions.sumAll(Contraction.matmul(x, y));
            var gradients = Gradients.of(loss, List.of(x, y));
            assertEquals(x.type(), gradients.get(0).type());
            assertEquals(y.type(), gradients.get(1).type());
        }
    }

    @Test
    void hugeStridesOfASingleWindowCostNothing() {
        var x = Leaf.input(TensorType.fp32(1, 1, 2, 3));
        var pool =
                new Pooling.Pool(
                        List.of(2, 2),
                        List.of(1 << 30, 1 << 30),
                        "valid",
                        List.of(0, 0, 0, 0),
                        false,
                        true);
        var pooled = Reductions.sumAll(Pooling.avgPool(x, pool));
        assertEquals(x.type(), Gradients.of(pooled, List.of(x)).get(0).type());
        var sliced = Reductions.sumAll(Slicing.slice(x, 3, 1, 3, Integer.MAX_VALUE));
        assertEquals(x.type(), Gradients.of(sliced, List.of(x)).get(0).type());
    }
}
