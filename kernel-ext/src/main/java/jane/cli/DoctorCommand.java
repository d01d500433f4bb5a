package jane.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import jane.cli.Finding.Level;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jane doctor}: what Jane needs, what is there, and what to do about the rest. */
@Command(
        name = "doctor",
        description =
                "Checks the JDK, the engines and Jupyter, and says how to fix what is missing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no problem (warnings are no problem)",
            "1:at least one problem",
            "2:the command line was wrong"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec private CommandSpec spec;

    DoctorCommand() {}

    @Override
    public Integer call() {
        List<Finding> findings = new Doctor(Machine.current()).examine();
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(findings) : text(findings));
        out.flush();
        return exitCode(findings);
    }

    static int exitCode(List<Finding> findings) {
        return count(findings, Level.PROBLEM) == 0 ? 0 : Main.FAILED;
    }

    static String text(List<Finding> findings) {
        var text = new StringBuilder();
        for (Finding f : findings) {
            text.append("%-8s %-15s %s%n".formatted(f.level().word(), f.subject(), f.found()));
            if (!f.fix().isEmpty()) {
                text.append("%-8s %-15s fix: %s%n".formatted("", "", f.fix()));
            }
        }
        long problems = count(findings, Level.PROBLEM);
        long warnings = count(findings, Level.WARNING);
        return text.append("problems: %d, warnings: %d".formatted(problems, warnings)).toString();
    }

    static String json(List<Finding> findings) {
        var checks = new JsonArray();
        for (Finding f : findings) {
            var check = new JsonObject();
            check.addProperty("subject", f.subject());
            check.addProperty("level", f.level().word());
            check.addProperty("found", f.found());
            check.addProperty("fix", f.fix());
            checks.add(check);
        }
        var report = new JsonObject();
        report.addProperty("version", Version.jane());
        report.addProperty("problems", count(findings, Level.PROBLEM));
        report.addProperty("warnings", count(findings, Level.WARNING));
        report.add("checks", checks);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report);
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(f -> f.level() == level).count();
    }
}
