package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import jane.zoo.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    private int jane(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void aQuickRunTimesEveryWorkload() throws IOException {
        var file = folder.resolve("bench.json");
        assertEquals(0, jane("bench", "--quick", "--json", file.toString()), err::toString);
        var report = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        for (var key : new String[] {"system", "processor", "threads", "java", "engine"}) {
            assertTrue(out.toString().contains(report.get(key).getAsString()), out::toString);
        }
        var results = report.getAsJsonArray("results");
        assertEquals(Workload.usual().size(), results.size());
        for (var result : results) {
            assertMeasured(result.getAsJsonObject());
        }
    }

    private void assertMeasured(JsonObject row) {
        assertTrue(row.get("runs").getAsInt() >= 3, row::toString);
        assertTrue(row.get("best_ms").getAsDouble() > 0, row::toString);
        assertTrue(
                row.get("median_ms").getAsDouble() >= row.get("best_ms").getAsDouble(),
                row::toString);
        assertTrue(row.get("gflop_per_s").getAsDouble() > 0, row::toString);
        assertTrue(row.get("gb_per_s").getAsDouble() > 0, row::toString);
        assertTrue(out.toString().contains("\n" + row.get("work").getAsString()), out::toString);
    }

    @Test
    void wrongThreadsAndUnknownOptionsAreUsageErrors() {
        for (var command : new String[] {"bench", "train-digits"}) {
            for (var threads : new String[] {"0", "100000"}) {
                assertEquals(2, jane(command, "--threads", threads));
                var start = "[engine] " + threads + " threads; need 1 to ";
                assertTrue(err.toString().startsWith(start), err::toString);
                err.getBuffer().setLength(0);
            }
        }
        assertEquals(2, jane("bench", "--threads", "many"));
        assertTrue(
                err.toString().startsWith("Invalid value for option '--threads'"), err::toString);
        err.getBuffer().setLength(0);
        assertEquals(2, jane("bench", "--slow"));
        assertTrue(err.toString().startsWith("Unknown option: '--slow'"), err::toString);
    }

    @Test
    void aReportWithoutAFolderIsRefusedBeforeMeasuring() {
        var file = folder.resolve("none/bench.json");
        assertEquals(1, jane("bench", "--json", file.toString()));
        assertEquals(
                "[%s] cannot write to the folder %s; need --json FILE in an existing one%n"
                        .formatted(file, file.getParent()),
                err.toString());
        assertEquals("", out.toString());
    }
}
