package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code Install.here()} where it cannot do what it should. Each time with classes of its own, as
 * in a process of its own.
 */
final class InstallTest {
    private static final String HOSTS =
            "need a cell of a notebook in IJava 1.3.0, in JJava 1.0-a6 or later, or in Java (Jane),"
                    + " which ./install.sh installs";

    @TempDir Path folder;

    private static boolean isTests(String entry) {
        return entry.contains("test-classes");
    }

    /** What {@code here()} says where the class path is {@code folder} and the wanted entries. */
    private String here(Predicate<String> wanted) throws Exception {
        var urls = new ArrayList<>(List.of(url(folder.toFile())));
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (wanted.test(entry)) {
                urls.add(url(new File(entry)));
            }
        }
        var platform = ClassLoader.getPlatformClassLoader();
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
            var here = loader.loadClass("jane.notebook.Install").getMethod("here");
            try {
                return (String) here.invoke(null);
            } catch (InvocationTargetException refused) {
                return refused.getCause().getMessage();
            }
        }
    }

    private static URL url(File file) throws MalformedURLException {
        return file.toURI().toURL();
    }

    /** An IJava of other classes than 1.3.0. */
    private void compileIJava(String... kernelSource) throws IOException {
        var main =
                "package io.github.spencerpark.ijava; public class IJava { public static final"
                    + " String VERSION = \"9\"; public static Object getKernelInstance() { return"
                    + " new JavaKernel(); } }";
        var kernel =
                "package io.github.spencerpark.ijava; public class JavaKernel {"
                        + String.join(" ", kernelSource)
                        + "}";
        var sources = Files.createDirectories(folder.resolve("source"));
        Files.writeString(sources.resolve("IJava.java"), main);
        Files.writeString(sources.resolve("JavaKernel.java"), kernel);
        var arguments =
                Stream.concat(
                                Stream.of("-d", folder.toString()),
                                Stream.of("IJava.java", "JavaKernel.java")
                                        .map(name -> sources.resolve(name).toString()))
                        .toArray(String[]::new);
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments),
                "the test's own source compiles");
    }

    @Test
    void outsideANotebook() throws Exception {
        assertEquals(
                "[install] no notebook kernel runs in this process; " + HOSTS,
                here(entry -> !isTests(entry)));
    }

    @Test
    void withoutAnyHostsLibrary() throws Exception {
        assertEquals(
                "[install] no notebook kernel runs in this process; " + HOSTS,
                here(
                        entry ->
                                !isTests(entry)
                                        && !entry.contains("basekernel")
                                        && !entry.contains("jjava")));
    }

    @Test
    void beforeTheHostHasStarted() throws Exception {
        assertEquals(
                "[install] no notebook kernel runs in this process yet, though IJava is on the"
                        + " class path; "
                        + HOSTS,
                here(entry -> true));
    }

    @Test
    void ijavaOfAnotherVersion() throws Exception {
        compileIJava();
        assertEquals(
                "[install] this IJava has other classes than 1.3.0:"
                        + " java.lang.NoSuchFieldException: evaluator; need IJava 1.3.0, whose base"
                        + " library is jupyter-jvm-basekernel 2.3.0, or Java (Jane), which"
                        + " ./install.sh installs",
                here(entry -> !isTests(entry)));
    }

    @Test
    void ijavaOverAnotherBaseLibrary() throws Exception {
        compileIJava(
                "private E evaluator = new E();",
                "public static class E",
                "{",
                "public",
                "jdk.jshell.JShell getShell()",
                "{ return null; } }");
        assertEquals(
                "[install] IJava has other classes than it should: java.lang.NoClassDefFoundError:"
                        + " io/github/spencerpark/jupyter/kernel/BaseKernel; need IJava 1.3.0, or"
                        + " JJava 1.0-a6 or later, or Java (Jane), which ./install.sh installs",
                here(entry -> !isTests(entry) && !entry.contains("basekernel")));
    }
}
