package jane.mil;

import static jane.mil.SmallWeights.assertWeight;
import static jane.mil.SmallWeights.parse;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights stored small: every expected number was worked out by hand from MIL's definitions. */
final class ConstexprTest {
    @Test
    void eightBitsPerChannel() {
        // Rows 0.5 (q - 1) and 2 (q + 2).
        String type = "tensor<fp16, [2, 3]>";
        String q = "tensor<int8, [2, 3]>([[1, 3, -127], [0, 127, -128]])";
        String scale = "tensor<fp16, [2]>([0x1p-1, 2])";
        String zero = "tensor<int8, [2]>([1, -2])";
        double[] expected = {0, 1, -64, 4, 258, -252};
        String arguments =
                "axis = int32(AXIS), quantized_data = "
                        + q
                        + ", scale = "
                        + scale
                        + ", zero_point = "
                        + zero;
        for (String axis : new String[] {"0", "-2"}) {
            String given = arguments.replace("AXIS", axis);
            assertWeight(
                    type
                            + " w = constexpr_affine_dequantize()[name = string(\"w\"), "
                            + given
                            + "];",
                    type,
                    expected);
            assertWeight(
                    type + " w = constexpr_affine_dequantize(" + given + ")[name = string(\"w\")];",
                    type,
                    expected);
        }
    }

    @Test
    void argumentsMayBeNamedAndStandInBothPlaces() {
        String type = "tensor<fp32, [3]>";
        assertWeight(
                "tensor<uint8, [3]> q = const()[val = tensor<uint8, [3]>([0, 128, 255])];"
                        + " fp32 s = const()[val = fp32(0.25)];"
                        + type
                        + " w = constexpr_affine_dequantize(quantized_data = q)[scale = s,"
                        + " zero_point = uint8(128)];",
                type,
                -32,
                0,
                31.75);
    }

    @Test
    void fourBitPalettePackedLowNibbleFirst() {
        // 0x21 holds entries 1, 2; 0xf0 holds 0, 15; 0x07 holds 7 and padding.
        String type = "tensor<fp16, [1, 5]>";
        var lut = new StringBuilder("tensor<fp16, [16]>([");
        for (int i = 0; i < 16; i++) {
            lut.append(i == 0 ? "" : ", ").append(i * i);
        }
        assertWeight(
                type
                        + " w = constexpr_lut_to_dense()[indices = tensor<uint8, [3]>([0x21, 240,"
                        + " 7]), lut = "
                        + lut
                        + "]), shape = tensor<uint32, [2]>([1, 5])];",
                type,
                1,
                4,
                0,
                225,
                49);
    }

    @Test
    void sixBitIndicesCrossBytes() {
        // Indices 1, 2, 3, 63 are bits 000001 000010 000011 111111 from the lowest up:
        // 0b10_000001, 0b0011_0000, 0b111111_00.
        String type = "tensor<fp32, [4]>";
        var lut = new StringBuilder("tensor<fp32, [64]>([0");
        for (int i = 1; i < 64; i++) {
            lut.append(", ").append(-i);
        }
        assertWeight(
                type
                        + " w = constexpr_lut_to_dense(indices = tensor<uint8, [3]>([129, 48,"
                        + " 252]), lut = "
                        + lut
                        + "]), shape = tensor<uint32, [1]>([4]));",
                type,
                -1,
                -2,
                -3,
                -63);
    }

    @Test
    void aPaletteForEachBlock() {
        // Two palettes of two entries, for rows 0-1 and rows 2-3.
        String type = "tensor<fp16, [4, 2]>";
        assertWeight(
                type
                        + " w = constexpr_lut_to_dense(indices = tensor<uint1, [4, 2]>([0, 1, 1, 1,"
                        + " 0, 1, 0, 0]), lut = tensor<fp16, [2, 1, 2, 1]>([10, 20, 30, 40]));",
                type,
                10,
                20,
                20,
                20,
                30,
                40,
                30,
                30);
    }

    @Test
    void paletteEntriesMayBeVectorsAlongAnAxis() {
        String indices =
                "indices = tensor<uint1, [2, 2]>([0, 1, 1, 0]), lut = tensor<fp32, [1, 1, 2,"
                        + " 2]>([1, 2, 3, 4]), vector_axis = int32(";
        String tall = "tensor<fp32, [4, 2]>";
        assertWeight(
                tall + " w = constexpr_lut_to_dense(" + indices + "0));",
                tall,
                1,
                3,
                2,
                4,
                3,
                1,
                4,
                2);
        String wide = "tensor<fp32, [2, 4]>";
        assertWeight(
                wide + " w = constexpr_lut_to_dense(" + indices + "-1));",
                wide,
                1,
                2,
                3,
                4,
                3,
                4,
                1,
                2);
    }

