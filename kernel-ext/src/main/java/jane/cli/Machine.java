package jane.cli;

import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.engine.natives.Folders;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the doctor looks at, as plain values, so that a test can describe any machine.
 *
 * @param system the operating system and the processor
 * @param jdk the Java that runs this
 * @param resources what the engine may use
 * @param environment environment variables, of which {@code PATH} and Jupyter's are read
 * @param home the user's home folder
 */
record Machine(
        Host system, Jdk jdk, Resources resources, Map<String, String> environment, Path home) {
    /**
     * The operating system and the processor.
     *
     * @param os as in the system property {@code os.name}
     * @param processor the processor's own name, whatever the JDK was built for; may be empty
     */
    record Host(String os, String processor) {
        static Host current() {
            String os = System.getProperty("os.name");
            return new Host(os, os.startsWith("Mac") ? MacProcessor.name() : "");
        }

        boolean mac() {
            return os.startsWith("Mac");
        }

        boolean linux() {
            return os.equals("Linux");
        }

        /** Also true of a translated process, whose processor calls itself "VirtualApple". */
        boolean appleSilicon() {
            return mac() && processor.contains("Apple");
        }
    }

    /**
     * The Java that runs this.
     *
     * @param feature 17 for Java 17
     * @param arch what it was built for, as in the system property {@code os.arch}
     * @param modules which of {@code jdk.compiler} and {@code jdk.jshell} it has
     */
    record Jdk(int feature, String arch, Path home, List<String> modules) {
        boolean intel() {
            return arch.equals("x86_64") || arch.equals("amd64");
        }

        boolean arm() {
            return arch.equals("aarch64") || arch.equals("arm64");
        }
    }

    /**
     * What the engine may use.
     *
     * @param kernels the engine's own description of what it computes with
     * @param neural how the engine ane describes itself, or why it does not open; empty on a
     *     machine that has none
     */
    record Resources(int threads, long heapBytes, String kernels, String neural) {}

    /** The machine this runs on. */
    static Machine current() {
        var runtime = Runtime.getRuntime();
        var jdk =
                new Jdk(
                        Runtime.version().feature(),
                        System.getProperty("os.arch"),
                        Path.of(System.getProperty("java.home")),
                        Stream.of("jdk.compiler", "jdk.jshell")
                                .filter(m -> ModuleFinder.ofSystem().find(m).isPresent())
                                .toList());
        return new Machine(
                Host.current(),
                jdk,
                new Resources(
                        runtime.availableProcessors(),
                        runtime.maxMemory(),
                        describeEngine(),
                        describeNeuralEngine()),
                System.getenv(),
                Folders.current().home());
    }

    private static String describeEngine() {
        try (var engine = Engines.open("cpu", 1)) {
            return engine.description();
        }
    }

    private static String describeNeuralEngine() {
        if (AneEngine.missing().isPresent()) {
            return "";
        }
        try (var engine = AneEngine.open(true)) {
            return engine.description();
        } catch (EngineUnavailableException e) {
            return e.getMessage();
        }
    }

    /** The program of this name on the PATH. */
    Optional<Path> onPath(String program) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
