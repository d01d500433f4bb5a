package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import jane.zoo.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchCommandTest {
    private final Terminal terminal = new Terminal();

    @TempDir private Path folder;

    @Test
    void aQuickRunTimesEveryWorkload() throws IOException {
        var file = folder.resolve("bench.json");
        assertEquals(
                0, terminal.jane("bench", "--quick", "--json", file.toString()), terminal::err);
        var report = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        for (var key : new String[] {"system", "processor", "threads", "java", "engine"}) {
            assertTrue(terminal.out().contains(report.get(key).getAsString()), terminal::out);
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
        assertTrue(terminal.out().contains("\n" + row.get("work").getAsString()), terminal::out);
    }

    @Test
    void wrongThreadsAndUnknownOptionsAreUsageErrors() {
        for (var command : new String[] {"bench", "train-digits"}) {
            for (var threads : new String[] {"0", "100000"}) {
                assertEquals(2, terminal.jane(command, "--threads", threads));
                var start = "[engine] " + threads + " threads; need 1 to ";
                assertTrue(terminal.err().startsWith(start), terminal::err);
            }
        }
        assertEquals(2, terminal.jane("bench", "--threads", "many"));
        assertTrue(
                terminal.err().startsWith("Invalid value for option '--threads'"), terminal::err);
        assertEquals(2, terminal.jane("bench", "--slow"));
        assertTrue(terminal.err().startsWith("Unknown option: '--slow'"), terminal::err);
    }

    @Test
    void aReportWithoutAFolderIsRefusedBeforeMeasuring() {
        var file = folder.resolve("none/bench.json");
        assertEquals(1, terminal.jane("bench", "--json", file.toString()));
        assertEquals(
                "[%s] cannot write to the folder %s; need --json FILE in an existing one"
                        .formatted(file, file.getParent()),
                terminal.err());
        assertEquals("", terminal.out());
    }
}
