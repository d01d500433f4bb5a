package jane.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    private int bench(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void overheadIsReportedInTextAndJson() throws IOException {
        var file = folder.resolve("overhead.json");
        int code = bench("overhead", "--steps", "200", "--json", file.toString());
        assertTrue(code == 0 || code == Main.MISSED, err::toString);
        var report = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertEquals("overhead", report.get("command").getAsString());
        var rows = report.getAsJsonArray("results");
        assertEquals(2, rows.size());
        for (var row : rows) {
            var r = row.getAsJsonObject();
            assertTrue(r.get("total_us").getAsDouble() >= r.get("upload_us").getAsDouble());
            assertTrue(out.toString().contains(r.get("case").getAsString()), out::toString);
        }
    }

    @Test
    void badArgumentsAreUsageErrors() {
        assertEquals(2, bench());
        assertTrue(err.toString().startsWith("[bench] no command given; need one"), err::toString);
        err.getBuffer().setLength(0);
        assertEquals(2, bench("sgemm", "--rounds", "0"));
        assertTrue(err.toString().startsWith("[bench] --rounds 0; need 1 or more"), err::toString);
        err.getBuffer().setLength(0);
        assertEquals(1, bench("peers", "--case", "rnn"));
        assertTrue(err.toString().startsWith("[peers] no case 'rnn'; need "), err::toString);
        err.getBuffer().setLength(0);
        assertEquals(1, bench("block", "--style", "rnn"));
        assertTrue(err.toString().startsWith("[block] no style 'rnn'; need "), err::toString);
    }
}
