package jane.ir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConstDataTest {
    private static TensorType type(DType dtype, int... dims) {
        return new TensorType(dtype, Shape.of(dims));
    }

    @Test
    void holdsWhatEachTypeCanHold() {
        for (var dtype : DType.values()) {
            var data = ConstData.of(type(dtype, 5), -1.5, 0, 0.1, 300, 70000);
            for (int i = 0; i < 5; i++) {
                double given = new double[] {-1.5, 0, 0.1, 300, 70000}[i];
                assertEquals(dtype.round(given), data.get(i), dtype + " of " + given);
                assertEquals(data.get(i), data.dense().get(i));
            }
            assertEquals(5 * dtype.sizeBytes(), data.bytes().remaining());
        }
    }

    @Test
    void bytesAreLittleEndianAndComeBack() {
        var data = ConstData.of(type(DType.FP32, 2), 1, -2);
        var bytes = new byte[8];
        data.bytes().get(bytes);
        assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0}, bytes);
        assertEquals(data, ConstData.ofBytes(data.type(), ByteBuffer.wrap(bytes)));
    }

    @Test
    void equalWhenTypeAndBytesAre() {
        var a = ConstData.of(type(DType.FP32, 2, 1), 1, 2);
        assertEquals(a, ConstData.of(type(DType.FP32, 2, 1), 1, 2));
        assertEquals(a.hashCode(), ConstData.of(type(DType.FP32, 2, 1), 1, 2).hashCode());
        assertNotEquals(a, ConstData.of(type(DType.FP32, 1, 2), 1, 2));
        assertNotEquals(a, ConstData.of(type(DType.FP32, 2, 1), 1, 3));
        assertNotEquals(a, ConstData.of(type(DType.FP16, 2, 1), 1, 2));
        assertNotEquals(ConstData.scalar(DType.FP32, 0.0), ConstData.scalar(DType.FP32, -0.0));
        assertEquals(
                ConstData.scalar(DType.FP32, Double.NaN), ConstData.scalar(DType.FP32, Double.NaN));
    }

    @Test
    void doesNotSeeLaterChangesOfItsSource() {
        var source = ByteBuffer.wrap(new byte[] {1, 2});
        var data = ConstData.ofBytes(type(DType.INT8, 2), source);
        source.put(0, (byte) 9);
        assertEquals(1, data.get(0));
        assertTrue(data.bytes().isReadOnly());
    }

    @Test
    void refusesTheWrongNumberOfValuesOrBytes() {
        assertEquals(
                "[dense] 3 values for tensor<fp32, [2]>; need 2",
                assertThrows(ShapeException.class, () -> ConstData.of(type(DType.FP32, 2), 1, 2, 3))
                        .getMessage());
        assertEquals(
                "[const] 7 bytes for tensor<fp32, [2]>; need 8",
                assertThrows(
                                ShapeException.class,
                                () ->
                                        ConstData.ofBytes(
                                                type(DType.FP32, 2), ByteBuffer.allocate(7)))
                        .getMessage());
    }
}
