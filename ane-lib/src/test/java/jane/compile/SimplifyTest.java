package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Movement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SimplifyTest {
    private final Value x = Leaf.input(TensorType.fp32(2, 6));

    /** Op names after the pass, whose result has the same bits as before. */
    private List<String> simplified(UnaryOperator<Value> f) {
        var graph = Graphs.of(List.of(x), f.apply(x));
        var after = Simplify.apply(graph);
        Graphs.assertSameBits(graph, after, new SplittableRandom(2));
        return Graphs.ops(after);
    }

    @Test
    void timesOneGoes() {
        assertEquals(List.of("exp"), simplified(v -> Elementwise.exp(Elementwise.scale(v, 1))));
        assertEquals(
                List.of("exp"),
                simplified(v -> Elementwise.exp(Elementwise.mul(Movement.fill(v.type(), 1), v))));
    }

    @Test
    void timesOneStaysWhereItStretches() {
        assertEquals(
                List.of("fill", "mul"),
                simplified(v -> Elementwise.mul(v, Movement.fill(TensorType.fp32(3, 1, 1), 1))));
    }

    @Test
    void plusZeroStays() {
        // -0 + 0 is +0: not the same bits
        assertEquals(List.of("const", "add"), simplified(v -> Elementwise.shift(v, 0)));
    }

    @Test
    void aFillBecomesAScalarWhereItBroadcasts() {
        assertEquals(
                List.of("const", "maximum"),
                simplified(v -> Elementwise.maximum(v, Movement.fill(v.type(), 0.1))));
        assertEquals(
                List.of("const", "greater", "const", "select"),
                simplified(
                        v ->
                                Logic.select(
                                        Logic.greater(v, Leaf.scalar(DType.FP32, 0)),
                                        v,
                                        Movement.fill(v.type(), 0))));
    }

    @Test
    void oneOfTwoFillsKeepsTheShape() {
        assertEquals(
                List.of("const", "fill", "add"),
                simplified(
                        v ->
                                Elementwise.add(
                                        Movement.fill(v.type(), 2), Movement.fill(v.type(), 3))));
    }

    @Test
    void reshapesJoin() {
        assertEquals(
                List.of("reshape"),
                simplified(v -> Movement.reshape(Movement.reshape(v, List.of(3, 4)), List.of(12))));
        assertEquals(
                List.of("exp"),
                simplified(
                        v ->
                                Elementwise.exp(
                                        Movement.reshape(
                                                Movement.reshape(v, List.of(3, 4)), v.shape()))));
        assertEquals(
                List.of("exp"),
                simplified(
                        v ->
                                Elementwise.exp(
                                        Node.of(
                                                        Movement.RESHAPE,
                                                        new Movement.Dims(List.of(2, 6)),
                                                        List.of(v))
                                                .out())));
    }

    @Test
    void aReshapedFillIsAFill() {
        assertEquals(
                List.of("fill"),
                simplified(v -> Movement.reshape(Movement.fill(v.type(), 3), List.of(12))));
    }

    @Test
    void neverLooksBehindAnInput() {
        var reshaped = Movement.reshape(x, List.of(3, 4));
        var filled = Movement.fill(TensorType.fp32(3, 4), 7);
        var one = Leaf.scalar(DType.FP32, 1);
        var y =
                Elementwise.mul(
                        Elementwise.add(Movement.reshape(reshaped, List.of(4, 3)), one),
                        Movement.reshape(Elementwise.add(filled, reshaped), List.of(4, 3)));
        Graph graph = Graphs.of(List.of(reshaped, filled, one), Elementwise.mul(y, one));
        var after = Simplify.apply(graph);
        assertEquals(graph.structure(), after.structure());
        Graphs.assertSameBits(graph, after, new SplittableRandom(3));
    }

    @Test
    void overOneAndMinusZeroGo() {
        assertEquals(
                List.of("exp"),
                simplified(
                        v ->
                                Elementwise.exp(
                                        Elementwise.div(
                                                Elementwise.sub(v, Leaf.scalar(DType.FP32, 0)),
                                                Leaf.scalar(DType.FP32, 1)))));
        // x - -0 is x + 0
        assertEquals(
                List.of("const", "sub"),
                simplified(v -> Elementwise.sub(v, Leaf.scalar(DType.FP32, -0.0))));
    }

    @Test
    void transposesJoin() {
        var back = List.of(1, 0);
        assertEquals(
                List.of("exp"),
                simplified(
                        v ->
                                Elementwise.exp(
                                        Movement.transpose(Movement.transpose(v, back), back))));
        assertEquals(
                List.of("reshape", "transpose"),
                simplified(
                        v ->
                                Movement.transpose(
                                        Movement.transpose(
                                                Movement.reshape(v, List.of(2, 3, 2)),
                                                List.of(2, 0, 1)),
                                        List.of(0, 2, 1))));
    }

    @Test
    void aHalfThatWasWidenedIsStillThatHalf() {
        var half = Leaf.input(new TensorType(DType.FP16, x.shape()));
        var wide = Logic.cast(half, DType.FP32);
        var graph = Graphs.of(List.of(half), Elementwise.exp(Logic.cast(wide, DType.FP16)));
        assertEquals(List.of("exp"), Graphs.ops(Simplify.apply(graph)));
        // a number that was narrowed is another
        assertEquals(
                List.of("cast", "cast", "exp"),
                simplified(
                        v -> Elementwise.exp(Logic.cast(Logic.cast(v, DType.FP16), DType.FP32))));
    }

    @Test
    void onceIsEnoughForReluAndAbs() {
        assertEquals(List.of("relu"), simplified(v -> Activations.relu(Activations.relu(v))));
        assertEquals(List.of("abs"), simplified(v -> Elementwise.abs(Elementwise.abs(v))));
    }

    @Test
    void aGraphWithNothingToDoIsTheSame() {
        var y = Elementwise.exp(x);
        var graph = Graphs.of(List.of(x), y);
        assertSame(y, Simplify.apply(graph).outputs().get(0).value());
    }
}
