package jane.cli;

import jane.cli.selftest.Report;
import jane.cli.selftest.SelfTest;
import jane.cli.selftest.Verdict;
import jane.io.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane selftest}: what holds of this machine's Neural Engine. */
@Command(
        name = "selftest",
        description = {
            "Holds the Neural Engine of this machine against what is published of it.",
            "On a machine without one, a simulator; every line then says 'simulated'."
        })
final class SelfTestCommand implements Callable<Integer> {
    @Option(
            names = "--engine",
            paramLabel = "E",
            description = "Engine to test; may be given again. Default: those of this machine.")
    private List<String> engines = List.of();

    @Option(
            names = "--graphs",
            paramLabel = "N",
            defaultValue = "60",
            description = "Graphs of the conformance suite. Default: ${DEFAULT-VALUE}.")
    private long graphs;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write the report to FILE, to attach to an issue.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write the report to FILE as Markdown.")
    private Optional<Path> markdown = Optional.empty();

    @Spec private CommandSpec spec;

    SelfTestCommand() {}

    @Override
    public Integer call() {
        if (graphs < 1) {
            throw new ParameterException(
                    spec.commandLine(), "[selftest] --graphs " + graphs + "; need 1 or more");
        }
        var out = spec.commandLine().getOut();
        var names = engines.isEmpty() ? SelfTest.usual() : engines;
        Report report =
                new SelfTest(
                                Machine.Host.current().processor(),
                                names,
                                graphs,
                                line -> {
                                    out.println(line.text());
                                    out.flush();
                                })
                        .run()
                        .with("jane", Version.jane());
        json.ifPresent(file -> write(file, report.json()));
        markdown.ifPresent(file -> write(file, report.markdown()));
        out.println(report.summary());
        out.flush();
        return report.count(Verdict.DIFFERS) == 0 ? 0 : Main.FAILED;
    }

    private static void write(Path file, String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, bytes));
    }
}
