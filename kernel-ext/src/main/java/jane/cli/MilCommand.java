package jane.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane mil}: MIL programs by hand. */
@Command(
        name = "mil",
        description = "Runs, checks and formats MIL programs.",
        subcommands = {
            MilRunCommand.class,
            MilFmtCommand.class,
            MilCheckCommand.class,
            MilCostCommand.class
        })
final class MilCommand implements Runnable {
    @Spec private CommandSpec spec;

    MilCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "[mil] no command given; need one of run, fmt, check, cost");
    }
}