    @Test
    void blocksOfFourBitsWithScaleAndOffset() {
        // Blocks of 1 x 2: scales 1, 2 / 0.5, 4 and offsets 1, 0 / -8, 7.
        String type = "tensor<fp16, [2, 4]>";
        String data = "data = tensor<int4, [2, 4]>([7, -8, 1, -1, 0, 3, -8, 7])";
        String scale = "scale = tensor<fp16, [2, 2]>([1, 2, 0.5, 4])";
        assertWeight(
                type
                        + " w = constexpr_blockwise_shift_scale("
                        + data
                        + ", "
                        + scale
                        + ", offset = tensor<int4, [2, 2]>([1, 0, -8, 7]));",
                type,
                6,
                -9,
                2,
                -2,
                4,
                5.5,
                -60,
                0);
        assertWeight(
                type + " w = constexpr_blockwise_shift_scale(" + data + ", " + scale + ");",
                type,
                7,
                -8,
                2,
                -2,
                0,
                1.5,
                -32,
                28);
    }

    @Test
    void castChangesTheFloatType() {
        String type = "tensor<fp32, [2]>";
        assertWeight(
                type
                        + " w = constexpr_cast()[source_val = tensor<fp16, [2]>([0x3555, -2]),"
                        + " output_dtype = string(\"fp32\")];",
                type,
                0.333251953125,
                -2);
    }

    @Test
    void productsAreRoundedOnceToTheScalesType() {
        // 0x1.004p0 * 3 = 0x1.806p1 lies between halves 0x1.804p1 and 0x1.808p1: a tie, to even.
        String type = "tensor<fp16, [1]>";
        assertWeight(
                type
                        + " w = constexpr_affine_dequantize(quantized_data = tensor<int8,"
                        + " [1]>([3]), scale = fp16(0x1.004p0));",
                type,
                0x1.808p1);
    }

    @Test
    void aFourBitBlobOfHandmadeBytesRuns() {
        var writer = new BlobWriter();
        var packed = ByteBuffer.wrap(new byte[] {0x21, (byte) 0x8f});
        long data = writer.add(StoredTensor.ofBytes(BlobType.INT4, Shape.of(2, 2), packed));
        var type = new TensorType(DType.FP16, Shape.of(2, 1));
        long scale = writer.add(ConstData.of(type, 0.5, 10));
        String blob = "(BLOBFILE(path = string(\"@model_path/w.bin\"), offset = uint64(%d)))";
        String t = "tensor<fp16, [2, 2]>";
        var graph =
                parse(
                        "tensor<int4, [2, 2]> d = const()[val = tensor<int4, [2, 2]>"
                                + blob.formatted(data)
                                + "]; tensor<fp16, [2, 1]> s = const()[val = tensor<fp16, [2, 1]>"
                                + blob.formatted(scale)
                                + "];"
                                + t
                                + " w = constexpr_blockwise_shift_scale(data = d, scale = s);",
                        t,
                        Map.of("w.bin", writer.bytes()));
        var x = Dense.of(new TensorType(DType.FP16, Shape.of(2, 2)), 100, 100, 100, 100);
        var y = graph.reference(Map.of("x", x)).get("y");
        // 1, 2 in units of 0.5; -1, -8 in tens.
        assertEquals("[100.5, 101.0, 90.0, 20.0]", Arrays.toString(y.data()));
    }

    @Test
    void whatIsUnpackedPrintsAsAnOrdinaryConstant() {
        String type = "tensor<fp16, [1]>";
        var graph =
                parse(
                        type
                                + " w = constexpr_affine_dequantize(quantized_data = tensor<int8,"
                                + " [1]>([3]), scale = fp16(2));",
                        type,
                        Map.of());
        for (var dialect : Dialect.values()) {
            var program = MilPrinter.print(graph, dialect);
            var again = MilParser.parse(program);
            assertEquals(graph.structure(), again.structure());
            assertEquals(program.text(), MilPrinter.print(again, dialect).text());
        }
    }
}
