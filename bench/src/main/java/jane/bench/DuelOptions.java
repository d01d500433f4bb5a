package jane.bench;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of the commands that compare. */
final class DuelOptions {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "12",
            description = "Blocks of each side, by turns. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--strict", description = "Fail when a ratio is not reached.")
    private boolean strict;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private Optional<Path> json = Optional.empty();

    DuelOptions() {}

    void check(CommandSpec spec) {
        if (rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "[bench] --rounds " + rounds + "; need 1 or more");
        }
    }

    int rounds() {
        return rounds;
    }

    boolean strict() {
        return strict;
    }

    Optional<Path> json() {
        return json;
    }
}
