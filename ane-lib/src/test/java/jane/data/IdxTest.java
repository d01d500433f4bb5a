package jane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jane.ir.DataException;
import jane.ir.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final byte[] IMAGES = idx(0x803, new int[] {2, 2, 3}, 12);
    private static final byte[] LABELS = idx(0x801, new int[] {2}, 2);

    @TempDir private Path folder;
    private Path images;
    private Path labels;

    @BeforeEach
    void writeTwoImages() throws IOException {
        images = Files.write(folder.resolve("t10k-images-idx3-ubyte"), IMAGES);
        labels = Files.write(folder.resolve("t10k-labels-idx1-ubyte"), LABELS);
    }

    @Test
    void readsPlainFiles() {
        assertTwoImages(Idx.read(images, labels));
    }

    @Test
    void readsGzipByItsFirstBytesWhateverItsName() throws IOException {
        Files.write(images, gzip(IMAGES));
        var named = Files.move(labels, folder.resolve("labels.gz")); // plain, though named gz
        assertTwoImages(Idx.read(images, named));
    }

    @Test
    void findsMnistInTheFolderOrItsSubfolder() throws IOException {
        assertTwoImages(Idx.mnist(folder));
        assertEquals("mnist", Idx.mnist(folder).name());
        var parent = Files.createDirectory(folder.resolve("data"));
        var mnist = Files.createDirectory(parent.resolve("mnist"));
        Files.write(mnist.resolve("t10k-images-idx3-ubyte.gz"), gzip(IMAGES));
        Files.write(mnist.resolve("t10k-labels.idx1-ubyte"), LABELS);
        assertTwoImages(Idx.mnist(parent));
    }

    @Test
    void givesTrainingAndTestSetInThisOrder() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(0x803, new int[] {3, 2, 3}, 18));
        Files.write(
                folder.resolve("train-labels-idx1-ubyte.gz"), gzip(idx(0x801, new int[] {3}, 3)));
        var parts = Idx.readFolder(folder);
        assertEquals(
                "[train: 3 samples of [1, 2, 3], 10 classes, t10k: 2 samples of [1, 2, 3], 10"
                        + " classes]",
                parts.toString());
        var all = Idx.mnist(folder);
        assertEquals(5, all.size());
        assertEquals(2, all.label(2));
        assertEquals(0, all.label(3));
    }

    @Test
    void readsTheRealTestSet() {
        var data = realData();
        assumeTrue(
                data.isPresent(),
                "no MNIST: set JANE_DATA to a folder with t10k-images-idx3-ubyte and labels");
        var parts = Idx.readFolder(data.orElseThrow());
        var test = parts.get(parts.size() - 1);
        assertEquals(10_000, test.size());
        assertEquals(Shape.of(1, 28, 28), test.sampleShape());
        assertArrayEquals(
                new int[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9},
                IntStream.range(0, 10).map(test::label).toArray());
        assertEquals(
                "a9b57b7f3e5c01948f22944f09dcfed4b7d1f937db0d3fb22e0059abecee2644", test.sha256());
    }

    @Test
    void namesAMissingFile() throws IOException {
        Files.delete(labels);
        assertRefused(labels, "no such file; need an idx file, plain or gz");
        var error = assertThrows(DataException.class, () -> Idx.mnist(folder));
        assertEquals(
                "["
                        + images
                        + "] no labels beside these images; need t10k-labels-idx1-ubyte,"
                        + " plain or .gz",
                error.getMessage());
        Files.delete(images);
        error = assertThrows(DataException.class, () -> Idx.mnist(folder));
        assertEquals(
                "["
                        + folder
                        + "] no MNIST here; need train-images-idx3-ubyte or"
                        + " t10k-images-idx3-ubyte and its labels (plain or .gz), in this folder or"
                        + " in its subfolder mnist",
                error.getMessage());
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        Files.write(images, Arrays.copyOf(IMAGES, IMAGES.length - 1));
        var message =
                "11 bytes after the header, which promises 2 * 2 * 3 = 12; the file is cut short,"
                        + " get it again";
        assertRefused(images, message);
        Files.write(images, gzip(Arrays.copyOf(IMAGES, IMAGES.length - 1)));
        assertRefused(images, message);
        Files.write(images, Arrays.copyOf(IMAGES, 15));
        assertRefused(
                images, "15 bytes is shorter than an idx header; need 16 bytes for idx images");
        Files.write(images, new byte[0]);
        assertRefused(
                images, "0 bytes is shorter than an idx header; need 16 bytes for idx images");
    }

    @Test
    void refusesADamagedGzipStream() throws IOException {
        byte[] zipped = gzip(IMAGES);
        Files.write(images, Arrays.copyOf(zipped, zipped.length - 9));
        assertRefused(
                images,
                "the gzip stream is damaged or cut short: Unexpected end of ZLIB input stream; get"
                        + " the file again");
        zipped[zipped.length - 8] ^= 1; // the checksum
        Files.write(images, zipped);
        assertRefused(
                images,
                "the gzip stream is damaged or cut short: Corrupt GZIP trailer; get the file"
                        + " again");
    }

    @Test
    void refusesTrailingBytes() throws IOException {
        Files.write(images, Arrays.copyOf(IMAGES, IMAGES.length + 1));
        assertRefused(
                images,
                "more than 12 bytes after the header, which promises 2 * 2 * 3 = 12; the file is"
                        + " not what it says, get it again");
    }

    @Test
    void readsNoMoreOfAGzipBombThanTheHeaderPromises() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            out.write(IMAGES);
            for (int i = 0; i < 1 << 10; i++) { // 64 MiB of zeros in 64 KiB
                out.write(new byte[1 << 16]);
            }
        }
        Files.write(images, Arrays.copyOf(bomb.toByteArray(), bomb.size() / 2)); // never reached
        assertRefused(
                images,
                "more than 12 bytes after the header, which promises 2 * 2 * 3 = 12; the file is"
                        + " not what it says, get it again");
    }

    @Test
    void allocatesNothingOnTheWordOfALyingHeader() throws IOException {
        Files.write(images, idx(0x803, new int[] {2_000_000_000, 1, 1}, 5));
        assertRefused(
                images,
                "5 bytes after the header, which promises 2000000000 * 1 * 1 = 2000000000; the"
                        + " file is cut short, get it again");
        Files.write(images, idx(0x803, new int[] {-1, 65536, 65536}, 5));
        assertRefused(
                images,
                "the header promises 4294967295 * 65536 * 65536 bytes; need each dimension 1 or"
                        + " more and less than 2^31 bytes in all");
        Files.write(images, idx(0x803, new int[] {0, 28, 28}, 0));
        assertRefused(
                images,
                "the header promises 0 * 28 * 28 bytes; need each dimension 1 or more and less"
                        + " than 2^31 bytes in all");
    }

    @Test
    void refusesAnotherKindOfFile() throws IOException {
        Files.write(images, LABELS);
        assertRefused(images, "starts with 0x00000801 (idx labels); need 0x00000803 (idx images)");
        Files.writeString(images, "<!DOCTYPE html>");
        assertRefused(images, "starts with 0x3c21444f; need 0x00000803 (idx images)");
    }

    @Test
    void namesTheLabelThatIsNoDigit() throws IOException {
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 9, (byte) 200});
        assertRefused(labels, "label 200 of sample 1 is out of range; need 0 to 9 (10 classes)");
    }

    @Test
    void refusesAnotherNumberOfLabelsThanImages() throws IOException {
        Files.write(labels, idx(0x801, new int[] {3}, 3));
        assertRefused(
                labels, "3 labels for the 2 images of " + images + "; need one label per image");
    }

    private void assertRefused(Path named, String message) {
        var error = assertThrows(DataException.class, () -> Idx.read(images, labels));
        assertEquals("[" + named + "] " + message, error.getMessage());
    }

    private static void assertTwoImages(Dataset data) {
        assertEquals(2, data.size());
        assertEquals(10, data.classes());
        assertEquals(Shape.of(1, 2, 3), data.sampleShape());
        var out = new float[6];
        data.copySample(1, out, 0);
        assertArrayEquals(
                new float[] {6 / 255f, 7 / 255f, 8 / 255f, 9 / 255f, 10 / 255f, 11 / 255f}, out);
        assertEquals(1, data.label(1));
    }

    /** An idx file of bytes 0, 1, 2, ... */
    private static byte[] idx(int magic, int[] dims, int length) {
        var bytes = ByteBuffer.allocate(4 + 4 * dims.length + length).putInt(magic);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        for (int i = 0; i < length; i++) {
            bytes.put((byte) i);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        assertTrue(zipped.size() > 10);
        return zipped.toByteArray();
    }

    /** The folder JANE_DATA names, else ../shared/data beside the project. */
    private static Optional<Path> realData() {
        var named = Optional.ofNullable(System.getenv("JANE_DATA")).map(Path::of);
        if (named.isPresent()) {
            return named;
        }
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var beside = at.resolve("shared/data");
            if (Files.isDirectory(beside.resolve("mnist"))) {
                return Optional.of(beside);
            }
        }
        return Optional.empty();
    }
}
