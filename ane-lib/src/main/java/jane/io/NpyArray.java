package jane.io;

import jane.ir.DataException;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A tensor from or for NumPy: reads {@code .npy} versions 1 to 3 in either byte order and either
 * memory order, and writes version 1, little-endian, row-major.
 *
 * <p>Element types: fp16, fp32, int8, uint8, int16, uint16, int32, bool. On reading, {@code f8}
 * becomes fp32, rounded to nearest, and {@code i8} becomes int32, refused when a value does not
 * fit.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file, when it is missing, is not an npy file,
 * has another element type, or is longer or shorter than its header says. Nothing is allocated
 * before the header has been checked against the length of the file.
 *
 * <p><b>Source.</b> NumPy manual, {@code numpy.lib.format}.
 */
public final class NpyArray {
    private final TensorType type;
    private final ByteBuffer data;

    private NpyArray(TensorType type, ByteBuffer data) {
        this.type = type;
        this.data = data;
    }

    /** Reads {@code file}. */
    public static NpyArray read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "no such file; need an npy file");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var header = NpyHeader.read(file, channel);
            var raw = ByteBuffer.allocate((int) header.dataBytes());
            NpyHeader.readFully(file, channel, raw);
            raw.flip().order(header.order());
            return new NpyArray(header.type(), NpyData.convert(file, header, raw));
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    /**
     * Writes {@code data}, the dense row-major little-endian bytes of a {@code type}, through
     * {@link AtomicFile}. The buffer's position is left alone.
     */
    public static void write(Path file, TensorType type, ByteBuffer data) {
        if (data.remaining() != type.sizeBytes()) {
            throw new ShapeException(
                    file.toString(),
                    "%d bytes of data for %s; need %d",
                    data.remaining(),
                    type,
                    type.sizeBytes());
        }
        AtomicFile.write(
                file,
                channel -> {
                    AtomicFile.writeFully(channel, NpyHeader.encode(type));
                    AtomicFile.writeFully(channel, data);
                });
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** Shorthand for {@code type().shape()}. */
    public Shape shape() {
        return type.shape();
    }

    /** The elements, dense and row-major: read-only, little-endian, from position 0. */
    public ByteBuffer data() {
        return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return "npy " + type;
    }
}
