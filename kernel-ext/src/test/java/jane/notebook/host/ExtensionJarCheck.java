package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jar for other kernels, as the build leaves it; run when it has been made. */
final class ExtensionJarCheck {
    private static final File JAR = new File("../dist/jane-extension.jar");

    /** What a host brings along, in a version of its own. */
    private static final List<String> HOSTS =
            List.of(
                    "io/github/spencerpark/",
                    "org/dflib/",
                    "org/zeromq/",
                    "zmq/",
                    "com/neilalexander/",
                    "com/google/gson/",
                    "org/slf4j/");

    /** What cells may load for themselves, and what only our own kernel needs. */
    private static final List<String> OTHERS =
            List.of("org/knowm/", "picocli/", "META-INF/sources/", "META-INF/maven/");

    private static List<String> entries() throws IOException {
        try (var jar = new JarFile(JAR)) {
            return jar.stream().map(entry -> entry.getName()).toList();
        }
    }

    private static List<String> under(List<String> folders) throws IOException {
        return entries().stream()
                .filter(name -> folders.stream().anyMatch(name::startsWith))
                .toList();
    }

    private static List<String> classes() throws IOException {
        return entries().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                .toList();
    }

    @Test
    void hasNoClassOfAHost() throws IOException {
        assertEquals(List.of(), under(HOSTS));
    }

    @Test
    void hasNothingThatCouldClashOrIsNotUsed() throws IOException {
        assertEquals(List.of(), under(OTHERS));
    }

    @Test
    void hasNeitherOurKernelNorTheCommandLine() throws IOException {
        var found =
                classes().stream()
                        .filter(n -> n.matches("jane\\.(cli|notebook\\.kernel)\\..*"))
                        .toList();
        assertEquals(List.of(), found);
    }

    @Test
    void namesTheExtensionForJJava() throws IOException {
        try (var jar = new JarFile(JAR)) {
            var service = jar.getEntry("META-INF/services/org.dflib.jjava.jupyter.Extension");
            var name =
                    new String(jar.getInputStream(service).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("jane.notebook.host.JJavaExtension", name.strip());
        }
    }

    @Test
    void everyClassLoadsOverTheHostsOwn() throws Exception {
        var urls = new ArrayList<>(List.of(JAR.toURI().toURL()));
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("jupyter-jvm-basekernel") || entry.contains("jjava-jupyter")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        assertEquals(3, urls.size(), "the jar and both base libraries: " + urls);
        var platform = ClassLoader.getPlatformClassLoader();
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
            int loaded = 0;
            for (var name : classes()) {
                if (name.startsWith("jane.") && !name.startsWith("jane.shaded.")) {
                    Class.forName(name, false, loader).getDeclaredMethods(); // links its types
                    loaded++;
                }
            }
            assertTrue(loaded > 300, loaded + " classes");
        }
    }
}
