package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** int64, uint64 and uint32, which some generators write where int32 is meant. */
final class WideIntegersTest {
    private static String text(String body) {
        return "program(1.0) { func main<ios16>(tensor<fp32, [2, 3]> x) { %s } -> (y); }"
                .formatted(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int64", "uint64", "uint32"})
    void aShapeMayBeOfAnyIntegerType(String type) {
        String named =
                "tensor<T, [2]> s = const()[name = string(\"s\"), val = tensor<T, [2]>([3, 2])];"
                        + " tensor<fp32, [3, 2]> y = reshape(x = x, shape = s);";
        String inline = "tensor<fp32, [3, 2]> y = reshape(x = x, shape = tensor<T, [2]>([3, 2]));";
        var expected = MilParser.parse(text(inline.replace("T", "int32")), Map.of()).structure();
        for (String body : new String[] {named, inline}) {
            var graph = MilParser.parse(text(body.replace("T", type)), Map.of());
            assertEquals(expected, graph.structure());
        }
    }

    @Test
    void aConstantOperandBecomesInt32() {
        String body =
                "tensor<int64, [2]> i = const()[val = tensor<int64, [2]>([1, 0])];"
                        + " tensor<fp32, [2, 3]> y = gather(x = x, indices = i, axis = int64(0));";
        assertEquals(
                MilParser.parse(text(body.replace("int64", "int32")), Map.of()).structure(),
                MilParser.parse(text(body), Map.of()).structure());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int64 a = const()[val = int64(2147483648)]; | '2147483648' is no int64; need a"
                        + " whole number from -2147483648 to 2147483647: int64 is read as int32",
                "tensor<uint64, [2]> a = const()[val = tensor<uint64, [2]>([1, -1])]; | '-1' is no"
                        + " uint64; need a whole number from 0 to 2147483647: uint64 is read as"
                        + " int32",
                "int64 a = const()[val = int64(1.5)]; | '1.5' is no int64; need a whole number"
                        + " from -2147483648 to 2147483647: int64 is read as int32",
                "tensor<int64, [2]> a = const()[val = tensor<int64, [2]>(BLOBFILE(path ="
                        + " string(\"@model_path/w\"), offset = uint64(64)))]; | tensor<int64, [2]>"
                        + " in a blob; need it inline, or int32: no blob is int64",
                "tensor<int64, [2, 3]> y = cast(x = x, dtype = string(\"int64\")); | 'y' is of type"
                        + " tensor<int64, [2, 3]>; need a tensor or scalar of fp16, fp32, bool or"
                        + " an int type of 8 to 32 bits",
                "tensor<int64, [1000000000]> a = const()[val = tensor<int64, [1000000000]>([1])];"
                        + " | [1000000000] is too large a shape; need at most 2^29 elements in a"
                        + " tensor",
            })
    void whatInt32CannotHoldIsNamed(String body, String expected) {
        var error =
                assertThrows(MilParseException.class, () -> MilParser.parse(text(body), Map.of()));
        String said = error.getMessage().lines().findFirst().orElseThrow();
        assertEquals(expected, said.replaceFirst("\\[mil] line 1, column [0-9]+: ", ""));
    }
}
