package jane.cli;

import jane.mil.MilParser;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jane mil fmt}: a program as Jane writes it. */
@Command(
        name = "fmt",
        description = {
            "Checks a MIL program and prints it in one form: program(1.3), every default and every",
            "constant written out, weights packed into weights/weight.bin."
        })
final class MilFmtCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The MIL text.")
    private Path file;

    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "What @model_path stands for. Default: the folder of FILE.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write model.mil and the packed weights to DIR and print nothing.")
    private Optional<Path> out = Optional.empty();

    @Spec private CommandSpec spec;

    MilFmtCommand() {}

    @Override
    public Integer call() {
        Path folder = weights.orElseGet(() -> file.toAbsolutePath().getParent());
        Program program = MilPrinter.print(MilParser.parse(ProgramFiles.read(file, folder)));
        if (out.isPresent()) {
            ProgramFiles.write(program, out.get());
            return 0;
        }
        PrintWriter printer = spec.commandLine().getOut();
        printer.print(program.text());
        printer.flush();
        if (!program.files().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("[mil] offsets are those of repacked weights; --out DIR writes both");
            err.flush();
        }
        return 0;
    }
}
