package jane.bench;

import com.google.gson.JsonObject;
import jane.bench.BlockDuel.Result;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.tensor.Session;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.TransformerBlock.Style;
import jane.zoo.TransformerBlock.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench block}: a transformer block, forward and backward, against sgemm. */
@Command(
        name = "block",
        description = {
            "A transformer block (768, 12 heads, 2048, 256 tokens), forward and backward from MIL"
                    + " text,",
            "as a share of the rate of 256x768x768, by OpenBLAS or Jane, whichever is faster, by"
                    + " turns."
        })
final class BlockCommand implements Callable<Integer> {
    private static final double NEEDED = 0.85;
    private static final Map<String, Style> STYLES = styles();

    @Option(names = "--style", paramLabel = "NAME", description = "Only this one, or these.")
    private List<String> chosen = List.copyOf(STYLES.keySet());

    @Option(
            names = "--seconds",
            paramLabel = "X",
            defaultValue = "2",
            description = "Measured of each side, for each style. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--kernels", description = "Also the time of each kernel.")
    private boolean kernels;

    @Option(names = "--strict", description = "Fail where fp32 has less than 85 %% of the best.")
    private boolean strict;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private Optional<Path> json = Optional.empty();

    @Spec private CommandSpec spec;

    BlockCommand() {}

    private static Map<String, Style> styles() {
        var plain = Style.PLAIN;
        var styles = new LinkedHashMap<String, Style>();
        styles.put("plain", plain);
        styles.put("linear", plain.with(Weights.LINEAR));
        styles.put("in-out", plain.with(Weights.IN_OUT));
        styles.put("sdpa", new Style(Weights.LINEAR, true, false, true, DType.FP32));
        styles.put("pow-sigmoid", new Style(Weights.OUT_IN, false, true, false, DType.FP32));
        styles.put("fp16", plain.with(DType.FP16));
        return styles;
    }

    private static Style style(String name) {
        var style = STYLES.get(name);
        if (style == null) {
            throw new JaneException(
                    "block", "no style '%s'; need one of %s", name, STYLES.keySet());
        }
        return style;
    }

    @Override
    public Integer call() {
        chosen.forEach(BlockCommand::style);
        Session.current().use("cpu", 2);
        var report = new Report("block", spec.commandLine().getOut());
        report.line("%s", Session.current().engine().description());
        var results = new LinkedHashMap<String, Result>();
        try (var duel = new BlockDuel()) {
            for (var name : chosen) {
                try (var work = BlockRun.of(Size.STORIES, style(name))) {
                    results.put(name, duel.fight(work, seconds));
                    if (kernels) {
                        work.kernels().forEach(line -> report.line("%s", line));
                    }
                }
            }
        }
        report.line("rates of %s by medians, by turns with the block", BlockDuel.PRODUCT);
        boolean passed = print(report, results);
        report.write(json);
        return passed || !strict ? 0 : Main.MISSED;
    }

    private static boolean print(Report report, Map<String, Result> results) {
        report.line(
                "%-14s %5s %10s %9s %9s %10s %8s %12s %8s %8s %15s",
                "style",
                "runs",
                "median ms",
                "(best)",
                "OpenBLAS",
                "Jane sgemm",
                "GFLOP/s",
                "of OpenBLAS",
                "of best",
                "(bests)",
                "median of best");
        boolean passed = true;
        for (var entry : results.entrySet()) {
            var result = entry.getValue();
            var medians = result.medians();
            var bests = result.bests();
            passed &= medians.ofFaster() >= NEEDED || style(entry.getKey()).dtype() != DType.FP32;
            report.line(
                    "%-14s %5d %10.2f %9s %9.1f %10.1f %8.1f %11.1f%% %7.1f%% %8s %14.1f%%",
                    entry.getKey(),
                    result.runs(),
                    result.median(),
                    String.format(Locale.ROOT, "(%.2f)", result.best()),
                    medians.openBlas(),
                    medians.jane(),
                    medians.block(),
                    100 * medians.ofOpenBlas(),
                    100 * medians.ofFaster(),
                    String.format(Locale.ROOT, "(%.1f%%)", 100 * bests.ofFaster()),
                    100 * result.medianOfBest());
            report.row(row(entry.getKey(), result));
        }
        return passed;
    }

    private static JsonObject row(String name, Result result) {
        var row = new JsonObject();
        row.addProperty("case", name);
        row.addProperty("flops", Size.STORIES.flops());
        row.addProperty("median_ms", result.median());
        row.addProperty("best_ms", result.best());
        row.addProperty("openblas_gflops", result.medians().openBlas());
        row.addProperty("openblas_best_gflops", result.bests().openBlas());
        row.addProperty("sgemm_gflops", result.medians().jane());
        row.addProperty("sgemm_best_gflops", result.bests().jane());
        row.addProperty("share_of_openblas", result.medians().ofOpenBlas());
        row.addProperty("share", result.medians().ofFaster());
        row.addProperty("share_of_bests", result.bests().ofFaster());
        row.addProperty("median_of_best", result.medianOfBest());
        return row;
    }
}
