package jane.cli;

import jane.engine.cpu.CpuEngine;
import jane.ir.JaneException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --threads} of a command that computes. */
final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Worker threads. Default: one per processor.")
    private Optional<Integer> threads = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    ThreadsOption() {}

    /** What was asked for, or one for each processor; a number out of range is a usage error. */
    int count() {
        try {
            return CpuEngine.requireThreads(
                    threads.orElse(Runtime.getRuntime().availableProcessors()));
        } catch (JaneException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
