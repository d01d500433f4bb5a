package jane.mil;

import static jane.mil.SmallWeights.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights stored small that do not fit, and what is said of them. */
final class ConstexprErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tensor<fp16, [3]> w = constexpr_cast(source_val = tensor<fp16, [2]>([1, 2]),"
                        + " output_dtype = string(\"fp32\")); | 'w' is declared tensor<fp16, [3]>;"
                        + " need tensor<fp32, [2]>, which 'constexpr_cast' makes here",
                "tensor<fp16, [3]> w = constexpr_cast(source_val = fp16(1)); | 'constexpr_cast'"
                        + " without 'output_dtype'; need [source_val, output_dtype]",
                "tensor<fp16, [3]> w = constexpr_cast(source_val = x, output_dtype ="
                        + " string(\"fp32\")); | 'x' is computed; need a const",
                "tensor<fp16, [3]> w = constexpr_affine_dequantize(quantized_data = tensor<int8,"
                        + " [3]>([1, 2, 3]), scale = tensor<fp16, [2]>([1, 2]), axis = int32(0)); |"
                        + " [constexpr_affine_dequantize] tensor<fp16, [2]>; need one value or a"
                        + " list of 3",
                "tensor<fp16, [3]> w = constexpr_affine_dequantize(quantized_data = tensor<int8,"
                    + " [3]>([1, 2, 3]), scale = tensor<fp16, [3]>([1, 2, 3]), axis = int32(1)); |"
                    + " [constexpr_affine_dequantize] axis 1 is outside shape [3]; need -1 to 0",
                "tensor<fp16, [3]> w = constexpr_blockwise_shift_scale(data = tensor<int4, [3]>([1,"
                        + " 2, 3]), scale = tensor<fp16, [2]>([1, 2])); |"
                        + " [constexpr_blockwise_shift_scale] [2]; need the rank of [3] and dims"
                        + " that divide its dims",
                "tensor<fp16, [3]> w = constexpr_sparse_to_dense(nonzero_data = tensor<fp16,"
                        + " [1]>([1]), mask = tensor<uint1, [3]>([1, 0, 1])); |"
                        + " [constexpr_sparse_to_dense] tensor<fp16, [1]>; need 2 values, as the"
                        + " mask has ones",
                "tensor<fp16, [3]> w = constexpr_lut_to_dense(indices = tensor<uint8, [1]>([1]),"
                        + " lut = tensor<fp16, [2]>([1, 2]), shape = tensor<uint32,"
                        + " [1]>([1000000000])); | [constexpr_lut_to_dense] tensor<uint8, [1]>;"
                        + " need 125000000 of uint8 for tensor<uint1, [1000000000]>",
                "tensor<fp16, [3]> w = constexpr_lut_to_dense(indices = tensor<int4, [3]>([1, 2,"
                        + " 3]), lut = tensor<fp16, [1, 16, 1]>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,"
                        + " 11, 12, 13, 14, 15])); | [constexpr_lut_to_dense] tensor<int4, [3]>;"
                        + " need uint1, uint2, uint3, uint4, uint6 or uint8",
                "tensor<int4, [3]> w = const()[val = tensor<int4, [3]>([1, 2, 8])]; | [blob] 8.0"
                        + " for element 2; need what int4 can hold",
                "tensor<int4, [3]> w = const()[val = tensor<int4, [3]>([1, 2, 3])]; | tensor<int4,"
                        + " [3]> as an operand; need a constexpr op such as"
                        + " constexpr_blockwise_shift_scale to unpack it",
                "tensor<bf16, [1]> w = const()[val = tensor<bf16, [1]>([0x3f80])]; | '0x3f80' is no"
                        + " fp32; need a value, since bit patterns are for fp16 and fp32",
                "tensor<uint1, [3]> m, tensor<fp16, [2]> w ="
                        + " constexpr_sparse_blockwise_shift_scale(data_mask = tensor<uint1,"
                        + " [3]>([1, 1, 1]), nonzero_data = tensor<int8, [3]>([1, 2, 3]), scale ="
                        + " tensor<fp16, [1]>([1])); | 'w' is declared tensor<fp16, [2]>; need"
                        + " tensor<fp16, [3]>, which 'constexpr_sparse_blockwise_shift_scale'"
                        + " makes here",
                "tensor<fp16, [3]> w = constexpr_sparse_blockwise_shift_scale(data_mask ="
                        + " tensor<uint1, [3]>([1, 1, 1]), nonzero_data = tensor<int8, [3]>([1, 2,"
                        + " 3]), scale = tensor<fp16, [1]>([1])); | 1 results of"
                        + " 'constexpr_sparse_blockwise_shift_scale'; need 2",
                "tensor<fp16, [3]> w = constexpr_lut_to_spars(x = x); | unknown op"
                        + " 'constexpr_lut_to_spars'; did you mean 'constexpr_lut_to_sparse'?"
            })
    void saysWhatDoesNotFit(String statement, String expected) {
        assertEquals(expected, problem(statement, "tensor<fp16, [3]>"));
    }
}
