package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTestCommandTest {
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(args);
    }

    @Test
    void writesBothReports(@TempDir Path folder) throws Exception {
        var json = folder.resolve("r.json");
        var page = folder.resolve("r.md");
        int code =
                run(
                        "selftest",
                        "--engine",
                        "cpu",
                        "--graphs",
                        "2",
                        "--json",
                        json.toString(),
                        "--markdown",
                        page.toString());
        assertEquals(0, code, out::toString);
        assertTrue(Files.readString(json).contains("\"jane\": \"" + Version.jane() + "\""));
        assertTrue(Files.readString(page).startsWith("# Jane self-test\n\nsimulated: "));
        assertTrue(out.toString().contains(" differ, "), out::toString);
    }

    @Test
    void noGraphsIsAUsageError() {
        assertEquals(2, run("selftest", "--graphs", "0"));
        assertTrue(out.toString().contains("--graphs 0; need 1 or more"), out::toString);
    }

    @Test
    void aReportThatCannotBeWrittenIsToldBeforeTheWork(@TempDir Path folder) throws Exception {
        assertEquals(2, run("selftest", "--json", folder.toString()));
        assertTrue(out.toString().contains(folder + " is a folder; need the name"), out::toString);
        var missing = folder.resolve("none/r.json");
        assertEquals(2, run("selftest", "--markdown", missing.toString()));
        assertTrue(
                out.toString().contains("--markdown " + missing + " cannot be written: "),
                out::toString);
        assertFalse(out.toString().contains("expected"), "nothing was looked at");
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void anEngineThatMeansNothingIsAUsageError() {
        assertEquals(2, run("selftest", "--engine", "sim:m5/outmem"));
        assertTrue(out.toString().contains("unknown route 'outmem'"), out::toString);
    }
}
