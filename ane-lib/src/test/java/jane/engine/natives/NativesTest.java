package jane.engine.natives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong between a resource and a loaded library; every message in full. */
final class NativesTest {
    private static final Host LINUX = new Host("Linux", "amd64");
    private static final String LIBRARY = "/jane/native/linux-x86-64/libjanekernels.so";

    @TempDir Path cache;

    private final Map<String, byte[]> resources = new HashMap<>();
    private final List<String> opened = new ArrayList<>();

    private InputStream resource(String name) {
        return resources.containsKey(name) ? new ByteArrayInputStream(resources.get(name)) : null;
    }

    private Natives natives(Path folder) {
        return natives(folder, LINUX);
    }

    private Natives natives(Path folder, Host host) {
        return new Natives(
                new NativeSettings("native", folder, host),
                this::resource,
                file -> {
                    opened.add(file);
                    throw new UnsatisfiedLinkError("not in this test");
                });
    }

    private byte[] bundle(int size) throws Exception {
        var content = new byte[size];
        java.util.Arrays.fill(content, (byte) 7);
        resources.put(LIBRARY, content);
        list(hash(content));
        return content;
    }

    private void list(String hash) {
        var line = hash + "  linux-x86-64/libjanekernels.so\n";
        resources.put("/jane/native/SHA256SUMS", line.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static String message(Natives natives) {
        return assertThrows(NativeException.class, () -> natives.library("janekernels"))
                .getMessage();
    }

    @Test
    void whatOpenBlasNeedsIsLoadedBeforeIt() throws Exception {
        var folder = "org/bytedeco/openblas/linux-x86_64/";
        var names = List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
        var list = new StringBuilder();
        for (var name : names) {
            resources.put("/" + folder + name, name.getBytes(StandardCharsets.UTF_8));
            var hash = hash(name.getBytes(StandardCharsets.UTF_8));
            list.append(hash).append("  ").append(folder).append(name).append('\n');
        }
        resources.put(
                "/jane/native/OPENBLAS_SHA256SUMS",
                list.toString().getBytes(StandardCharsets.UTF_8));
        var settings = new NativeSettings("native", cache, LINUX);
        new Natives(settings, this::resource, this::open).blas();
        assertEquals(names, opened.stream().map(f -> Path.of(f).getFileName().toString()).toList());
    }

    private NativeLibrary open(String file) {
        opened.add(file);
        return NativeLibrary.getProcess();
    }

    @Test
    void theReasonOfTheLinkerIsSaid() throws Exception {
        bundle(5000);
        var said = "Unable to load library '/x.so':\nlibz.so: cannot open\nmore";
        var natives =
                new Natives(
                        new NativeSettings("native", cache, LINUX),
                        this::resource,
                        file -> {
                            throw new UnsatisfiedLinkError(said);
                        });
        var message = message(natives);
        assertTrue(
                message.endsWith(": libz.so: cannot open; need a library for linux-x86-64"),
                message);
    }

    @Test
    void unpacksUnderAFolderNamedByTheContent() throws Exception {
        var content = bundle(5000);
        message(natives(cache));
        message(natives(cache));
        var file = Path.of(opened.get(0));
        assertEquals(List.of(file.toString(), file.toString()), opened);
        assertEquals(cache.resolve("native"), file.getParent().getParent());
        assertArrayEquals(content, Files.readAllBytes(file));
        try (var files = Files.list(file.getParent())) {
            var names = files.map(f -> f.getFileName().toString()).sorted().toList();
            assertEquals(List.of("libjanekernels.so", "libjanekernels.so.checked"), names);
        }
    }

    @Test
    void aDamagedFileInTheCacheIsReplaced() throws Exception {
        var content = bundle(5000);
        message(natives(cache));
        var file = Path.of(opened.get(0));
        Files.write(file, new byte[4999]);
        message(natives(cache));
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void aDamagedResourceIsNotUsed() throws Exception {
        var content = bundle(5000);
        list("0".repeat(64));
        assertEquals(
                "[native] the resource linux-x86-64/libjanekernels.so is damaged: SHA-256 "
                        + hash(content)
                        + ", need "
                        + "0".repeat(64)
                        + "; get Jane again",
                message(natives(cache)));
        assertEquals(List.of(), opened);
        try (var files = Files.walk(cache)) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void aMissingLibraryNamesTheWayToOne() throws Exception {
        bundle(10);
        assertEquals(
                "[native] no libjanekernels.so for linux-riscv64 in this copy of Jane; build it"
                        + " from native/ and name it in JANE_KERNELS",
                message(natives(cache, new Host("Linux", "riscv64"))));
        resources.remove(LIBRARY);
        assertEquals(
                "[native] the resource " + LIBRARY + " is missing; get Jane again",
                message(natives(cache)));
        resources.clear();
        assertEquals(
                "[native] this copy of Jane comes without native libraries: it has no resource"
                        + " /jane/native/SHA256SUMS; build it with ./install.sh",
                message(natives(cache)));
    }

    @Test
    void aLibraryForAnotherProcessorIsRefusedByTheSystem() throws Exception {
        bundle(10);
        message(natives(cache));
        var file = opened.get(0);
        assertEquals(
                "[native] the system cannot load "
                        + file
                        + ": not in this test; need a library for linux-x86-64",
                message(natives(cache)));
    }

    @Test
    void theSystemsOwnWordsAboutABrokenLibraryArePassedOn() throws Exception {
        var file = cache.resolve("libbroken.so");
        Files.writeString(file, "no library at all");
        var natives = new Natives(new NativeSettings(file.toString(), cache, LINUX));
        var message = assertThrows(NativeException.class, natives::kernels).getMessage();
        assertTrue(message.startsWith("[native] the system cannot load " + file + ": "), message);
        assertTrue(message.endsWith("; need a library for linux-x86-64"), message);
        assertTrue(message.lines().count() == 1, message);
    }

    @Test
    void anotherVersionOfJnaIsSaid() throws Exception {
        bundle(10);
        var settings = new NativeSettings("native", cache, LINUX);
        var natives =
                new Natives(
                        settings,
                        this::resource,
                        file -> {
                            throw new Error("\n\nThere is an incompatible JNA native library\n");
                        });
        assertEquals(
                "[native] JNA does not start: There is an incompatible JNA native library; need"
                        + " net.java.dev.jna:jna of version 5 once on the class path, and no other"
                        + " libjnidispatch in jna.boot.library.path",
                message(natives));
    }

    @Test
    void anErrorThatIsNotOfJnaPasses() throws Exception {
        bundle(10);
        var natives =
                new Natives(
                        new NativeSettings("native", cache, LINUX),
                        this::resource,
                        file -> {
                            throw new OutOfMemoryError("heap");
                        });
        assertThrows(OutOfMemoryError.class, () -> natives.library("janekernels"));
    }

    @Test
    void aCacheThatCannotBeWrittenNamesTheVariable() throws Exception {
        bundle(10);
        var inTheWay = Files.createFile(cache.resolve("occupied"));
        var folder = inTheWay.resolve("native").resolve(folderName());
        var message = message(natives(inTheWay));
        assertTrue(
                message.startsWith(
                        "[native] cannot unpack libjanekernels.so into " + folder + ": "),
                message);
        assertTrue(
                message.endsWith(
                        "; make room there, or set JANE_CACHE to a folder that can be written"),
                message);
    }

    /** The name that the content gives. */
    private String folderName() throws Exception {
        message(natives(cache));
        return Path.of(opened.get(0)).getParent().getFileName().toString();
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothingBehind() throws Exception {
        bundle(200_000);
        var disk = Files.createDirectory(cache.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "jane-test", disk.toString()) == 0,
                "only root on Linux can mount the small disk that this test fills");
        try {
            var message = message(natives(disk));
            assertTrue(
                    message.startsWith("[native] cannot unpack libjanekernels.so into " + disk),
                    message);
            assertTrue(message.contains("No space left on device; make room there"), message);
            try (var files = Files.walk(disk)) {
                assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
            }
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // no such command here
        }
    }

    @Test
    void manyUnpackAtOnce() throws Exception {
        var content = bundle(300_000);
        var bundle = Bundle.read("/jane/native/SHA256SUMS", "/jane/native/", "", this::resource);
        var threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Path>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                tasks.add(() -> unpackAndCheck(bundle, content));
            }
            for (Future<Path> done : threads.invokeAll(tasks)) {
                assertTrue(Files.isRegularFile(done.get()));
            }
        } finally {
            threads.shutdownNow();
        }
        try (var files = Files.walk(cache)) {
            assertEquals(2, files.filter(Files::isRegularFile).count(), "library and note");
        }
    }

    /** What a process finds when its unpacking is done must be whole, whatever others do. */
    private Path unpackAndCheck(Bundle bundle, byte[] content) throws IOException {
        var file = new Unpacker(cache).unpack(bundle, bundle.below("linux-x86-64/")).get(0);
        assertArrayEquals(content, Files.readAllBytes(file));
        return file;
    }

    @Test
    void twoProcessesUnpackAtOnce() throws Exception {
        var processes = new ArrayList<Process>();
        for (int i = 0; i < 2; i++) {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var path = System.getProperty("java.class.path");
            var main = UnpackMain.class.getName();
            processes.add(
                    new ProcessBuilder(java, "-cp", path, main, cache.toString())
                            .redirectErrorStream(true)
                            .start());
        }
        for (var process : processes) {
            var output = new String(process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor(), output);
        }
    }

    @Test
    void theEnvironmentChooses() {
        var folders = new Folders(Path.of("/home/a"), Path.of("/big"));
        assertEquals("native", NativeSettings.of(Map.of(), LINUX, folders).kernels());
        assertEquals(
                new NativeSettings("java", Path.of("/big"), LINUX),
                NativeSettings.of(Map.of("JANE_KERNELS", "java"), LINUX, folders));
    }

    @Test
    void aMachineHasAFolder() {
        assertEquals("linux-x86-64", LINUX.folder());
        assertEquals("linux-x86_64", LINUX.javaCpp());
        assertEquals("linux-aarch64", new Host("Linux", "aarch64").folder());
        assertEquals("linux-arm64", new Host("Linux", "aarch64").javaCpp());
        var mac = new Host("Mac OS X", "aarch64");
        assertEquals("darwin-aarch64", mac.folder());
        assertEquals("libx.dylib", mac.fileName("x"));
        assertEquals("libx.so", LINUX.fileName("x"));
    }
}
