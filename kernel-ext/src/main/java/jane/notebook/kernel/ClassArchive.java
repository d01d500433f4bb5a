package jane.notebook.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The class archive of an installed kernel: an ahead-of-time cache from Java 25 on, class data
 * sharing before. Java ignores one that does not fit its version or class path, without a word.
 */
final class ClassArchive {
    private static final int FIRST_WITH_CACHE = 25;
    private static final int FIRST_WITH_NATIVE_ACCESS = 22;
    private static final long TIMEOUT_SECONDS = 180;

    private final Path javaHome;
    private final int feature;
    private final String classPath;

    ClassArchive(Path javaHome, int feature, String classPath) {
        this.javaHome = javaHome;
        this.feature = feature;
        this.classPath = classPath;
    }

    private boolean isCache() {
        return feature >= FIRST_WITH_CACHE;
    }

    private Path file(Path folder) {
        return folder.resolve(isCache() ? "classes.aot" : "classes.jsa");
    }

    /** The options that every start has; the archive is good only for the same ones. */
    List<String> always() {
        List<String> options = new ArrayList<>();
        if (feature >= FIRST_WITH_NATIVE_ACCESS) {
            options.add("--enable-native-access=ALL-UNNAMED"); // else JNA's first call warns
        }
        options.add("-Djava.awt.headless=true");
        options.addAll(List.of("-cp", classPath));
        return options;
    }

    /** The options that use the archive in {@code folder}. */
    List<String> use(Path folder) {
        return isCache()
                ? List.of("-XX:AOTCache=" + file(folder), "-Xlog:aot=off")
                : List.of(
                        "-XX:SharedArchiveFile=" + file(folder),
                        "-Xshare:auto",
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off");
    }

    /**
     * Makes the archive by a rehearsal.
     *
     * @return why there is none, or empty
     */
    Optional<String> make(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(
                isCache()
                        ? List.of("-XX:AOTCacheOutput=" + file(folder), "-Xlog:aot=off")
                        : List.of(
                                "-XX:ArchiveClassesAtExit=" + file(folder),
                                "-Xlog:cds=off",
                                "-Xlog:cds+dynamic=off"));
        command.addAll(always());
        command.add(Rehearsal.class.getName());
        Path output = folder.resolve("rehearsal.log");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JANE_HISTORY", "off");
            builder.environment().remove("JPY_PARENT_PID");
            Process java = builder.redirectOutput(output.toFile()).start();
            boolean ended = java.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                java.destroyForcibly().waitFor();
                return Optional.of("the rehearsal took over " + TIMEOUT_SECONDS + " s");
            }
            boolean made = java.exitValue() == 0 && Files.exists(file(folder));
            return made ? Optional.empty() : Optional.of(failure(java.exitValue(), output));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String failure(int code, Path output) throws IOException {
        String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        String tail = said.substring(Math.max(0, said.length() - 400));
        return "the rehearsal ended with code " + code + (tail.isEmpty() ? "" : ": " + tail);
    }
}
