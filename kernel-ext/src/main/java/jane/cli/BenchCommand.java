package jane.cli;

import jane.ir.DataException;
import jane.tensor.Session;
import jane.zoo.Timing;
import jane.zoo.Workload;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jane bench}: how fast Jane is on this machine. */
@Command(
        name = "bench",
        description =
                "Times matrix products, element-wise work and training steps on this machine.")
final class BenchCommand implements Callable<Integer> {
    private static final double SECONDS = 4; // for each workload
    private static final double QUICK_SECONDS = 0.2;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write machine and times to FILE.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--quick",
            description = {
                "A look of some seconds instead of a minute; times are those of a JVM",
                "that is not yet warm."
            })
    private boolean quick;

    @Mixin private ThreadsOption threads;

    @Spec private CommandSpec spec;

    BenchCommand() {}

    @Override
    public Integer call() {
        int workers = threads.count();
        json.ifPresent(BenchCommand::requireFolder);
        Session.current().use("cpu", workers);
        Session.current().seed(1);
        PrintWriter out = spec.commandLine().getOut();
        var report = new BenchReport(BenchReport.Place.here(workers), new ArrayList<>());
        out.println(report.place().text());
        out.println(BenchReport.HEADER);
        out.flush();
        for (var workload : Workload.usual()) {
            try (var work = workload.get()) {
                var timing = Timing.of(work::run, quick ? QUICK_SECONDS : SECONDS);
                report.rows().add(BenchReport.Row.of(work, timing));
            }
            out.println(report.rows().get(report.rows().size() - 1).text());
            out.flush();
        }
        json.ifPresent(report::write);
        return 0;
    }

    /** Said now, not after a minute of measuring. */
    private static void requireFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new DataException(
                    file.toString(),
                    "cannot write to the folder %s; need --json FILE in an existing one",
                    folder);
        }
    }
}
