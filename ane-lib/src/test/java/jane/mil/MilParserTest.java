package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others' generators write, beyond what our printer does. */
final class MilParserTest {
    private static Graph parse(String body) {
        return MilParser.parse("program(1.3) { func main<ios18>(" + body + " }", Map.of());
    }

    /** The constant added to x. */
    private static ConstData added(String type, String literal) {
        String x = "(" + type + " x) {";
        return Leaf.data(
                parse(x.substring(1) + type + " y = add(x = x, y = " + literal + "); } -> (y);")
                        .outputs()
                        .get(0)
                        .value()
                        .node()
                        .in(1));
    }

    @Test
    void bothDialectsSayTheSame() throws IOException {
        String verbose = Texts.read("add-verbose.mil");
        var type = new TensorType(DType.FP16, Shape.of(1, 256, 1, 64));
        var a = Leaf.input(type);
        var b = Leaf.input(type);
        var expected =
                Graph.of(
                        List.of(new Graph.Port("a_lhs", a), new Graph.Port("b_rhs", b)),
                        List.of(new Graph.Port("z_sum", Elementwise.add(a, b))));
        assertEquals(expected.structure(), MilParser.parse(verbose, Map.of()).structure());
        assertEquals(expected.structure(), MilParser.parse(MilPrinter.print(expected)).structure());
    }

    @Test
    void aLinearLayerAsConvolutionReadsBothBlobs() throws IOException {
        var weight = new TensorType(DType.FP16, Shape.of(160, 96, 1, 1));
        var bias = new TensorType(DType.FP16, Shape.of(1, 160, 1, 1));
        var blobs = new BlobWriter();
        var values = new double[weight.shape().size()];
        Arrays.setAll(values, i -> i % 31 - 15);
        assertEquals(64, blobs.add(ConstData.of(weight, values)));
        assertEquals(30848, blobs.add(ConstData.of(bias, new double[160])));
        var graph =
                MilParser.parse(
                        Texts.read("linear-as-conv.mil"),
                        Map.of("weights/proj.bin", blobs.bytes()));
        var conv = graph.outputs().get(0).value().node().in(0).node();
        assertEquals("conv", conv.op().name());
        assertEquals(ConstData.of(weight, values), Leaf.data(conv.in(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[name = string(\"y\"), axis = int32(-1)]",
                "[axis = int32(-1), name = string(\"y\")]",
                "[axis = tensor<int32, []>(-1)]",
                "[ axis=int32( -1 ) ]"
            })
    void argumentsMayStandInTheAttributeList(String attributes) {
        var graph =
                parse(
                        "tensor<fp32, [2, 3]> x) { tensor<fp32, [2, 3]> y = softmax(x = x)"
                                + attributes
                                + "; } -> (y);");
        assertEquals("Axis[axis=-1]", attrs(graph));
    }

    @Test
    void defaultsMayBeLeftOut() {
        var graph =
                parse("tensor<fp32, [2, 3]> x) { tensor<fp32, [2, 3]> y = softmax(x=x); } -> (y);");
        assertEquals("Axis[axis=-1]", attrs(graph));
    }

    private static String attrs(Graph graph) {
        return graph.outputs().get(0).value().node().attrs().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2, 3, 4]", "[[1, 2], [3, 4]]", "[ [0x1p0,2.0],[3e0,0x1p+2] ]"})
    void listsMayBeFlatOrNested(String list) {
        assertEquals(
                ConstData.of(TensorType.fp32(2, 2), 1, 2, 3, 4),
                added("tensor<fp32, [2, 2]>", "tensor<fp32, [2, 2]>(" + list + ")"));
    }

    @ParameterizedTest
    @CsvSource({
        "0x3c00, 1",
        "0x1p-3, 0.125",
        "-0x1.8p+1, -3",
        "0.5, 0.5",
        ".5, 0.5",
        "0x.8p0, 0.5",
        "0X1.P-1, 0.5",
        "-inf, -Infinity",
        "inf, Infinity",
        "1e-8, 0",
        "0xfc00, -Infinity",
        "65504, 65504",
        "2, 2",
        "nan, NaN",
        "0x1, 5.9604644775390625e-8"
    })
    void halfNumbersInEveryNotation(String word, double value) {
        assertEquals(value, added("fp16", "fp16(" + word + ")").get(0));
    }

    @Test
    void everyHalfSurvivesAsText() {
        var type = new TensorType(DType.FP16, Shape.of(1 << 16));
        var bits = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            bits.putShort((short) i);
        }
        var data = ConstData.ofBytes(type, bits.flip());
        var read = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            assertEquals(Optional.empty(), Numbers.put(read, DType.FP16, Numbers.format(data, i)));
        }
        assertEquals(data, ConstData.ofBytes(type, read.flip()));
    }

    @ParameterizedTest
    @CsvSource({"ios15, 5", "ios16, 5", "ios17, -1", "ios18, -1"})
    void aConstantIndexCountsFromTheEndInOlderPrograms(String opset, int meant) {
        var graph =
                MilParser.parse(
                        "program(1.0) { func main<"
                                + opset
                                + ">(tensor<fp32, [2, 6]> x) { tensor<fp32, [2, 2]> y = gather(x ="
                                + " x, indices = tensor<int32, [2]>([-1, 2]), axis = int32(-1)); }"
                                + " -> (y); }",
                        Map.of());
        var indices = graph.outputs().get(0).value().node().in(1);
        assertEquals(ConstData.of(indices.type(), meant, 2), Leaf.data(indices));
    }

    @Test
    void aSqueezedAxisWhoseBeginIsMaskedTakesTheFirst() {
        var graph =
                MilParser.parse(
                        "program(1.3) { func main<ios18>(tensor<fp32, [5]> x) { fp32 y ="
                            + " slice_by_index(x = x, begin = tensor<int32, [1]>([3]), end ="
                            + " tensor<int32, [1]>([4]), begin_mask = tensor<bool, [1]>([true]),"
                            + " squeeze_mask = tensor<bool, [1]>([true])); } -> (y); }",
                        Map.of());
        var x = Dense.of(TensorType.fp32(5), 7, 8, 9, 10, 11);
        assertEquals(7, graph.reference(Map.of("x", x)).get("y").get(0));
    }

    @Test
    void oneConstantReadTwiceIsOneNode() {
        var graph =
                parse(
                        "fp32 x) { fp32 c = const()[val = fp32(2)]; fp32 a = mul(x = x, y = c);"
                                + " fp32 y = add(x = a, y = c); } -> (y);");
        var add = graph.outputs().get(0).value().node();
        assertSame(add.in(1), add.in(0).node().in(1));
        assertEquals("c", graph.names().get(add.in(1)));
        assertEquals(8.0, run(graph, 3).get(0));
    }

    private static Dense run(Graph graph, double x) {
        Value in = graph.inputs().get(0).value();
        return graph.reference(Map.of("x", Dense.of(in.type(), x))).get("y");
    }

    @Test
    void mainIsReadAmongSeveralFunctions() {
        String other = "func f<ios18>(fp32 x) { fp32 y = exp(x = x); } -> (y);";
        String main = "func main<ios18>(fp32 x) { fp32 y = square(x = x); } -> (y);";
        var graph = MilParser.parse("program(1.3) {" + other + main + "}", Map.of());
        assertEquals(9.0, run(graph, 3).get(0));
    }

    @Test
    void deadStatementsAreCheckedAndLeftOut() {
        var graph = parse("fp32 x) { fp32 d = exp(x = x); fp32 y = square(x = x); } -> (y);");
        assertEquals(1, graph.nodes().size());
    }
}
