package jane.engine.ane;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

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
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (IOException e) {
            told(folder, e);
        }
    }

    private static FileVisitResult told(Path path, IOException e) {
        System.getLogger("jane.engine").log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
        return FileVisitResult.CONTINUE;
    }

    /** Goes on where another process deletes at the same time. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return deleted(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return told(file, e);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, IOException e) {
            return deleted(dir);
        }

        private static FileVisitResult deleted(Path path) {
            try {
                Files.deleteIfExists(path);
                return FileVisitResult.CONTINUE;
            } catch (IOException e) {
                return told(path, e);
            }
        }
    }
}
