package jane.engine.ane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of this process, deleted on close or when the process ends. Its name has the process's
 * id: folders of processes that were killed are deleted by the next one that makes its own.
 */
final class OwnFolder implements AutoCloseable {
    private static final String PREFIX = "jane-ane-";

    private final Path path;
    private final Thread atExit;

    private OwnFolder(Path path) {
        this.path = path;
        atExit = new Thread(() -> Folders.delete(path), "jane-ane-folder");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Where files of short life go. */
    static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes one.
     *
     * @param purpose what to say it is for, if it cannot be made
     * @throws AneException if {@code base} is no folder, or cannot be written
     */
    static OwnFolder in(Path base, String purpose) {
        try {
            sweep(base);
            long pid = ProcessHandle.current().pid();
            return kept(Files.createTempDirectory(base, PREFIX + pid + "-"), purpose);
        } catch (IOException e) {
            throw failed(purpose, base, e);
        }
    }

    /** Not while the process ends: nobody would delete it. */
    private static OwnFolder kept(Path path, String purpose) {
        try {
            return new OwnFolder(path);
        } catch (IllegalStateException e) {
            Folders.delete(path);
            throw new AneException(AneStatus.EIO, purpose + ": this process is ending");
        }
    }

    static AneException failed(String purpose, Path base, IOException e) {
        return new AneException(
                AneStatus.EIO, purpose + " in " + base.toAbsolutePath() + ": " + brief(e));
    }

    /** Java's exceptions for files name the file, and some nothing else. */
    private static String brief(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    private static void sweep(Path base) throws IOException {
        try (var old = Files.newDirectoryStream(base, PREFIX + "*")) {
            old.forEach(
                    path -> {
                        var words = path.getFileName().toString().split("-");
                        boolean named = words.length == 4 && words[2].matches("\\d{1,18}");
                        if (named && ProcessHandle.of(Long.parseLong(words[2])).isEmpty()) {
                            Folders.delete(path);
                        }
                    });
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        Folders.delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            System.getLogger("jane.engine").log(System.Logger.Level.DEBUG, "closed at exit", e);
        }
    }
}
