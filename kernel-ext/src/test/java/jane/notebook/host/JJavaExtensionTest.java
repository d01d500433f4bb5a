package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.kernel.JavaKernel;
import org.junit.jupiter.api.Test;

/** How Jane comes into a JJava, and into one that is not as it should be. */
final class JJavaExtensionTest {
    private static Object line(JavaKernel kernel, String magic, String... words) throws Exception {
        return kernel.getMagicsRegistry().evalLineMagic(kernel, magic, List.of(words));
    }

    /** A later JJava in which the session's JShell is out of reach. */
    private static final class WithoutShell extends JavaKernel {
        WithoutShell() {
            super(false);
        }

        @Override
        public Object evalRaw(String source) {
            if (source.contains("getJShell")) {
                throw new IllegalStateException("cannot find symbol: getJShell");
            }
            return super.evalRaw(source);
        }
    }

    /** One whose cells see other classes than the kernel. */
    private static final class WithBlindCells extends JavaKernel {
        WithBlindCells() {
            super(false);
        }

        @Override
        public Object evalRaw(String source) {
            throw new IllegalStateException("package jane.notebook.host does not exist");
        }
    }

    @Test
    void isFoundByTheServiceThatJJavaAsksFor() {
        assertTrue(
                ServiceLoader.load(Extension.class).stream()
                        .anyMatch(found -> found.type() == JJavaExtension.class));
    }

    @Test
    void magicsDoWithoutJShellWhereItIsOutOfReach() throws Exception {
        var kernel = new WithoutShell();
        new JJavaExtension().install(kernel);
        line(kernel, "tensor", "x", "=", "ones", "2");
        assertEquals("[2]", kernel.evalRaw("x.shape()").toString());
        kernel.evalRaw("float[] y = {3, 4};");
        line(kernel, "tensor", "z", "=", "y");
        assertEquals("[2]", kernel.evalRaw("z.shape()").toString());
        var error = assertThrows(MagicError.class, () -> line(kernel, "tensor", "nothing"));
        assertEquals("[%tensor] no variable nothing; there are x, y, z", error.getMessage());
        kernel.onShutdown(false);
    }

    @Test
    void kernelThatCannotHaveJaneStartsWithoutAndSaysWhy() {
        var kernel = new WithBlindCells();
        var err = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            new JJavaExtension().install(kernel);
        } finally {
            System.setErr(err);
        }
        assertEquals(
                "[install] cells of JJava 1.0-a6 do not see Jane's classes as the kernel does; need"
                        + " the jar once, in IJAVA_CLASSPATH or JJAVA_CLASSPATH, or by %classpath",
                printed.toString(StandardCharsets.UTF_8).strip());
        kernel.onShutdown(false);
    }
}
