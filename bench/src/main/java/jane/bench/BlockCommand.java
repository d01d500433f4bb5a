package jane.bench;

import com.google.gson.JsonObject;
import jane.bench.duel.Duel;
import jane.bench.duel.MatrixShape;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.tensor.Session;
import jane.zoo.Timing;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.TransformerBlock.Style;
import jane.zoo.TransformerBlock.Weights;
import jane.zoo.Workload;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench block}: a transformer block, forward and backward, against sgemm's best rate. */
@Command(
        name = "block",
        description = {
            "A transformer block (768, 12 heads, 2048, 256 tokens), forward and backward from MIL"
                    + " text,",
            "as a share of the best rate of 256x768x768 in the same run."
        })
final class BlockCommand implements Callable<Integer> {
    private static final double NEEDED = 0.85;
    private static final MatrixShape PRODUCT = new MatrixShape(256, 768, 768);
    private static final Map<String, Style> STYLES = styles();

    @Option(names = "--style", paramLabel = "NAME", description = "Only this one, or these.")
    private List<String> chosen = List.copyOf(STYLES.keySet());

    @Option(
            names = "--seconds",
            paramLabel = "X",
            defaultValue = "3",
            description = "For each style. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--kernels", description = "Also the time of each kernel.")
    private boolean kernels;

    @Option(names = "--strict", description = "Fail where a share of fp32 is below 85 %%.")
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
        var timings = new LinkedHashMap<String, Timing>();
        var before = Rates.measured();
        for (var name : chosen) {
            try (var work = BlockRun.of(Size.STORIES, style(name))) {
                timings.put(name, Timing.of(work::run, seconds));
                if (kernels) {
                    work.kernels().forEach(line -> report.line("%s", line));
                }
            }
        }
        boolean passed = print(report, timings, before.orBetter(Rates.measured()));
        report.write(json);
        return passed || !strict ? 0 : Main.MISSED;
    }

    /** Best rates of the product, GFLOP/s: by OpenBLAS on two threads of its own, and by Jane. */
    private record Rates(double openBlas, double jane) {
        static Rates measured() {
            double peer = Duel.openBlasGigaflops(PRODUCT);
            try (var work = Workload.matmul(PRODUCT.m(), PRODUCT.k(), PRODUCT.n())) {
                return new Rates(peer, PRODUCT.flops() / Timing.of(work::run, 2).best() / 1e6);
            }
        }

        Rates orBetter(Rates other) {
            return new Rates(Math.max(openBlas, other.openBlas), Math.max(jane, other.jane));
        }

        double best() {
            return Math.max(openBlas, jane);
        }
    }

    private static boolean print(Report report, Map<String, Timing> timings, Rates sgemm) {
        report.line(
                "best rate of %s: OpenBLAS %.1f, Jane %.1f GFLOP/s",
                PRODUCT, sgemm.openBlas(), sgemm.jane());
        report.line(
                "%-14s %8s %10s %10s %9s %12s %8s",
                "style", "runs", "median ms", "best ms", "GFLOP/s", "of OpenBLAS", "of best");
        boolean passed = true;
        for (var entry : timings.entrySet()) {
            var timing = entry.getValue();
            double rate = Size.STORIES.flops() / timing.median() / 1e6;
            passed &= rate / sgemm.best() >= NEEDED || style(entry.getKey()).dtype() != DType.FP32;
            report.line(
                    "%-14s %8d %10.2f %10.2f %9.1f %11.1f%% %7.1f%%",
                    entry.getKey(),
                    timing.runs(),
                    timing.median(),
                    timing.best(),
                    rate,
                    100 * rate / sgemm.openBlas(),
                    100 * rate / sgemm.best());
            var row = new JsonObject();
            row.addProperty("case", entry.getKey());
            row.addProperty("flops", Size.STORIES.flops());
            row.addProperty("median_ms", timing.median());
            row.addProperty("best_ms", timing.best());
            row.addProperty("openblas_gflops", sgemm.openBlas());
            row.addProperty("sgemm_gflops", sgemm.best());
            row.addProperty("share_of_openblas", rate / sgemm.openBlas());
            row.addProperty("share", rate / sgemm.best());
            report.row(row);
        }
        return passed;
    }
}
