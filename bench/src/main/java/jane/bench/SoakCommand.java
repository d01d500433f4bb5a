package jane.bench;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench soak}: resident memory over many steps and many models. */
@Command(
        name = "soak",
        description =
                "Resident memory over many training steps, and over many models made and dropped.")
final class SoakCommand implements Callable<Integer> {
    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Training steps. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--models",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Models made and dropped. Default: ${DEFAULT-VALUE}.")
    private int models;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private Optional<Path> json = Optional.empty();

    @Spec private CommandSpec spec;

    SoakCommand() {}

    @Override
    public Integer call() {
        var report = new Report("soak", spec.commandLine().getOut());
        boolean flat = print(report, "steps", steps) & print(report, "models", models);
        report.write(json);
        return flat ? 0 : Main.MISSED;
    }

    private static boolean print(Report report, String kind, int count) {
        var growth = Soak.run(kind, count);
        report.line(
                "%6d %-7s resident at most %.0f MB in the second quarter, %.0f MB in the last; grew"
                        + " by %.1f MB (limit %.0f): %s",
                count,
                kind,
                growth.early(),
                growth.late(),
                growth.megabytes(),
                Soak.LIMIT_MB,
                growth.flat() ? "flat" : "GROWS");
        var row = new JsonObject();
        row.addProperty("case", kind);
        row.addProperty("count", count);
        row.addProperty("resident_mb_early", growth.early());
        row.addProperty("resident_mb_late", growth.late());
        row.addProperty("flat", growth.flat());
        report.row(row);
        return growth.flat();
    }
}
