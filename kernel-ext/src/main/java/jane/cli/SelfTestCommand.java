package jane.cli;

import jane.cli.selftest.Line;
import jane.cli.selftest.Report;
import jane.cli.selftest.SelfTest;
import jane.cli.selftest.Verdict;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.io.AtomicFile;
import jane.ir.JaneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private static final int INTERRUPTED = 130;
    private static final int PATIENCE_SECONDS = 5;

    @Option(
            names = "--engine",
            paramLabel = "E",
            description = "Engine to test; may be given again. Default: those of this machine.")
    private List<String> engines = List.of();

    @Option(
            names = "--graphs",
            paramLabel = "N",
            defaultValue = "40",
            description = "Graphs of the conformance suite. Default: ${DEFAULT-VALUE}.")
    private long graphs;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = {
                "Also write the report to FILE, to attach to an issue; one that exists is"
                        + " replaced.",
                "Ctrl-C keeps what was found until then."
            })
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
            throw wrong("--graphs " + graphs + "; need 1 or more");
        }
        json.ifPresent(file -> requireWritable("--json", file));
        markdown.ifPresent(file -> requireWritable("--markdown", file));
        var names = engines.isEmpty() ? SelfTest.usual() : engines;
        names.forEach(this::requireEngine);
        var host = Machine.Host.current();
        var test = new SelfTest(host.processor(), names, graphs, this::say);
        var ended = new CountDownLatch(1);
        var ending = ending(test, host, ended);
        Report report;
        try {
            report = told(host, test.run());
        } finally {
            ended.countDown();
        }
        if (!isStopped(ending)) {
            return INTERRUPTED;
        }
        write(report);
        say(report.summary() + String.format(Locale.ROOT, ", in %.0f s", report.seconds()));
        return report.count(Verdict.DIFFERS) == 0 ? 0 : Main.FAILED;
    }

    /**
     * If the process is asked to end: keeps what there is, then lets the test close its engines.
     */
    private Thread ending(SelfTest test, Machine.Host host, CountDownLatch ended) {
        var main = Thread.currentThread();
        var ending =
                new Thread(
                        () -> {
                            write(told(host, test.soFar()));
                            test.stop();
                            main.interrupt();
                            try {
                                ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "self-test, ended early");
        Runtime.getRuntime().addShutdownHook(ending);
        return ending;
    }

    /** False if it began already: then it has written the report. */
    private static boolean isStopped(Thread ending) {
        try {
            return Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), "[selftest] " + what);
    }

    /** Before the work, which a report that cannot be written would waste. */
    private void requireWritable(String option, Path file) {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw wrong(option + " " + file + " is a folder; need the name of a file in one");
        }
        try {
            Files.delete(Files.createTempFile(folder, file.getFileName() + ".", ".tmp"));
        } catch (IOException e) {
            throw wrong(
                    "%s %s cannot be written: %s; need an existing folder with write permission"
                            .formatted(option, file, e));
        }
    }

    /** One that is not here is a line of the report; one that means nothing is a mistake. */
    private void requireEngine(String name) {
        try {
            Engines.open(name, 1).close();
        } catch (EngineUnavailableException notHere) {
            return;
        } catch (JaneException e) {
            throw wrong("--engine: " + e.getMessage());
        }
    }

    private void say(Line line) {
        say(line.text());
    }

    private void say(String text) {
        var out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private static Report told(Machine.Host host, Report report) {
        return report.with("jane", Version.jane())
                .with("build", host.mac() ? MacProcessor.build() : "not macOS")
                .with("model", host.mac() ? MacProcessor.model() : "no Mac");
    }

    private void write(Report report) {
        json.ifPresent(file -> write(file, report.json()));
        markdown.ifPresent(file -> write(file, report.markdown()));
    }

    private static void write(Path file, String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, bytes));
    }
}
