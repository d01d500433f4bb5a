package jane.mil;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class BlobTest {
    private static final TensorType HALVES = new TensorType(DType.FP16, Shape.of(100));
    private static final TensorType EIGHT = new TensorType(DType.FP16, Shape.of(2, 4));

    private static ConstData counting(TensorType type) {
        var values = new double[type.shape().size()];
        Arrays.setAll(values, i -> i + 1);
        return ConstData.of(type, values);
    }

    private static ByteBuffer twoBlobs() {
        var writer = new BlobWriter();
        writer.add(counting(HALVES));
        writer.add(counting(EIGHT));
        return writer.bytes().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void layoutIsThatOfStorageVersionTwo() {
        var writer = new BlobWriter();
        assertEquals(64, writer.add(counting(HALVES)));
        assertEquals(384, writer.add(counting(EIGHT)));
        var file = writer.bytes().order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(512, file.remaining());
        assertEquals(2, file.getInt(0));
        assertEquals(2, file.getInt(4));
        assertEquals((byte) 0xEF, file.get(64));
        assertEquals(1, file.getInt(68));
        assertEquals(200, file.getLong(72));
        assertEquals(128, file.getLong(80));
        assertEquals(0x3c00, file.getShort(128));
        assertEquals(0xDEADBEEF, file.getInt(384));
        assertEquals(16, file.getLong(392));
        assertEquals(448, file.getLong(400));
    }

    @Test
    void equalConstantsAreStoredOnce() {
        var writer = new BlobWriter();
        assertEquals(writer.add(counting(EIGHT)), writer.add(counting(EIGHT)));
        assertEquals(1, writer.bytes().order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = "BOOL", mode = EnumSource.Mode.EXCLUDE)
    void everyTypeReadsBack(DType dtype) {
        for (int n : new int[] {0, 1, 13, 32, 33, 257}) {
            var data = counting(new TensorType(dtype, Shape.of(n)));
            var writer = new BlobWriter();
            writer.add(counting(EIGHT));
            long offset = writer.add(data);
            assertEquals(data, new BlobReader("w", writer.bytes()).read(offset, data.type()));
        }
    }

    @Test
    void boolHasNoBlob() {
        var error =
                assertThrows(
                        JaneException.class,
                        () -> new BlobWriter().add(ConstData.scalar(DType.BOOL, 1)));
        assertEquals(
                "[blob] bool cannot be stored; need fp16, fp32 or an int type: write bool inline",
                error.getMessage());
    }

    @Test
    void junkInReservedFieldsAndAWrongCountAreAccepted() {
        var file = twoBlobs();
        file.putInt(0, 1);
        for (int at : new int[] {8, 56, 384 + 24, 384 + 32, 384 + 56}) {
            file.putLong(at, -1);
        }
        assertEquals(counting(EIGHT), new BlobReader("w", file).read(384, EIGHT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 1 | storage version 1; need version 2, as tools for iOS 15 and later write",
                "64 | 7 | no blob at offset 64: found 0x00000007; need 0xDEADBEEF (the offset is"
                        + " that of the metadata, 64 before the first payload)",
                "68 | 2 | the blob at offset 64 has dtype 2 (fp32); need 1 (fp16) for tensor<fp16,"
                        + " [100]>",
                "68 | 5 | the blob at offset 64 has dtype 5 (bf16); need 1 (fp16) for tensor<fp16,"
                        + " [100]>",
                "68 | -1 | the blob at offset 64 has dtype 4294967295 (unknown); need 1 (fp16) for"
                        + " tensor<fp16, [100]>",
                "72 | 198 | the blob at offset 64 has 198 bytes; need 200 for tensor<fp16, [100]>",
                "76 | -1 | the blob at offset 64 has 18446744069414584520 bytes; need 200 for"
                        + " tensor<fp16, [100]>",
                "80 | 0 | the blob at offset 64 has its 200 bytes at 0; need them inside the file's"
                        + " 512 bytes",
                "80 | 313 | the blob at offset 64 has its 200 bytes at 313; need them inside the"
                        + " file's 512 bytes",
                "84 | -1 | the blob at offset 64 has its 200 bytes at 18446744069414584448; need"
                        + " them inside the file's 512 bytes"
            })
    void aLyingFileIsRefused(int at, int written, String expected) {
        var file = twoBlobs();
        file.putInt(at, written);
        var error =
                assertThrows(
                        DataException.class, () -> new BlobReader("w.bin", file).read(64, HALVES));
        assertEquals("[w.bin] " + expected, error.getMessage());
    }

    @Test
    void aFileShorterThanItsHeaderIsRefused() {
        var error =
                assertThrows(
                        DataException.class,
                        () -> new BlobReader("w.bin", ByteBuffer.allocate(63)));
        assertEquals(
                "[w.bin] 63 bytes long; need a header of 64 bytes at least", error.getMessage());
    }
}
