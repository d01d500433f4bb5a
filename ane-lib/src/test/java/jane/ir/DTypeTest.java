package jane.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DTypeTest {
    private static void rounds(DType type, double... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            assertEquals(pairs[i + 1], type.round(pairs[i]), type + " of " + pairs[i]);
        }
    }

    @Test
    void floatsRoundToNearestEven() {
        rounds(DType.FP32, 0.1, 0.1f, 16777217, 16777216, 1e300, Double.POSITIVE_INFINITY);
        rounds(DType.FP16, 0.1, 0.0999755859375, 2049, 2048, 2051, 2052, -0.0, -0.0);
        rounds(DType.FP16, 65520, Double.POSITIVE_INFINITY, Double.NaN, Double.NaN);
    }

    @Test
    void integersTruncateAndClamp() {
        rounds(DType.INT8, 2.9, 2, -2.9, -2, 200, 127, -200, -128, Double.NaN, 0);
        rounds(DType.UINT8, -1, 0, 255.9, 255, 256, 255, -0.5, 0);
        rounds(DType.INT16, 40000, 32767, -40000, -32768);
        rounds(DType.UINT16, 40000.5, 40000, 1e9, 65535);
        rounds(
                DType.INT32,
                Double.POSITIVE_INFINITY,
                2147483647,
                Double.NEGATIVE_INFINITY,
                -2147483648,
                16777217,
                16777217);
    }

    @Test
    void boolIsWhetherItIsNotZero() {
        rounds(DType.BOOL, 0, 0, -0.0, 0, 0.1, 1, -3, 1, Double.NaN, 1);
    }

    @Test
    void roundingTwiceIsRoundingOnce() {
        for (var type : DType.values()) {
            for (double x : new double[] {0.1, -2.7, 1e9, 3e38, Double.NaN, 65519.99}) {
                assertEquals(type.round(x), type.round(type.round(x)), type + " of " + x);
            }
        }
    }

    @Test
    void milNamesLeadBack() {
        for (var type : DType.values()) {
            assertSame(type, DType.ofMil(type.mil()));
        }
        assertEquals(
                "[dtype] unknown element type 'float'; need one of fp16, fp32, int8, uint8, int16,"
                        + " uint16, int32, bool",
                assertThrows(JaneException.class, () -> DType.ofMil("float")).getMessage());
    }

    @Test
    void onlyTheFloatsAreDifferentiable() {
        var floats = Arrays.stream(DType.values()).filter(DType::isFloat).toList();
        assertEquals(List.of(DType.FP16, DType.FP32), floats);
    }
}
