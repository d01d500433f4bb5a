package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Losses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MilPrinterTest {
    private final Value x = Leaf.input(TensorType.fp32(2, 3));

    private static Graph graph(Value x, Value y) {
        return Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
    }

    private static String body(Graph graph) {
        String text = MilPrinter.print(graph).text();
        return text.substring(text.indexOf("    func"));
    }

    @Test
    void headerIsThatOfAcceptedPrograms() {
        String text = MilPrinter.print(graph(x, Elementwise.exp(x))).text();
        assertEquals(
                """
                program(1.3)
                [buildInfo = dict<string, string>({{"coremlc-component-MIL", "3510.2.1"}, \
                {"coremlc-version", "3505.4.1"}, {"coremltools-component-milinternal", ""}, \
                {"coremltools-version", "9.0"}})]
                {
                    func main<ios18>(tensor<fp32, [2, 3]> x) {
                        tensor<fp32, [2, 3]> y = exp(x = x)[name = string("y")];
                    } -> (y);
                }
                """,
                text);
    }

    @Test
    void defaultsAndAttributesAreNamedConstants() {
        var w = Leaf.constant(ConstData.of(TensorType.fp32(3, 1), 1, -0.5, 0.1));
        assertEquals(
                """
                    func main<ios18>(tensor<fp32, [2, 3]> x) {
                        tensor<fp32, [3, 1]> const_0 = const()[name = string("const_0"), \
                val = tensor<fp32, [3, 1]>([[0x1p+0], [-0x1p-1], [0x1.99999ap-4]])];
                        bool y_transpose_x = const()[name = string("y_transpose_x"), \
                val = bool(false)];
                        bool y_transpose_y = const()[name = string("y_transpose_y"), \
                val = bool(false)];
                        tensor<fp32, [2, 1]> y = matmul(x = x, y = const_0, \
                transpose_x = y_transpose_x, transpose_y = y_transpose_y)[name = string("y")];
                    } -> (y);
                }
                """
                        .indent(0),
                body(graph(x, Contraction.matmul(x, w))));
    }

    @Test
    void attributesTakeTheElementTypeOfTheData() {
        var half = Leaf.input(TensorType.fp32(2).as(DType.FP16));
        String text = body(graph(half, Elementwise.clip(half, -1, 0.5)));
        assertTrue(
                text.contains(
                        "fp16 y_beta = const()[name = string(\"y_beta\"),"
                                + " val = fp16(0x1p-1)]"),
                text);
    }

    @Test
    void seventeenElementsGoToTheWeightFileAndSixteenDoNot() {
        for (int n : new int[] {16, 17}) {
            var data = ConstData.of(TensorType.fp32(n), new double[n]);
            var y = Elementwise.add(Leaf.input(TensorType.fp32(n)), Leaf.constant(data));
            var program = MilPrinter.print(graph(y.node().in(0), y));
            assertEquals(n == 17 ? 1 : 0, program.files().size());
            assertEquals(n == 17, program.text().contains("BLOBFILE"));
        }
    }

    @Test
    void boolConstantsStayInTheText() {
        var yes = Leaf.constant(ConstData.of(TensorType.fp32(20).as(DType.BOOL), new double[20]));
        var on = Leaf.input(TensorType.fp32(20));
        var y = Logic.select(yes, on, on);
        assertEquals(Map.of(), MilPrinter.print(graph(on, y)).files());
    }

    @Test
    void takenAndUnfitNamesAreReplaced() {
        var a = Elementwise.exp(x);
        var b = Elementwise.exp(a);
        var c = Elementwise.exp(b);
        var y = Elementwise.add(Elementwise.add(a, b), c);
        var graph =
                Graph.named(
                        List.of(new Graph.Port("x", x)),
                        List.of(new Graph.Port("y", y)),
                        Map.of(a, "x", b, "2 b", c, "fp16"));
        assertEquals(
                """
                    func main<ios18>(tensor<fp32, [2, 3]> x) {
                        tensor<fp32, [2, 3]> x_0 = exp(x = x)[name = string("x_0")];
                        tensor<fp32, [2, 3]> v_2_b = exp(x = x_0)[name = string("v_2_b")];
                        tensor<fp32, [2, 3]> add_0 = add(x = x_0, y = v_2_b)\
                [name = string("add_0")];
                        tensor<fp32, [2, 3]> v_fp16 = exp(x = v_2_b)[name = string("v_fp16")];
                        tensor<fp32, [2, 3]> y = add(x = add_0, y = v_fp16)[name = string("y")];
                    } -> (y);
                }
                """
                        .indent(0),
                body(graph));
    }

    @Test
    void refusesOutputsThatHaveNoValueOfTheirOwn() {
        var y = Elementwise.exp(x);
        var inputs = List.of(new Graph.Port("x", x));
        assertRefused(
                "[mil] output 'y' is also an input or another output; need a value of its own: put"
                        + " an identity before it",
                graph(x, x));
        assertRefused(
                "[mil] output 'b' is also an input or another output; need a value of its own: put"
                        + " an identity before it",
                Graph.of(inputs, List.of(new Graph.Port("a", y), new Graph.Port("b", y))));
        assertRefused(
                "[mil] output 'y' is a constant; need a value of its own: put an identity before"
                        + " it",
                graph(x, Leaf.scalar(DType.FP32, 1)));
    }

    @Test
    void refusesCompositesByName() {
        assertRefused(
                "[mil] MIL has no word for op 'cross_entropy'; lower it first",
                graph(x, Losses.crossEntropy(x, x)));
    }

    @Test
    void refusesPortsThatCannotBeVariables() {
        var y = Elementwise.exp(x);
        assertRefused(
                "[mil] input 'tensor' is a word of MIL; need another name",
                Graph.of(List.of(new Graph.Port("tensor", x)), List.of(new Graph.Port("y", y))));
        assertRefused(
                "[mil] 'x' names both an input and an output; need two names",
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("x", y))));
    }

    private static void assertRefused(String message, Graph graph) {
        var error = assertThrows(JaneException.class, () -> MilPrinter.print(graph));
        assertEquals(message, error.getMessage());
    }
}
