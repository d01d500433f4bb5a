package jane.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TensorTextTest {
    private static Tensor parse(String text) {
        return TensorText.parse(text.replace('|', '\n'), DType.FP32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1 2 3; [3]",
                "5; [1]",
                "1, 2, 3|4,5,6; [2, 3]",
                "# a comment|1 2 // first||3 4; [2, 2]",
                "[1, 2, 3]; [3]",
                "[[1 2] [3 4] [5 6]]; [3, 2]",
                "[1 2]|[3 4]; [2, 2]",
                "[[1, 2],| [3, 4]]; [2, 2]",
                "[[[1], [2]], [[3], [4]], [[5], [6]]]; [3, 2, 1]",
                "[]; [0]",
            })
    void shapeIsAsWritten(String text, String shape) {
        assertEquals(shape, parse(text).shape().toString());
    }

    @Test
    void valuesAreInOrder() {
        assertArrayEquals(
                new float[] {1.5f, -2e-3f, Float.NaN, Float.POSITIVE_INFINITY, -1f / 0, 1},
                parse("[[1.5, -2e-3], [nan inf], [-Inf true]]").toArray());
    }

    @Test
    void dtypeRounds() {
        assertEquals(
                (float) DType.FP16.round(0.1), TensorText.parse("0.1", DType.FP16).toArray()[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "1 2 3|4 5 ~ row 1 has 2 values, the first has 3; need rows of one length",
                "[[1, 2], [3, 4, 5]] ~ row 1 has 3 values, the first has 2; need rows of one"
                        + " length",
                "1 2|3 x ~ \"x\" in row 1, column 1 is not a number; need one such as 1.5, 1e-3,"
                        + " nan",
                "[[1, 2], 3] ~ the list has a number where the first has lists; need the same depth"
                        + " everywhere",
                "[1, [2]] ~ the list has a list where the first has numbers; need the same depth"
                        + " everywhere",
                "[[1, 2] ~ a bracket is not closed; need one more ]",
                "[1] [2] ~ \"[2]\" follows the closing bracket; need one list",
                "# nothing ~ no values; need rows of numbers",
            })
    void whatIsWrongIsNamed(String text, String message) {
        var e = assertThrows(ShapeException.class, () -> parse(text));
        assertEquals("[tensor] " + message, e.getMessage());
    }

    @Test
    void deepNestingIsRefused() {
        var e = assertThrows(ShapeException.class, () -> parse("[".repeat(100_000)));
        assertEquals("[tensor] brackets nest deeper than 16", e.getMessage());
    }
}
