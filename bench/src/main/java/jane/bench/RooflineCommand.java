package jane.bench;

import com.google.gson.JsonObject;
import jane.bench.kernel.Kernel;
import jane.bench.kernel.Peaks;
import jane.tensor.Session;
import jane.zoo.Timing;
import jane.zoo.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench roofline}: each kernel against what this machine could do. */
@Command(
        name = "roofline",
        description = "Every kernel's time against the least it can take on this machine.")
final class RooflineCommand implements Callable<Integer> {
    @Option(
            names = "--seconds",
            paramLabel = "X",
            defaultValue = "1.5",
            description = "For each kernel. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private Optional<Path> json = Optional.empty();

    @Spec private CommandSpec spec;

    RooflineCommand() {}

    @Override
    public Integer call() {
        Session.current().use("cpu", 2);
        Session.current().seed(1);
        var report = new Report("roofline", spec.commandLine().getOut());
        var peaks = Peaks.measure();
        report.line("%s", Session.current().engine().description());
        report.line(
                "peaks, 2 threads: %.1f GFLOP/s (OpenBLAS, 2048x2048x2048), %.1f GB/s (triad)",
                peaks.gigaflops(), peaks.gigabytes());
        report.line(
                "%-24s %10s %10s %10s %9s %9s %8s %s",
                "kernel", "MFLOP", "MB", "median ms", "GFLOP/s", "GB/s", "of roof", "bound");
        for (var supplier : workloads()) {
            try (var work = supplier.get()) {
                print(report, work, Timing.of(work::run, seconds), peaks);
            }
        }
        report.write(json);
        return 0;
    }

    private static List<Supplier<Workload>> workloads() {
        var all = new ArrayList<>(Workload.usual());
        Arrays.stream(Kernel.values()).forEach(kernel -> all.add(kernel::workload));
        return all;
    }

    private static void print(Report report, Workload work, Timing timing, Peaks peaks) {
        double compute = work.flops() / peaks.gigaflops() / 1e6; // milliseconds
        double move = work.bytes() / peaks.gigabytes() / 1e6;
        double share = Math.max(compute, move) / timing.median();
        report.line(
                "%-24s %10.2f %10.2f %10.3f %9.1f %9.1f %7.0f%% %s",
                work.name(),
                work.flops() / 1e6,
                work.bytes() / 1e6,
                timing.median(),
                work.flops() / timing.median() / 1e6,
                work.bytes() / timing.median() / 1e6,
                100 * share,
                compute > move ? "compute" : "memory");
        var row = new JsonObject();
        row.addProperty("case", work.name());
        row.addProperty("flops", work.flops());
        row.addProperty("bytes", work.bytes());
        row.addProperty("median_ms", timing.median());
        row.addProperty("best_ms", timing.best());
        row.addProperty("of_roof", share);
        report.row(row);
    }
}
