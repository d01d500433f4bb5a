package jane.op;

import static jane.op.Reference.assertIs;
import static jane.op.Reference.fp32;
import static jane.op.Reference.run;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reference kernels on cases small enough to work out on paper, and on NaN and infinity. */
class ReferenceByHandTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void addBroadcastsFromBothSides() {
        var sum = run(Elementwise::add, fp32(List.of(2, 1), 10, 20), fp32(List.of(3), 1, 2, 3));
        assertIs(sum, List.of(2, 3), 11, 12, 13, 21, 22, 23);
    }

    @Test
    void subtractionDivisionAndPowerKeepTheirOrder() {
        var a = fp32(List.of(2), 8, 2);
        var b = fp32(List.of(2), 2, 4);
        assertIs(run(Elementwise::sub, a, b), List.of(2), 6, -2);
        assertIs(run(Elementwise::div, a, b), List.of(2), 4, 0.5);
        assertIs(run(Elementwise::pow, a, b), List.of(2), 64, 16);
    }

    @Test
    void extremesPassNanOn() {
        var a = fp32(List.of(3), NAN, 1, INF);
        var b = fp32(List.of(3), 1, NAN, -INF);
        assertIs(run(Elementwise::maximum, a, b), List.of(3), NAN, NAN, INF);
        assertIs(run(Elementwise::minimum, a, b), List.of(3), NAN, NAN, -INF);
        assertIs(run(Activations::relu, a), List.of(3), NAN, 1, INF);
        assertIs(run(x -> Elementwise.clip(x, -1, 2), a), List.of(3), NAN, 1, 2);
        assertIs(run(x -> Reductions.max(x, List.of(0), false), a), List.of(), NAN);
    }

    @Test
    void comparisonsWithNanAreFalseButNotEqual() {
        var a = fp32(List.of(2), NAN, 1);
        var b = fp32(List.of(2), NAN, 1);
        assertIs(run(Logic::equal, a, b), List.of(2), 0, 1);
        assertIs(run(Logic::less, a, b), List.of(2), 0, 0);
        assertIs(run((x, y) -> Elementwise.apply(Logic.NOT_EQUAL, x, y), a, b), List.of(2), 1, 0);
        assertIs(run((x, y) -> Elementwise.apply(Logic.LESS_EQUAL, x, y), a, b), List.of(2), 0, 1);
        assertIs(
                run((x, y) -> Elementwise.apply(Logic.GREATER_EQUAL, x, y), a, b),
                List.of(2),
                0,
                1);
        assertIs(run(Logic::greater, a, b), List.of(2), 0, 0);
    }

    @Test
    void signsAndRoots() {
        var x = fp32(List.of(4), -4, 0, 4, INF);
        assertIs(run(Elementwise::sign, x), List.of(4), -1, 0, 1, 1);
        assertIs(run(Elementwise::sqrt, x), List.of(4), NAN, 0, 2, INF);
        assertIs(run(v -> Elementwise.rsqrt(v, 0), x), List.of(4), NAN, INF, 0.5, 0);
        assertIs(run(Elementwise::log, fp32(List.of(2), 1, 0)), List.of(2), 0, -INF);
    }

    @Test
    void reductionsOverTwoOfThreeAxes() {
        var x = fp32(List.of(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        assertIs(run(v -> Reductions.sum(v, List.of(0, -1), false), x), List.of(2), 14, 22);
        assertIs(run(v -> Reductions.mean(v, List.of(-3, 1), true), x), List.of(1, 1, 2), 4, 5);
        assertIs(run(v -> Reductions.min(v, List.of(1), true), x), List.of(2, 1, 2), 1, 2, 5, 6);
    }

    @Test
    void reductionsOfNothing() {
        var x = fp32(List.of(0, 2));
        assertIs(run(v -> Reductions.sum(v, List.of(0), false), x), List.of(2), 0, 0);
        assertIs(run(v -> Reductions.mean(v, List.of(0), false), x), List.of(2), NAN, NAN);
        assertIs(run(v -> Reductions.max(v, List.of(0), false), x), List.of(2), -INF, -INF);
        assertIs(run(v -> Reductions.min(v, List.of(0), false), x), List.of(2), INF, INF);
    }

    @Test
    void movementMoves() {
        var x = fp32(List.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertIs(run(v -> Movement.transpose(v), x), List.of(3, 2), 1, 4, 2, 5, 3, 6);
        assertIs(run(v -> Movement.reshape(v, List.of(3, -1)), x), List.of(3, 2), 1, 2, 3, 4, 5, 6);
        assertIs(run(v -> Slicing.slice(v, -1, 0, 3, 2), x), List.of(2, 2), 1, 3, 4, 6);
        assertIs(
                run(v -> Padding.pad(v, List.of(1, 0, 0, 2), 9), fp32(List.of(1, 1), 5)),
                List.of(2, 3),
                9,
                9,
                9,
                5,
                9,
                9);
        var y = fp32(List.of(2, 3), 7, 8, 9, 10, 11, 12);
        assertIs(
                run((a, b) -> Joining.concat(List.of(a, b), 1), x, y),
                List.of(2, 6),
                1,
                2,
                3,
                7,
                8,
                9,
                4,
                5,
                6,
                10,
                11,
                12);
        assertIs(
                run((a, b) -> Joining.interleave(List.of(a, b), -1), x, y),
                List.of(2, 6),
                1,
                7,
                2,
                8,
                3,
                9,
                4,
                10,
                5,
                11,
                6,
                12);
    }

    @Test
    void matmulWithAllTransposes() {
        var x = fp32(List.of(2, 2), 1, 2, 3, 4);
        var y = fp32(List.of(2, 2), 5, 6, 7, 8);
        assertIs(run(Contraction::matmul, x, y), List.of(2, 2), 19, 22, 43, 50);
        assertIs(
                run((a, b) -> Contraction.matmul(a, b, true, false), x, y),
                List.of(2, 2),
                26,
                30,
                38,
                44);
        assertIs(
                run((a, b) -> Contraction.matmul(a, b, false, true), x, y),
                List.of(2, 2),
                17,
                23,
                39,
                53);
        assertIs(
                run((a, b) -> Contraction.matmul(a, b, true, true), x, y),
                List.of(2, 2),
                23,
                31,
                34,
                46);
    }

    @Test
    void aVectorIsARowOrAColumnThatIsNotInTheResult() {
        var v = fp32(List.of(2), 1, 2);
        var m = fp32(List.of(2, 2), 5, 6, 7, 8);
        assertIs(run(Contraction::matmul, v, m), List.of(2), 19, 22);
        assertIs(run(Contraction::matmul, m, v), List.of(2), 17, 23);
        assertIs(run(Contraction::matmul, v, v), List.of(), 5);
        var batch = fp32(List.of(2, 2, 1), 5, 6, 7, 8);
        assertIs(run(Contraction::matmul, v, batch), List.of(2, 1), 17, 23);
        assertIs(run((a, b) -> Contraction.matmul(a, b, true, true), v, m), List.of(2), 17, 23);
    }

    @Test
    void matmulOverNothingIsZero() {
        assertIs(
                run(Contraction::matmul, fp32(List.of(2, 0)), fp32(List.of(0, 1))),
                List.of(2, 1),
                0,
                0);
    }

    @Test
    void samePaddingPutsTheOddRowAfterAndSameLowerBefore() {
        var x = fp32(List.of(1, 1, 1, 4), 1, 2, 3, 4);
        var w = fp32(List.of(1, 1, 1, 2), 10, 1);
        var zeros = List.of(0, 0, 0, 0);
        var ones = List.of(1, 1);
        assertIs(
                run(
                        (a, b) ->
                                Convolution.conv(
                                        a, b, new Convolution.Conv(ones, "same", zeros, ones, 1)),
                        x,
                        w),
                List.of(1, 1, 1, 4),
                12,
                23,
                34,
                40);
        assertIs(
                run(
                        (a, b) ->
                                Convolution.conv(
                                        a,
                                        b,
                                        new Convolution.Conv(ones, "same_lower", zeros, ones, 1)),
                        x,
                        w),
                List.of(1, 1, 1, 4),
                1,
                12,
                23,
                34);
    }

    @Test
    void crossEntropyOfEqualLogitsIsLogOfTheClasses() {
        assertIs(
                run(
                        Losses::crossEntropy,
                        fp32(List.of(2, 2), 1e4, 1e4, 0, 0),
                        fp32(List.of(2, 2), 1, 0, 0.5, 0.5)),
                List.of(2),
                Math.log(2),
                Math.log(2));
    }

    @Test
    void castRoundsTruncatesAndClamps() {
        var x = fp32(List.of(6), 2.7, -2.7, 300, -300, NAN, 65520);
        assertIs(run(v -> Logic.cast(v, DType.INT8), x), List.of(6), 2, -2, 127, -128, 0, 127);
        assertIs(run(v -> Logic.cast(v, DType.UINT8), x), List.of(6), 2, 0, 255, 0, 0, 255);
        assertIs(run(v -> Logic.cast(v, DType.BOOL), x), List.of(6), 1, 1, 1, 1, 1, 1);
        assertIs(
                run(v -> Logic.cast(v, DType.FP16), x),
                List.of(6),
                2.69921875,
                -2.69921875,
                300,
                -300,
                NAN,
                INF);
    }

    @Test
    void selectBroadcastsItsCondition() {
        var cond = Dense.of(new TensorType(DType.BOOL, Shape.of(2, 1)), 1, 0);
        var a = fp32(List.of(2), 1, 2);
        assertIs(
                run((c, x) -> Logic.select(c, x, Elementwise.neg(x)), cond, a),
                List.of(2, 2),
                1,
                2,
                -1,
                -2);
    }
}
