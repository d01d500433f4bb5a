package jane.engine.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Puts bundled libraries into the cache folder, where the system can load them. The folder is named
 * by the content, and a file gets its name when it is whole and checked, so any number of processes
 * may unpack at once. A file that has changed since it was checked is checked again, and replaced
 * if it is damaged.
 */
final class Unpacker {
    private final Path cache;

    Unpacker(Path cache) {
        this.cache = cache;
    }

    /** The files on disk, in the order of {@code entries}, all in one folder. */
    List<Path> unpack(Bundle bundle, List<Bundle.Entry> entries) {
        var all = sha256();
        entries.forEach(e -> all.update(e.sha256().getBytes(StandardCharsets.US_ASCII)));
        var name = HexFormat.of().formatHex(all.digest(), 0, 8);
        var folder = cache.resolve("native").resolve(name);
        return entries.stream().map(e -> unpack(bundle, e, folder)).toList();
    }

    private static Path unpack(Bundle bundle, Bundle.Entry entry, Path folder) {
        var file = folder.resolve(entry.name());
        try {
            if (!isWhole(file, entry)) {
                Files.createDirectories(folder);
                var partial = Files.createTempFile(folder, entry.name(), ".part");
                try {
                    fill(bundle, entry, partial);
                    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(partial);
                }
                remember(file);
            }
            return file;
        } catch (IOException e) {
            throw new NativeException(
                    e,
                    "cannot unpack %s into %s: %s; make room there, or set JANE_CACHE to a folder"
                            + " that can be written",
                    entry.name(),
                    folder,
                    explain(e));
        }
    }

    /** Whether the file is there and is what it was when it was checked, or passes a check now. */
    private static boolean isWhole(Path file, Bundle.Entry entry) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        var note = note(file);
        // Hashing OpenBLAS takes a JVM that has just started a quarter of a second.
        if (Files.isRegularFile(note) && Files.readString(note).equals(state(file))) {
            return true;
        }
        boolean whole = hash(file).equals(entry.sha256());
        if (whole && Files.isWritable(file.getParent())) {
            remember(file);
        }
        return whole;
    }

    private static void remember(Path file) throws IOException {
        var partial = Files.createTempFile(file.getParent(), "checked", ".part");
        try {
            Files.writeString(partial, state(file));
            Files.move(partial, note(file), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static Path note(Path file) {
        return file.resolveSibling(file.getFileName() + ".checked");
    }

    private static String state(Path file) throws IOException {
        return Files.size(file) + " bytes of " + Files.getLastModifiedTime(file);
    }

    private static void fill(Bundle bundle, Bundle.Entry entry, Path file) throws IOException {
        try (var in = new DigestInputStream(bundle.open(entry), sha256())) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            var found = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (!found.equals(entry.sha256())) {
                throw new NativeException(
                        "the resource %s is damaged: SHA-256 %s, need %s; %s",
                        entry.resource(), found, entry.sha256(), bundle.remedy());
            }
        }
    }

    private static String explain(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static String hash(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var digest = sha256();
            var chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
