package jane.bench;

import jane.ir.JaneException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The benchmarks' command line; see {@code bench/README.md}. */
@Command(
        name = "bench",
        description = "Jane against its peers, and Jane's own kernels and memory.",
        subcommands = {
            PeersCommand.class,
            SgemmCommand.class,
            OverheadCommand.class,
            ExactCommand.class,
            SoakCommand.class,
            RooflineCommand.class,
            BlockCommand.class,
            JmhCommand.class
        })
public final class Main implements Runnable {
    /** Something measured is not as it must be. */
    static final int MISSED = 1;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Spec private CommandSpec spec;

    Main() {}

    /** Runs a command line and exits: 0 done, 1 failed or a limit missed, 2 bad arguments. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(
                        (error, command, parsed) -> {
                            if (error instanceof JaneException) {
                                command.getErr().println(error.getMessage());
                            } else {
                                error.printStackTrace(command.getErr());
                            }
                            return MISSED;
                        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "[bench] no command given; need one");
    }
}
