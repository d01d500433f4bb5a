package jane.cli;

import jane.ir.DataException;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program that a {@code jane mil} command is about. */
final class MilFile {
    @Parameters(paramLabel = "FILE", description = "The MIL text.")
    private Path file;

    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "What @model_path stands for. Default: the folder of FILE.")
    private Optional<Path> weights = Optional.empty();

    MilFile() {}

    /** The text's file. */
    Path path() {
        return file;
    }

    /** What {@code @model_path} stands for. */
    Path folder() {
        return weights.orElseGet(() -> file.toAbsolutePath().getParent());
    }

    /** Reads text and weights; only the syntax is checked. */
    Program read() {
        return ProgramFiles.read(file, folder());
    }

    /** Reads text and weights, of which {@code function} is to run. */
    Program read(Optional<String> function) {
        var program = read();
        if (function.isEmpty()) {
            return program;
        }
        var names = MilParser.parseAll(program).keySet();
        if (!names.contains(function.get())) {
            throw new DataException(
                    file.toString(), "--function '%s' is not among %s", function.get(), names);
        }
        return program.withFunction(function.get());
    }
}
