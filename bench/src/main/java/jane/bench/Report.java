package jane.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import jane.bench.duel.DuelResult;
import jane.io.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Results as they come, line by line on the terminal, and all together as JSON. */
final class Report {
    private final String command;
    private final PrintWriter out;
    private final List<JsonObject> rows = new ArrayList<>();

    Report(String command, PrintWriter out) {
        this.command = command;
        this.out = out;
        line("%s, %d processors, Java %s", machine(), processors(), java());
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static String java() {
        return System.getProperty("java.version");
    }

    private static String machine() {
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version");
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElse(System.getProperty("os.arch"))
                    + ", "
                    + os;
        } catch (IOException e) {
            return System.getProperty("os.arch") + ", " + os; // not Linux
        }
    }

    /** One line for a person. */
    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** One result for a program. */
    void row(JsonObject row) {
        rows.add(row);
    }

    /** The heading of {@link #duel}. */
    void duelHeading() {
        line(
                "%-20s %-15s %7s %9s %9s %9s %8s %8s  %s",
                "case",
                "side",
                "runs",
                "median ms",
                "best ms",
                "p90 ms",
                "RSS MB",
                "peak MB",
                "ratio (of rounds, of bests)");
    }

    /** Both sides of a duel. */
    void duel(DuelResult r, String verdict) {
        var row = new JsonObject();
        row.addProperty("case", r.name());
        row.addProperty("ratio", r.ratio());
        row.addProperty("round_ratio", r.roundRatio());
        row.addProperty("best_ratio", r.bestRatio());
        row.addProperty("compared", r.checked());
        row.addProperty("largest_difference", r.difference());
        for (var side : List.of(r.jane(), r.peer())) {
            line(
                    "%-20s %-15s %7d %9.3f %9.3f %9.3f %8.0f %8.0f  %s",
                    r.name(),
                    side.kind(),
                    side.runs(),
                    side.median(),
                    side.best(),
                    side.p90(),
                    side.memory().now(),
                    side.memory().peak(),
                    side == r.jane() ? ratios(r) : verdict);
            var s = new JsonObject();
            s.addProperty("runs", side.runs());
            s.addProperty("median_ms", side.median());
            s.addProperty("best_ms", side.best());
            s.addProperty("p90_ms", side.p90());
            s.addProperty("resident_mb", side.memory().now());
            s.addProperty("peak_mb", side.memory().peak());
            row.add(side.kind(), s);
        }
        row(row);
    }

    private static String ratios(DuelResult r) {
        return String.format(
                Locale.ROOT, "%.2f (%.2f, %.2f)", r.ratio(), r.roundRatio(), r.bestRatio());
    }

    /** Writes all rows to {@code file}, if there is one. */
    void write(Optional<Path> file) {
        if (file.isEmpty()) {
            return;
        }
        var gson =
                new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeSpecialFloatingPointValues()
                        .create();
        var report = new JsonObject();
        report.addProperty("command", command);
        report.addProperty("time", Instant.now().toString());
        report.addProperty("machine", machine());
        report.addProperty("processors", processors());
        report.addProperty("java", java());
        report.add("results", gson.toJsonTree(rows));
        var bytes = (gson.toJson(report) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(
                file.get(), channel -> AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes)));
    }
}
