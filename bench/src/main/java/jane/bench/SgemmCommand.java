package jane.bench;

import jane.bench.duel.Duel;
import jane.bench.duel.MatrixShape;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench sgemm}: matrix products against OpenBLAS on its own two threads. */
@Command(
        name = "sgemm",
        description = "Products through Jane and by OpenBLAS on two threads of its own, by turns.")
final class SgemmCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4; // of a mean magnitude of about 10

    @Option(names = "--shape", paramLabel = "MxKxN", description = "Only this one, or these.")
    private List<String> shapes =
            List.of("256x768x768", "768x768x256", "256x2048x768", "2048x2048x2048");

    @Option(
            names = "--openblas",
            paramLabel = "FILE",
            defaultValue = "",
            description = "Another libopenblas.so than the one Jane uses.")
    private String library;

    @Mixin private DuelOptions options = new DuelOptions();

    @Spec private CommandSpec spec;

    SgemmCommand() {}

    @Override
    public Integer call() {
        var chosen = shapes.stream().map(MatrixShape::parse).toList();
        options.check(spec);
        var report = new Report("sgemm", spec.commandLine().getOut());
        boolean passed = true;
        report.duelHeading();
        for (var shape : chosen) {
            var result = Duel.products(shape, library).fight(1, options.rounds(), Duel.Pace.FULL);
            boolean same = result.difference() <= TOLERANCE;
            boolean reached = result.ratio() <= 1;
            passed &= same && (reached || !options.strict());
            report.duel(result, "need 1.00: " + (reached ? "reached" : "missed"));
            report.line(
                    "%-20s GFLOP/s: jane %.1f, openblas %.1f; results %s",
                    "",
                    shape.flops() / result.jane().median() / 1e6,
                    shape.flops() / result.peer().median() / 1e6,
                    same ? "agree" : "DIFFER by " + result.difference());
        }
        report.write(options.json());
        return passed ? 0 : Main.MISSED;
    }
}
