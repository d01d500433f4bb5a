package jane.cli;

import jane.mil.MilParser;
import jane.mil.ProgramFiles;
import jane.target.Severity;
import jane.target.Target;
import jane.target.Violation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jane mil check}: what a chip would refuse or get wrong. */
@Command(
        name = "check",
        description = {
            "Checks a MIL program against a target's rules and lists every violation with its id.",
            "A target is chip[@macOS][/route], such as m4, m5@26/inmem or strict."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no violation",
            "1:a violation, or text that cannot be read",
            "2:the command line was wrong"
        })
final class MilCheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The MIL text.")
    private Path file;

    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "What @model_path stands for. Default: the folder of FILE.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--target",
            paramLabel = "T",
            defaultValue = "strict",
            description = "Target. Default: ${DEFAULT-VALUE}, the union of all chips.")
    private String target;

    @Option(names = "--notes", description = "List notes too; they are no violations.")
    private boolean notes;

    @Option(names = "--errors", description = "List errors only, and fail for errors only.")
    private boolean errors;

    @Spec private CommandSpec spec;

    MilCheckCommand() {}

    @Override
    public Integer call() {
        var chosen = Target.named(target);
        Path folder = weights.orElseGet(() -> file.toAbsolutePath().getParent());
        var program = ProgramFiles.read(file, folder);
        MilParser.parse(program); // a text that cannot be read is no program to check
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
        int n = counts.getOrDefault(severity, 0);
        return n + " " + severity.word() + (n == 1 ? "" : "s");
    }
}
