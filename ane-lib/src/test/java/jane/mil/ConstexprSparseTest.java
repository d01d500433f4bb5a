package jane.mil;

import static jane.mil.SmallWeights.assertWeight;

import org.junit.jupiter.api.Test;

/** Sparse weights: every expected number was worked out by hand from MIL's definitions. */
final class ConstexprSparseTest {
    @Test
    void sparseMaskLowestBitFirst() {
        // 0b00001101 and 0b00000010: ones at 0, 2, 3 and 9.
        String type = "tensor<fp16, [2, 5]>";
        double[] expected = {5, 0, 6, 7, 0, 0, 0, 0, 0, 8};
        String data = "nonzero_data = tensor<fp16, [4]>([5, 6, 7, 8])";
        assertWeight(
                type
                        + " w = constexpr_sparse_to_dense()[mask = tensor<uint8, [2]>([13, 2]), "
                        + data
                        + ", shape = tensor<uint32, [2]>([2, 5])];",
                type,
                expected);
        assertWeight(
                type
                        + " w = constexpr_sparse_to_dense(mask = tensor<uint1, [2, 5]>([[1, 0, 1,"
                        + " 1, 0], [0, 0, 0, 0, 1]]), "
                        + data
                        + ");",
                type,
                expected);
    }

    /** What two constexpr ops in a row spell: the first gives a mask and values. */
    private static void assertSparse(String statement, String type, double... expected) {
        assertWeight(
                statement + type + " w = constexpr_sparse_to_dense(nonzero_data = v, mask = m);",
                type,
                expected);
    }

    @Test
    void aPaletteOfTheKeptElements() {
        // Kept, in order: indices 1, 0, 1 of the first column's palette, then of the second's.
        assertSparse(
                "tensor<uint1, [2, 2]> m, tensor<fp16, [3]> v = constexpr_lut_to_sparse("
                        + "indices_mask = tensor<uint1, [2, 2]>([[1, 1], [0, 1]]),"
                        + " indices_nonzero_data = tensor<uint1, [3]>([1, 0, 1]), lut ="
                        + " tensor<fp16, [1, 2, 2, 1]>([5, 6, 7, 8]));",
                "tensor<fp16, [2, 2]>",
                6,
                7,
                0,
                8);
    }

    @Test
    void vectorsOfTheKeptElementsWidenTheMask() {
        // Rows (1 0 .) and (. . 1) of entries (2, -2) and (3, -3), each laid along axis 0.
        assertSparse(
                "tensor<uint1, [4, 3]> m, tensor<fp32, [6]> v = constexpr_lut_to_sparse("
                        + "indices_mask = tensor<uint1, [2, 3]>([1, 1, 0, 0, 0, 1]),"
                        + " indices_nonzero_data = tensor<uint1, [3]>([1, 0, 1]), lut ="
                        + " tensor<fp32, [1, 1, 2, 2]>([2, -2, 3, -3]), vector_axis = int32(0));",
                "tensor<fp32, [4, 3]>",
                3,
                2,
                0,
                -3,
                -2,
                0,
                0,
                0,
                3,
                0,
                0,
                -3);
    }

    @Test
    void keptElementsAreShiftedAndScaledByTheirDensePlace() {
        // Columns have scales 0.5, 2 and 4 and offsets 1, 2 and 3.
        assertSparse(
                "tensor<uint1, [2, 3]> m, tensor<fp16, [4]> v ="
                        + " constexpr_sparse_blockwise_shift_scale(data_mask = tensor<uint1, [2,"
                        + " 3]>([1, 0, 1, 1, 1, 0]), nonzero_data = tensor<int4, [4]>([7, -8, 3,"
                        + " 1]), scale = tensor<fp16, [1, 3]>([0.5, 2, 4]), offset = tensor<int4,"
                        + " [1, 3]>([1, 2, 3]))[name = string(\"v\")];",
                "tensor<fp16, [2, 3]>",
                3,
                0,
                -44,
                1,
                -2,
                0);
    }

    @Test
    void sparseFourBitsAreScaledAfterwards() {
        String type = "tensor<fp16, [1, 4]>";
        assertWeight(
                "tensor<int4, [1, 4]> q = constexpr_sparse_to_dense(nonzero_data = tensor<int4,"
                        + " [2]>([-8, 7]), mask = tensor<uint1, [1, 4]>([0, 1, 0, 1]));"
                        + type
                        + " w = constexpr_blockwise_shift_scale(data = q, scale = tensor<fp16, [1,"
                        + " 2]>([1, 0.5]));",
                type,
                0,
                -8,
                0,
                3.5);
    }
}
