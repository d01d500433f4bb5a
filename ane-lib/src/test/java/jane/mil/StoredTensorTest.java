package jane.mil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class StoredTensorTest {
    @ParameterizedTest
    @EnumSource(BlobType.class)
    void everyTypeIsWrittenAndReadBack(BlobType type) {
        var random = new Random(5);
        for (int n : new int[] {0, 1, 7, 8, 9, 13, 257}) {
            var packed = new byte[(int) type.sizeBytes(n)];
            random.nextBytes(packed);
            if (packed.length > 0 && n * type.bits() % 8 != 0) {
                packed[packed.length - 1] &= (byte) ((1 << n * type.bits() % 8) - 1);
            }
            var data = StoredTensor.ofBytes(type, Shape.of(n), ByteBuffer.wrap(packed));
            var writer = new BlobWriter();
            writer.add(ConstData.scalar(DType.FP32, 1));
            long offset = writer.add(data);
            assertEquals(0, offset % 64);
            var file = writer.bytes().order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(data, new BlobReader("w", file).read(offset, type, Shape.of(n)));
            boolean small = type.bits() < 8;
            long padding = small ? 8L * packed.length - (long) n * type.bits() : 0;
            assertEquals(padding, file.getLong((int) offset + 24));
        }
    }

    @ParameterizedTest
    @EnumSource(BlobType.class)
    void valuesSurvivePacking(BlobType type) {
        boolean signed = type.mil().startsWith("int");
        double most = Math.scalb(1.0, type.bits() - (signed ? 1 : 0)) - 1;
        double[] values =
                type.carrier().isInt()
                        ? new double[] {0, 1, most, signed ? -most - 1 : 1, most, 0, 1}
                        : new double[] {0, 1, -0.5, 1.5, 224, -0.015625, 2};
        var data = StoredTensor.of(type, Shape.of(7), values);
        var read = new double[7];
        Arrays.setAll(read, data::get);
        assertArrayEquals(values, read);
        if (type != BlobType.UINT32) {
            assertArrayEquals(values, data.widened().dense().data());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT4, 0x21, 1, 2",
        "INT4, 0x8f, -1, -8",
        "UINT4, 0x8f, 15, 8",
        "UINT2, 0x1b, 3, 2",
        "UINT1, 0x02, 0, 1",
        "UINT3, 0x3d, 5, 7"
    })
    void elementZeroIsInTheLowestBits(BlobType type, String packed, double first, double second) {
        var bytes = ByteBuffer.wrap(new byte[] {(byte) (int) Integer.decode(packed)});
        var data = StoredTensor.ofBytes(type, Shape.of(2), bytes);
        assertEquals(first, data.get(0));
        assertEquals(second, data.get(1));
    }

    @ParameterizedTest
    @CsvSource({
        "FP8E4M3FN, 0x38, 1",
        "FP8E4M3FN, 0x7e, 448",
        "FP8E4M3FN, 0x01, 0.001953125",
        "FP8E4M3FN, 0x08, 0.015625",
        "FP8E4M3FN, 0xc0, -2",
        "FP8E4M3FN, 0x7f, NaN",
        "FP8E5M2, 0x3c, 1",
        "FP8E5M2, 0x7b, 57344",
        "FP8E5M2, 0x01, 0.0000152587890625",
        "FP8E5M2, 0xfc, -Infinity"
    })
    void eightBitFloatsAsTheirSpecificationSays(BlobType type, String bits, double value) {
        var bytes = ByteBuffer.wrap(new byte[] {(byte) (int) Integer.decode(bits)});
        assertEquals(value, StoredTensor.ofBytes(type, Shape.of(1), bytes).get(0));
    }

    @Test
    void brainFloatsAreTheUpperHalfOfFloats() {
        // 1 + 2^-8 is a tie and goes to 1; 1 + 3 * 2^-8 goes up to 1 + 2^-6.
        var data = StoredTensor.of(BlobType.BF16, Shape.of(3), 3.140625, 1.00390625, 1.01171875);
        assertEquals(0x4049, data.bytes().getShort(0));
        assertEquals(1.0, data.get(1));
        assertEquals(1.015625, data.get(2));
    }

    @Test
    void whatATypeCannotHoldIsRefused() {
        var error =
                assertThrows(
                        JaneException.class,
                        () -> StoredTensor.of(BlobType.UINT3, Shape.of(2), 7, 8));
        assertEquals("[blob] 8.0 for element 1; need what uint3 can hold", error.getMessage());
        var large = StoredTensor.of(BlobType.UINT32, Shape.of(1), 4294967295.0);
        assertThrows(JaneException.class, large::widened);
    }

    @Test
    void blobsThatShareBytesAreRefused() {
        // The usual mistake of hand-written files: every payload said to be at 128.
        var type = new TensorType(DType.FP16, Shape.of(8));
        var writer = new BlobWriter();
        writer.add(ConstData.of(type, 1, 2, 3, 4, 5, 6, 7, 8));
        long second = writer.add(ConstData.of(type, 8, 7, 6, 5, 4, 3, 2, 1));
        var file = writer.bytes().order(ByteOrder.LITTLE_ENDIAN);
        file.putLong((int) second + 16, 128);
        var reader = new BlobReader("w.bin", file);
        reader.read(64, type);
        reader.read(64, type);
        var error = assertThrows(DataException.class, () -> reader.read(second, type));
        assertEquals(
                "[w.bin] bytes 128 to 144 of the blob at offset 192 are also the blob's at offset"
                        + " 64; need blobs that do not overlap",
                error.getMessage());
    }

    @Test
    void aPayloadInItsOwnMetadataIsRefused() {
        var type = new TensorType(DType.FP16, Shape.of(8));
        var writer = new BlobWriter();
        writer.add(ConstData.of(type, 1, 2, 3, 4, 5, 6, 7, 8));
        var file = writer.bytes().order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(64 + 16, 112);
        assertThrows(DataException.class, () -> new BlobReader("w.bin", file).read(64, type));
    }

    @Test
    void unalignedPayloadsAreReadByTheirOffsets() {
        // Other writers leave no gap between blobs.
        var type = new TensorType(DType.FP16, Shape.of(3));
        var file = ByteBuffer.allocate(64 + 70 + 70).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 2).putInt(4, 2);
        for (int i = 0; i < 2; i++) {
            int at = 64 + 70 * i;
            file.putInt(at, 0xDEADBEEF).putInt(at + 4, 1);
            file.putLong(at + 8, 6).putLong(at + 16, at + 64);
            file.putShort(at + 64, (short) (0x3c00 + 0x400 * i));
        }
        var reader = new BlobReader("w.bin", file);
        assertEquals(ConstData.of(type, 1, 0, 0), reader.read(64, type));
        assertEquals(ConstData.of(type, 2, 0, 0), reader.read(134, type));
    }
}
