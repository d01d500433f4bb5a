package jane.io;

import jane.ir.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that a reader sees the old contents or the new, never half: under a temporary
 * name in the same folder, synced to disk, then renamed.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file; the temporary file is removed.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What to write. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code channel}, which starts empty. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Replaces {@code file} by {@code content}; the folder must exist. */
    public static void write(Path file, Content content) {
        try {
            var folder = file.toAbsolutePath().getParent();
            var temporary = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
            try {
                writeSynced(temporary, content);
                Files.move(
                        temporary,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new DataException(
                    e,
                    file.toString(),
                    "cannot write: %s; need an existing folder with room and write permission",
                    e);
        }
    }

    /** Writes all the remaining bytes of {@code buffer}, leaving its position alone. */
    public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        var rest = buffer.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private static void writeSynced(Path temporary, Content content) throws IOException {
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }
}
