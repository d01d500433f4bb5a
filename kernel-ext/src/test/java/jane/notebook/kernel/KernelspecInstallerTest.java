package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import jane.ir.JaneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelspecInstallerTest {
    @TempDir private Path folder;

    private static KernelspecInstaller installer(int feature) {
        return new KernelspecInstaller(Path.of("/jdk"), feature, "/jane.jar", line -> {});
    }

    private JsonObject installed(int feature) throws Exception {
        Path spec = installer(feature).install(folder, false).resolve("kernel.json");
        return JsonParser.parseString(Files.readString(spec)).getAsJsonObject();
    }

    private static List<String> arguments(JsonObject spec) {
        List<String> arguments = new ArrayList<>();
        spec.getAsJsonArray("argv").forEach(argument -> arguments.add(argument.getAsString()));
        return arguments;
    }

    @Test
    void writesWhatJupyterNeeds() throws Exception {
        JsonObject spec = installed(17);
        assertEquals(
                List.of(
                        "/jdk/bin/java",
                        "-Djava.awt.headless=true",
                        "-cp",
                        "/jane.jar",
                        "jane.notebook.kernel.KernelMain",
                        "{connection_file}"),
                arguments(spec));
        assertEquals("Java (Jane)", spec.get("display_name").getAsString());
        assertEquals("java", spec.get("language").getAsString());
        assertEquals("message", spec.get("interrupt_mode").getAsString());
        assertTrue(Files.size(folder.resolve("jane/logo-64x64.png")) > 100);
    }

    @Test
    void allowsNativeAccessWhereTheJdkKnowsIt() throws Exception {
        assertFalse(arguments(installed(21)).contains("--enable-native-access=ALL-UNNAMED"));
        assertTrue(arguments(installed(25)).contains("--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void replacesItselfAndLeavesNothingBehindWhenRemoved() throws Exception {
        installed(17);
        installed(25);
        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("jane")), files.toList());
        }
        assertTrue(installer(17).remove(folder));
        assertFalse(installer(17).remove(folder));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void leavesAKernelOfThatNameThatIsNotOursAlone() throws Exception {
        Path foreign = folder.resolve("jane");
        Files.createDirectory(foreign);
        Files.writeString(foreign.resolve("kernel.json"), "{}");
        String expected =
                "[kernelspec] " + foreign + " exists and was not made by Jane; move it away first";
        for (Runnable work :
                List.<Runnable>of(
                        () -> installer(17).install(folder, false),
                        () -> installer(17).remove(folder))) {
            assertEquals(expected, assertThrows(JaneException.class, work::run).getMessage());
        }
        assertEquals("{}", Files.readString(foreign.resolve("kernel.json")));
    }
}
