package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jane.notebook.RecordingNotebook;
import jane.notebook.chart.HtmlTable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What a notebook tells of the Neural Engine: without one, and with a stand-in for its framework.
 */
@EnabledOnOs(OS.LINUX)
class NeuralEngineTest {
    @Test
    void withoutOneTheRowSaysWhy() throws Exception {
        try (var notebook = new RecordingNotebook()) {
            var table = (HtmlTable) notebook.magic("%jane").orElseThrow();
            var said = table.display().toString();
            assertTrue(said.contains("not used: the Neural Engine needs a Mac"), said);
        }
    }

    /** In another process, since a bridge is named by environment variables. */
    @Test
    void aStandInIsUsedWhereItIsChosenAndProfiled() throws Exception {
        var said =
                cells(
                        "%jane",
                        "%jane use ane:inprocess",
                        "var model = new Sequential(new Linear(64, 1024), new Linear(1024, 64));",
                        "%profile model 64x64 targets=m1",
                        "var small = new Sequential(new Linear(4, 4));",
                        "%profile small 1x4 targets=m5");
        assertTrue(said.contains("not used, since cpu computes until another is chosen"), said);
        assertTrue(
                said.contains(
                        "used, since ane:inprocess was chosen; in this process: a crash ends it"),
                said);
        var heads = line(said, "op ");
        assertTrue(
                heads.matches(
                        ".*cpu us, measured +ane:inprocess us, measured +m5 us, predicted +m1"
                                + " us, predicted.*"),
                heads);
        var program = line(said, "program ").strip().split(" +");
        assertEquals(5, program.length, String.join(" ", program));
        assertTrue(Double.parseDouble(program[2].replace(",", "")) > 0, program[2]);
        assertTrue(line(said, "matmul ").contains("not measured"), said);
        assertTrue(said.contains("A stand-in for Apple's framework, no Neural Engine"), said);
        assertTrue(said.contains("1 parts with 100 % of the arithmetic there"), said);
        assertTrue(said.contains("on the hardware unavailable, energy unavailable"), said);
        assertTrue(said.contains("on average: nothing ran there"), said);
    }

    private static String line(String said, String beginning) {
        return said.lines().filter(l -> l.startsWith(beginning)).findFirst().orElse(said);
    }

    private static String cells(String... cells) throws Exception {
        var folder = standIns();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", classPath(), StandInCells.class.getName()));
        command.addAll(List.of(cells));
        var environment =
                Map.of(
                        "JANE_ANE", folder.resolve("libjaneane.so").toString(),
                        "JANE_ANE_FRAMEWORK", folder.resolve("libjaneespresso.so").toString(),
                        "JANE_ANE_TARGET", "m5");
        return run(command, environment);
    }

    /** Where the library's tests have them; else they are built there. */
    private static Path standIns() throws Exception {
        var given = System.getProperty("jane.standins", "");
        var folder = Path.of(given.isEmpty() ? "../ane-lib/target/standins" : given);
        if (given.isEmpty()) {
            for (var tool : List.of("cmake", "g++")) {
                assumeTrue(onPath(tool), "needs " + tool + " to build the stand-in");
            }
            run(List.of("cmake", "-S", "../native", "-B", folder.toString()), Map.of());
            var build = List.of("cmake", "--build", folder.toString(), "--target");
            var targets = List.of("janeane", "janeespresso");
            run(Stream.of(build, targets).flatMap(List::stream).toList(), Map.of());
        }
        return folder.toAbsolutePath().normalize();
    }

    private static boolean onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Path.of(folder, tool).toFile().canExecute());
    }

    private static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
