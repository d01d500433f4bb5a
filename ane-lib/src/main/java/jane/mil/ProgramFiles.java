package jane.mil;

import jane.ir.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Programs in folders: the text as {@code model.mil}, each weight file at its path below. Aliases
 * are not in files: they save memory and change no result.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file that cannot be read or written; {@link
 * MilParseException} where the text refers to a weight file that is not there or is outside the
 * folder. Buffers are as large as the files really are.
 */
public final class ProgramFiles {
    /** The text's file name. */
    public static final String TEXT = "model.mil";

    private ProgramFiles() {}

    /** Writes {@code program} into {@code folder}, made if need be. Each file appears whole. */
    public static void write(Program program, Path folder) {
        program.files().forEach((name, bytes) -> writeFile(inside(folder, name), bytes));
        writeText(program, folder.resolve(TEXT));
    }

    /** Writes the text of {@code program} alone, where its weight files already are. */
    public static void writeText(Program program, Path mil) {
        writeFile(mil, ByteBuffer.wrap(program.text().getBytes(StandardCharsets.UTF_8)));
    }

    /** Reads what {@link #write} wrote. */
    public static Program read(Path folder) {
        return read(folder.resolve(TEXT), folder);
    }

    /**
     * Reads MIL text and the weight files it refers to.
     *
     * @param mil the text's file
     * @param modelPath the folder that {@code @model_path} stands for
     */
    public static Program read(Path mil, Path modelPath) {
        var source = new Source(text(mil));
        Map<String, ByteBuffer> files = new LinkedHashMap<>();
        for (var blob : Blobs.of(SyntaxParser.parse(source))) {
            String name = ConstantReader.path(source, blob);
            if (files.containsKey(name)) {
                continue;
            }
            var file = modelPath.resolve(name).normalize();
            if (!file.startsWith(modelPath.normalize()) || !Files.isRegularFile(file)) {
                throw source.error(
                        blob.path().offset(),
                        "no weight file '%s' in folder %s; need it there, or another folder",
                        name,
                        modelPath);
            }
            files.put(name, bytes(file, Integer.MAX_VALUE));
        }
        return new Program(source.text(), files, Map.of());
    }

    private static String text(Path file) {
        try {
            CharBuffer chars =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes(file, Limits.TEXT_CHARS));
            return chars.toString();
        } catch (CharacterCodingException e) {
            throw new DataException(e, file.toString(), "not UTF-8; need MIL text");
        }
    }

    private static ByteBuffer bytes(Path file, int most) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "no such file");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > most) {
                throw new DataException(
                        file.toString(), "%d bytes; need at most %d", channel.size(), most);
            }
            var bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new DataException(
                            file.toString(),
                            "ends after %d of %d bytes; it changed while being read",
                            bytes.position(),
                            bytes.capacity());
                }
            }
            return bytes.flip();
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    private static Path inside(Path folder, String name) {
        var file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new DataException(
                    name, "the weight file lies outside %s; need a path below it", folder);
        }
        return file;
    }

    /** Under a temporary name, synced, then renamed: a reader never sees half a file. */
    private static void writeFile(Path file, ByteBuffer bytes) {
        try {
            var folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var temporary = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
            try {
                try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    var rest = bytes.duplicate();
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                    channel.force(true);
                }
                Files.move(
                        temporary,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot write: %s", e);
        }
    }
}
