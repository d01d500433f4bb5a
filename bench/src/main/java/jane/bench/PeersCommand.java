package jane.bench;

import jane.bench.duel.Duel;
import jane.bench.duel.DuelResult;
import jane.bench.duel.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench peers}: training steps against DJL with PyTorch. */
@Command(
        name = "peers",
        description =
                "Training steps by Jane and by DJL with PyTorch, by turns: same weights, same"
                        + " batches.")
final class PeersCommand implements Callable<Integer> {
    private static final int COMPARED = 100;
    private static final double TOLERANCE = 1e-3;

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description = "Only this one, or these: mlp-adam, mlp-sgd, mlp-adam-relu, ..., cnn.")
    private List<String> cases = Arrays.stream(Training.values()).map(Training::label).toList();

    @Option(
            names = "--stock",
            description =
                    "With DJL's own Adam, which has epsilon elsewhere: losses agree less well.")
    private boolean stock;

    @Mixin private DuelOptions options = new DuelOptions();

    @Spec private CommandSpec spec;

    PeersCommand() {}

    @Override
    public Integer call() throws IOException {
        var chosen = cases.stream().map(Training::named).toList();
        options.check(spec);
        var report = new Report("peers", spec.commandLine().getOut());
        boolean passed = true;
        report.duelHeading();
        for (var training : chosen) {
            var weights = Files.createTempFile("jane-bench", ".safetensors");
            try {
                training.writeWeights(weights);
                var result =
                        Duel.steps(training, weights.toString(), stock)
                                .fight(COMPARED, options.rounds(), Duel.Pace.FULL);
                passed &= print(report, training, result);
            } finally {
                Files.delete(weights);
            }
        }
        report.write(options.json());
        return passed ? 0 : Main.MISSED;
    }

    private boolean print(Report report, Training training, DuelResult result) {
        boolean same = result.difference() <= TOLERANCE;
        boolean reached = result.ratio() <= training.target();
        report.duel(
                result,
                String.format(
                        Locale.ROOT,
                        "need %.2f: %s",
                        training.target(),
                        reached ? "reached" : "missed"));
        report.line(
                "%-20s losses of %d steps within %.1e of each other: %s",
                "", COMPARED, result.difference(), same ? "agree" : "DIFFER");
        return same && (reached || !options.strict());
    }
}
