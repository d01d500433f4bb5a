package jane.engine.ane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders that the engine made. */
final class Folders {
    private Folders() {}

    /** Makes a folder empty, and makes it if there is none. */
    static void empty(Path folder) {
        try {
            delete(folder);
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AneException(AneStatus.EIO, "making the folder " + folder + ": " + e);
        }
    }

    /** Deletes a folder with all that is in it; what cannot be deleted is left to the system. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("jane.engine")
                    .log(System.Logger.Level.DEBUG, "cannot delete " + folder, e);
        }
    }
}
