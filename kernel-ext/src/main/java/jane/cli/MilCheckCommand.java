package jane.cli;

import jane.ir.Graph;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.target.Severity;
import jane.target.Target;
import jane.target.Violation;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jane mil check}: what a chip would refuse or get wrong. */
@Command(
        name = "check",
        description = {
            "Checks that a MIL program is well-formed, every function of it: syntax, ops, declared",
            "types, weight files. With a target, lists every violation of its rules with its id.",
            "A target is chip[@macOS][/route], such as m4, m5@26/inmem or strict."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no violation",
            "1:a violation, or a program that is not well-formed",
            "2:the command line was wrong"
        })
final class MilCheckCommand implements Callable<Integer> {
    @Mixin private MilFile file;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description =
                    "The function to check against the target. Default: main, or the only one.")
    private Optional<String> function = Optional.empty();

    @Option(
            names = "--target",
            paramLabel = "T",
            description = {
                "Target: also check its rules. strict is the union of all chips.",
                "Without it: syntax, ops, types and weight files only."
            })
    private Optional<String> target = Optional.empty();

    @Option(names = "--notes", description = "List notes too; they are no violations.")
    private boolean notes;

    @Option(names = "--errors", description = "List errors only, and fail for errors only.")
    private boolean errors;

    @Spec private CommandSpec spec;

    MilCheckCommand() {}

    @Override
    public Integer call() {
        Optional<Target> asked =
                target.map(Target::named); // before the files: a wrong name is cheap
        var program = file.read(function);
        var functions = MilParser.parseAll(program); // text that cannot be read breaks no rule
        if (asked.isPresent()) {
            return check(program, asked.get());
        }
        PrintWriter out = spec.commandLine().getOut();
        functions.forEach((name, graph) -> out.println(wellFormed(name, graph)));
        out.flush();
        return 0;
    }

    /** {@code main: well-formed, 12 ops, 1 input, 2 outputs}. */
    private static String wellFormed(String name, Graph graph) {
        long ops = graph.nodes().stream().filter(n -> !n.out().isConst()).count();
        return String.format(
                "%s: well-formed, %s, %s, %s",
                name,
                count(ops, "op"),
                count(graph.inputs().size(), "input"),
                count(graph.outputs().size(), "output"));
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private int check(Program program, Target chosen) {
        var all = chosen.check(program);
        var shown = all.stream().filter(v -> isShown(v.severity())).toList();
        PrintWriter out = spec.commandLine().getOut();
        shown.forEach(out::println);
        out.println(summary(chosen, all));
        out.flush();
        boolean broken = shown.stream().anyMatch(v -> v.severity() != Severity.NOTE);
        return broken ? Main.FAILED : 0;
    }

    private boolean isShown(Severity severity) {
        return switch (severity) {
            case ERROR -> true;
            case WARNING -> !errors;
            case NOTE -> notes && !errors;
        };
    }

    /** {@code 2 errors, 0 warnings, 1 note on m4 (61 rules; --notes lists the notes)}. */
    private String summary(Target chosen, List<Violation> all) {
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        all.forEach(v -> counts.merge(v.severity(), 1, Integer::sum));
        boolean hidden = counts.containsKey(Severity.NOTE) && !isShown(Severity.NOTE);
        return String.format(
                "%s, %s, %s on %s (%d rules%s)",
                count(counts, Severity.ERROR),
                count(counts, Severity.WARNING),
                count(counts, Severity.NOTE),
                chosen,
                chosen.rules().size(),
                hidden ? "; --notes lists the notes" : "");
    }

    private static String count(Map<Severity, Integer> counts, Severity severity) {
        return count(counts.getOrDefault(severity, 0), severity.word());
    }
}
