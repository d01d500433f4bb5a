package jane.cli;

import jane.conform.Campaign;
import jane.conform.Failure;
import jane.conform.Outcome;
import jane.conform.Reproducer;
import jane.engine.Engine;
import jane.engine.Engines;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jane conform}: random programs with known results on an engine. */
@Command(
        name = "conform",
        description = "Runs random programs on an engine and holds it against the reference.")
final class ConformCommand implements Callable<Integer> {
    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "cpu",
            description = "Engine to run on: cpu, sim:T, ane. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Option(
            names = "--graphs",
            paramLabel = "N",
            defaultValue = "500",
            description = "Graphs to draw. Default: ${DEFAULT-VALUE}.")
    private long graphs;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Draws the same graphs again. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--first",
            paramLabel = "K",
            defaultValue = "0",
            description =
                    "Number of the first graph, to go on where another run of the same seed ended."
                            + " Default: ${DEFAULT-VALUE}.")
    private long first;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "Runs one reproducer instead of random graphs.")
    private Optional<Path> replay = Optional.empty();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where to write the first failure as a reproducer.")
    private Optional<Path> json = Optional.empty();

    @Spec private CommandSpec spec;

    ConformCommand() {}

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (Engine opened = Engines.open(engine, Runtime.getRuntime().availableProcessors())) {
            var campaign = new Campaign(opened, seed);
            if (replay.isPresent()) {
                return replay(campaign, Reproducer.read(replay.get()), out);
            }
            out.printf(
                    "%s: %s, seed %d, graphs %d to %d%n",
                    opened.name(), opened.description(), seed, first, first + graphs - 1);
            out.flush();
            var outcome = campaign.run(first, graphs);
            print(outcome, out);
            var failures = outcome.failures();
            if (json.isPresent() && !failures.isEmpty()) {
                failures.get(0).reproducer().write(json.get(), failures.get(0), opened.name());
                out.println("the first failure is in " + json.get());
            }
            out.flush();
            return failures.isEmpty() ? 0 : Main.FAILED;
        }
    }

    private static int replay(Campaign campaign, Reproducer reproducer, PrintWriter out) {
        var wrong = campaign.replay(reproducer);
        out.println(wrong.map(w -> "fails: " + w).orElse("conforms"));
        out.flush();
        return wrong.isEmpty() ? 0 : Main.FAILED;
    }

    private static void print(Outcome outcome, PrintWriter out) {
        var counts = new TreeMap<>(outcome.ops());
        out.printf(
                "%d graphs, %d programs run, %d ops drawn, each %d to %d times%n",
                outcome.graphs(),
                outcome.programs(),
                counts.size(),
                counts.values().stream().mapToInt(i -> i).min().orElse(0),
                counts.values().stream().mapToInt(i -> i).max().orElse(0));
        out.printf("%.2f %% of the results are judged%n", 100 * outcome.judgedShare());
        if (!outcome.rules().isEmpty()) {
            out.println("refused, as they should be, by rule: " + new TreeMap<>(outcome.rules()));
        }
        if (!outcome.unpacked().isEmpty()) {
            out.println("left out, no surface holds: " + new TreeMap<>(outcome.unpacked()));
        }
        for (Failure f : outcome.failures()) {
            out.printf("graph %d, %s: %s: %s%n", f.graph(), f.variant(), f.kind(), f.message());
        }
        out.println(
                outcome.failures().isEmpty()
                        ? "conforms"
                        : outcome.failures().size() + " failures");
    }
}
