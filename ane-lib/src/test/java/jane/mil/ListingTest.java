package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.Literal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListingTest {
    private static final String TEXT =
            """
            program(1.0)
            {
                func main<ios16>(tensor<fp16, [2, 3]> x) {
                    tensor<int32, []> k = const()[name = string("k"), val = tensor<int32, []>(-1)];
                    tensor<fp16, [3]> w = const()[val = tensor<fp16, [3]>(BLOBFILE(path =
                        string("@model_path/w.bin"), offset = uint64(64)))];
                    tensor<fp16, [2, 3]> a,
                    tensor<int32, [2]> b = frobnicate(x = (x, w), axis = k,
                        mode = string("fast"), flags = tensor<bool, [2]>([true, false]));
                } -> (a, b);
            }
            """;

    private final Listing listing = Listing.of(TEXT);

    @Test
    void hasTheFunctionsOpsetPortsAndStatements() {
        assertEquals("ios16", listing.opset());
        assertEquals(
                List.of(new Listing.Variable("x", "fp16", List.of(2, 3), 3)), listing.inputs());
        assertEquals(List.of("a", "b"), listing.outputs());
        assertEquals(
                List.of("const", "const", "frobnicate"),
                listing.statements().stream().map(Listing.Statement::op).toList());
    }

    @Test
    void listsOpsThatJaneDoesNotKnow() {
        var last = listing.statements().get(2);
        assertEquals(8, last.line());
        assertEquals(
                List.of(
                        new Listing.Variable("a", "fp16", List.of(2, 3), 7),
                        new Listing.Variable("b", "int32", List.of(2), 8)),
                last.results());
        assertEquals(
                new Listing.Several(
                        List.of(new Listing.Reference("x"), new Listing.Reference("w"))),
                last.args().get("x"));
        assertEquals(new Listing.Reference("k"), last.args().get("axis"));
        assertEquals(
                new Listing.Value("string", List.of(), Optional.of(new Literal.Str("fast")), false),
                last.args().get("mode"));
        assertEquals(
                new Listing.Value(
                        "bool",
                        List.of(2),
                        Optional.of(new Literal.Bools(List.of(true, false))),
                        false),
                last.args().get("flags"));
    }

    @Test
    void readsSmallConstantsAndNoWeightFile() {
        assertEquals(
                new Listing.Value("int32", List.of(), Optional.of(new Literal.Int(-1)), false),
                listing.statements().get(0).args().get("val"));
        assertEquals(
                new Listing.Value("fp16", List.of(3), Optional.empty(), true),
                listing.statements().get(1).args().get("val"));
    }

    @Test
    void takesMainOfSeveralFunctions() {
        var text =
                """
                program(1.3)
                {
                    func first<ios17>(fp16 x) {
                        fp16 y = relu(x = x);
                    } -> (y);
                    func main<ios18>(fp16 x) {
                        fp16 z = relu(x = x);
                    } -> (z);
                }
                """;
        assertEquals(List.of("z"), Listing.of(text).outputs());
        assertEquals("ios18", Listing.of(text).opset());
    }

    @Test
    void saysWhereTheGrammarIsBroken() {
        var error =
                assertThrows(
                        MilParseException.class,
                        () -> Listing.of("program(1.3)\n{\n    func main(\n"));
        assertEquals(3, error.line());
    }
}
