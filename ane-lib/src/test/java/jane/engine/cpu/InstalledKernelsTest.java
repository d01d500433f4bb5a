package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import jane.engine.natives.NativeException;
import jane.engine.natives.NativeSettings;
import jane.engine.natives.Natives;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels run, by settings and by what the machine has; and that it is said. */
final class InstalledKernelsTest {
    @TempDir Path cache;

    private NativeSettings settings(String kernels) {
        return new NativeSettings(kernels, cache, NativeSettings.current().host());
    }

    @Test
    void javaOnRequest() {
        var kernels = InstalledKernels.choose(settings("java"));
        assertEquals("Java kernels: JANE_KERNELS asks for them", kernels.description());
        try (var engine = new CpuEngine(2, kernels)) {
            assertEquals(
                    "Java kernels: JANE_KERNELS asks for them, 2 threads", engine.description());
        }
    }

    @Test
    void javaWithTheReasonWhenThereIsNoLibrary() {
        var kernels = InstalledKernels.choose(settings("natve"));
        assertEquals(
                "Java kernels: JANE_KERNELS is 'natve', and there is no such file; need native,"
                        + " java, scalar or the path of a library",
                kernels.description());
    }

    @Test
    void scalarOnRequestGivesTheSameKernelsWithoutVectors() {
        Assumptions.assumeTrue(
                InstalledKernels.get() instanceof NativeKernels,
                InstalledKernels.get().description());
        int before = KernelLibrary.jane_kernels_level();
        var current = NativeSettings.current();
        try {
            var scalar = new NativeSettings("scalar", current.cache(), current.host());
            var description = InstalledKernels.choose(scalar).description();
            assertTrue(description.startsWith("native kernels (scalar), "), description);
            assertEquals(KernelLibrary.SCALAR, KernelLibrary.jane_kernels_level());
        } finally {
            KernelLibrary.check(KernelLibrary.jane_kernels_force(before));
        }
    }

    @Test
    void anotherAbiIsRefused() {
        Assumptions.assumeTrue(
                InstalledKernels.get() instanceof NativeKernels,
                InstalledKernels.get().description());
        var library = new Natives(NativeSettings.current()).kernels();
        var refused =
                assertThrows(
                        NativeException.class,
                        () -> NativeKernels.requireAbi(library, KernelLibrary.ABI + 1));
        assertEquals(
                "[native] %s has ABI %d; need %d: build it from native/ of this version of Jane"
                        .formatted(library.getFile(), KernelLibrary.ABI, KernelLibrary.ABI + 1),
                refused.getMessage());
    }

    @Test
    void aForeignLibraryIsRefused() {
        var library = NativeLibrary.getInstance("c");
        var refused =
                assertThrows(NativeException.class, () -> NativeKernels.requireAbi(library, 1));
        assertEquals(
                "[native] %s is no library of Jane's kernels: it lacks jane_kernels_abi; build one"
                                .formatted(library.getFile())
                        + " from native/",
                refused.getMessage());
    }
}
