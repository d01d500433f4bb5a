package jane.cli;

import jane.ir.JaneException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code jane}: one subcommand per job, {@code --help} on each. */
@Command(
        name = "jane",
        description = "Java for the Apple Neural Engine: train networks as MIL programs.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the work is done",
            "1:the work failed; the last line says why",
            "2:the command line was wrong"
        },
        subcommands = {
            DoctorCommand.class,
            BenchCommand.class,
            TrainDigitsCommand.class,
            MilCommand.class,
            ConformCommand.class,
            SelfTestCommand.class,
            KernelspecCommand.class,
            KernelCommand.class
        })
public final class Main implements Runnable {
    /** The work failed. */
    static final int FAILED = 1;

    @Spec private CommandSpec spec;

    Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command tree, with Jane's error messages. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler(Main::report);
    }

    /** A full memory is the machine's or the program's state and no bug: it is said in a line. */
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError full) {
            PrintWriter err = parsed.commandSpec().commandLine().getErr();
            err.printf(
                    "[jane] out of memory, of which Java takes %d MiB at most: %s; need less, or"
                            + " more: java -Xmx8g -jar ...%n",
                    Runtime.getRuntime().maxMemory() >> 20, full.getMessage());
            err.flush();
            return FAILED;
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "[jane] no command given; need one");
    }

    /** Our own errors are for the reader, without a stack; any other is a bug and shows one. */
    private static int report(
            Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (error instanceof JaneException) {
            err.println(error.getMessage());
        } else {
            err.println(
                    "[jane] internal error in " + command.getCommandName() + "; please report:");
            error.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }
}
