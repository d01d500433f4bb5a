package jane.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import jane.io.AtomicFile;
import jane.tensor.Session;
import jane.zoo.Timing;
import jane.zoo.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What {@code jane bench} found, as lines of a table and as JSON.
 *
 * @param place where it was measured
 * @param rows one for each workload
 */
record BenchReport(Place place, List<Row> rows) {
    static final String HEADER =
            "%-24s %6s %11s %11s %9s %9s"
                    .formatted("work", "runs", "median ms", "best ms", "GFLOP/s", "GB/s");

    /**
     * Machine, JDK and engine.
     *
     * @param processor the processor's own name, or what the JDK was built for
     */
    record Place(String system, String processor, int threads, String java, String engine) {
        static Place here(int threads) {
            String arch = System.getProperty("os.arch");
            var system = Machine.Host.current();
            String known = system.processor().isEmpty() ? linuxProcessor() : system.processor();
            return new Place(
                    system.os() + " " + System.getProperty("os.version"),
                    known.isEmpty() ? arch : known + " (" + arch + ")",
                    threads,
                    System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"),
                    Session.current().engine().description());
        }

        private static String linuxProcessor() {
            try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("");
            } catch (IOException e) {
                return ""; // no such file here, or no such line in it
            }
        }

        String text() {
            return "machine  %s, %s, %d threads%njava     %s%nengine   %s"
                    .formatted(system, processor, threads, java, engine);
        }
    }

    /**
     * Times of one workload.
     *
     * @param flops floating-point operations of a run
     * @param bytes of its inputs and outputs
     */
    record Row(
            String work,
            int runs,
            double medianMillis,
            double bestMillis,
            double flops,
            double bytes) {
        static Row of(Workload work, Timing timing) {
            return new Row(
                    work.name(),
                    timing.runs(),
                    timing.median(),
                    timing.best(),
                    work.flops(),
                    work.bytes());
        }

        double gigaflops() {
            return flops / medianMillis / 1e6;
        }

        double gigabytes() {
            return bytes / medianMillis / 1e6;
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%-24s %6d %11.3f %11.3f %9.1f %9.1f",
                    work,
                    runs,
                    medianMillis,
                    bestMillis,
                    gigaflops(),
                    gigabytes());
        }

        JsonObject json() {
            var row = new JsonObject();
            row.addProperty("work", work);
            row.addProperty("runs", runs);
            row.addProperty("median_ms", medianMillis);
            row.addProperty("best_ms", bestMillis);
            row.addProperty("flops", flops);
            row.addProperty("bytes", bytes);
            row.addProperty("gflop_per_s", gigaflops());
            row.addProperty("gb_per_s", gigabytes());
            return row;
        }
    }

    void write(Path file) {
        var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        var report = new JsonObject();
        report.addProperty("jane", Version.jane());
        report.addProperty("system", place.system());
        report.addProperty("processor", place.processor());
        report.addProperty("threads", place.threads());
        report.addProperty("java", place.java());
        report.addProperty("engine", place.engine());
        report.add("results", gson.toJsonTree(rows.stream().map(Row::json).toList()));
        var text = gson.toJson(report) + "\n";
        AtomicFile.write(
                file,
                channel ->
                        AtomicFile.writeFully(
                                channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }
}
