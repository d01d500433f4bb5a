package jane.data;

import jane.ir.DataException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One idx file of unsigned bytes, plain or gzip by its first bytes. Read twice: first to measure,
 * stopping one byte past what the header promises, then into an array of just that size.
 */
final class IdxFile {
    static final int IMAGES = 0x803; // bytes, 3 dimensions: N, H, W
    static final int LABELS = 0x801; // bytes, 1 dimension: N

    private final int[] dims;
    private final byte[] data;

    private IdxFile(int[] dims, byte[] data) {
        this.dims = dims;
        this.data = data;
    }

    /** Reads {@code file}, which must start with {@code magic}. */
    static IdxFile read(Path file, int magic) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "no such file; need an idx file, plain or gz");
        }
        try {
            int[] dims;
            try (var in = open(file)) {
                dims = readHeader(file, in, magic);
                checkLength(file, dims, measure(in, length(file, dims)));
            }
            try (var in = open(file)) {
                readHeader(file, in, magic);
                var data = new byte[(int) length(file, dims)];
                in.readFully(data);
                return new IdxFile(dims, data);
            }
        } catch (ZipException | EOFException e) {
            throw new DataException(
                    e,
                    file.toString(),
                    "the gzip stream is damaged or cut short: %s; get the file again",
                    e.getMessage());
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    /** Dimension {@code axis} of the header. */
    int dim(int axis) {
        return dims[axis];
    }

    /** The bytes after the header; the array itself. */
    byte[] data() {
        return data;
    }

    private static DataInputStream open(Path file) throws IOException {
        var raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            InputStream in = gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
            return new DataInputStream(in);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static int[] readHeader(Path file, DataInputStream in, int magic) throws IOException {
        int rank = magic & 0xff;
        byte[] bytes = in.readNBytes(4 + 4 * rank);
        int found = bytes.length < 4 ? 0 : word(bytes, 0);
        if (bytes.length >= 4 && found != magic) {
            throw new DataException(
                    file.toString(),
                    "starts with 0x%08x%s; need 0x%08x (%s)",
                    found,
                    found == IMAGES || found == LABELS ? " (" + kind(found) + ")" : "",
                    magic,
                    kind(magic));
        }
        if (bytes.length < 4 + 4 * rank) {
            throw new DataException(
                    file.toString(),
                    "%d bytes is shorter than an idx header; need %d bytes for %s",
                    bytes.length,
                    4 + 4 * rank,
                    kind(magic));
        }
        var dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = word(bytes, 4 + 4 * i);
        }
        return dims;
    }

    /** Bytes promised by the header, refused when no array could hold them. */
    private static long length(Path file, int[] dims) {
        long length = 1;
        for (int dim : dims) {
            if (dim < 1 || length * dim > Integer.MAX_VALUE - 8) { // the longest array on any JVM
                throw new DataException(
                        file.toString(),
                        "the header promises %s bytes; need each dimension 1 or more and less than"
                                + " 2^31 bytes in all",
                        product(dims));
            }
            length *= dim;
        }
        return length;
    }

    /** Bytes left in {@code in}, counted up to {@code promised + 1}. */
    private static long measure(InputStream in, long promised) throws IOException {
        var buffer = new byte[1 << 16];
        long found = 0;
        while (found <= promised) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, promised + 1 - found));
            if (read < 0) {
                break;
            }
            found += read;
        }
        return found;
    }

    private static void checkLength(Path file, int[] dims, long found) {
        long promised = length(file, dims);
        if (found != promised) {
            throw new DataException(
                    file.toString(),
                    "%s after the header, which promises %s = %d; %s, get it again",
                    found > promised ? "more than " + promised + " bytes" : found + " bytes",
                    product(dims),
                    promised,
                    found > promised ? "the file is not what it says" : "the file is cut short");
        }
    }

    private static String product(int[] dims) {
        return Arrays.stream(dims)
                .mapToObj(Integer::toUnsignedString)
                .collect(Collectors.joining(" * "));
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private static String kind(int magic) {
        return magic == IMAGES ? "idx images" : "idx labels";
    }
}
