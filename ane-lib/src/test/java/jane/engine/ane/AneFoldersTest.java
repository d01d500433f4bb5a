package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jane.engine.cpu.CpuEngine;
import jane.ir.JaneException;
import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that cannot be written, or are full: clear errors, and nothing left in them. */
class AneFoldersTest {
    @TempDir private Path folder;
    @TempDir private Path orders;

    private AneEngine open(Path shared, Path temporary) {
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(StandIn.folder().toString(), orders.toString()),
                        Duration.ofSeconds(60));
        return new AneEngine(
                "ane:isolated",
                Target.named("m5"),
                IsolatedBridge.open(settings, shared, temporary),
                127,
                () -> 0L,
                text -> {});
    }

    private static List<Path> in(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
        var file = Files.createFile(folder.resolve("tmp"));
        var e = assertThrows(AneException.class, () -> open(file, folder));
        assertEquals(AneStatus.EIO, e.status());
        assertTrue(
                e.getMessage().startsWith("[ane] shared memory in " + file + ": NotDirectory "),
                e::getMessage);
        e = assertThrows(AneException.class, () -> open(folder, file));
        assertTrue(
                e.getMessage()
                        .startsWith("[ane] a folder for programs in " + file + ": NotDirectory "),
                e::getMessage);
        assertTrue(e.getMessage().endsWith(AneStatus.EIO.remedy()), e::getMessage);
        assertEquals(List.of(file), in(folder));
    }

    @Test
    void aFolderOfSomebodyElseIsNamed() throws IOException {
        var foreign = Files.createDirectory(folder.resolve("foreign"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "ro", "none", foreign.toString()), "may mount");
        try {
            var e = assertThrows(AneException.class, () -> open(foreign, folder));
            assertEquals(AneStatus.EIO, e.status());
            assertTrue(
                    e.getMessage().startsWith("[ane] shared memory in " + foreign + ": "),
                    e::getMessage);
            assertThrows(AneException.class, () -> open(folder, foreign));
            assertEquals(List.of(foreign), in(folder));
        } finally {
            run("umount", "-l", foreign.toString());
        }
    }

    @Test
    void aDiskThatIsFullIsAnErrorAndRoomOnItHelps() throws IOException {
        var small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=3m", "none", small.toString()),
                "may mount");
        try (var ane = open(small, folder);
                var cpu = new CpuEngine(1)) {
            var filler = small.resolve("filler");
            fill(filler);
            var e = assertThrows(AneException.class, () -> ane.compile(Steps.sum(2)));
            assertEquals(AneStatus.EIO, e.status());
            assertTrue(e.getMessage().contains("No space left"), e::getMessage);
            assertTrue(e.getMessage().contains("compiling program "), e::getMessage);
            assertEquals(0, ane.resident());
            var other = new Steps.Run(cpu, Steps.sum(2));
            other.train(0, 2);
            Files.delete(filler);
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 2);
            assertEquals(other.contents(), run.contents());
        } finally {
            run("umount", "-l", small.toString());
        }
        assertEquals(List.of(small), in(folder));
    }

    @Test
    void aFullDiskForProgramsIsAnErrorAndLeavesNoPartOfOne() throws IOException {
        var small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()),
                "may mount");
        try (var ane = open(folder, small)) {
            var filler = small.resolve("filler");
            fill(filler);
            var e = assertThrows(JaneException.class, () -> ane.compile(Steps.sum(2)));
            assertTrue(e.getMessage().contains("No space left"), e::getMessage);
            assertTrue(e.getMessage().contains(small.toString()), e::getMessage);
            Files.delete(filler);
            new Steps.Run(ane, Steps.sum(2)).train(0, 2);
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    @Test
    void foldersOfProcessesThatAreGoneAreDeleted() throws Exception {
        var gone = new ProcessBuilder("true").start();
        gone.waitFor();
        var old = Files.createDirectory(folder.resolve("jane-ane-" + gone.pid() + "-1"));
        Files.createFile(old.resolve("control"));
        var foreign = Files.createDirectory(folder.resolve("jane-ane-other"));
        try (var own = OwnFolder.in(folder, "a test")) {
            assertFalse(Files.exists(old));
            assertTrue(Files.exists(foreign));
            assertTrue(Files.isDirectory(own.path()));
        }
        assertEquals(List.of(foreign), in(folder));
    }

    /** Until nothing more fits. */
    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            var bytes = new byte[4096];
            assertThrows(
                    IOException.class,
                    () -> {
                        while (true) {
                            out.write(bytes);
                        }
                    });
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
