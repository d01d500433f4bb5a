package jane.cli;

import jane.ir.DataException;
import jane.mil.Dialect;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane mil fmt}: a program as Jane writes it. */
@Command(
        name = "fmt",
        description = {
            "Checks a MIL program and prints it in one form: every default and every constant",
            "written out, weights unpacked and collected in weights/weight.bin."
        })
final class MilFmtCommand implements Callable<Integer> {
    @Mixin private MilFile file;

    @Option(
            names = "--dialect",
            paramLabel = "D",
            defaultValue = "A",
            description = {
                "A: program(1.3), ios18, scalars as int32(1). B: program(1.0), ios16, scalars as",
                "tensor<int32, []>(1). Default: ${DEFAULT-VALUE}."
            })
    private Dialect dialect;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write model.mil and the packed weights to DIR and print nothing.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--write",
            description = {
                "Write the text back to FILE and print nothing. Refused if the weights would"
                        + " change:",
                "other programs may read them. Use --out then."
            })
    private boolean write;

    @Spec private CommandSpec spec;

    MilFmtCommand() {}

    @Override
    public Integer call() {
        if (write && out.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "[mil] --write and --out; need one of them");
        }
        var given = file.read();
        Program program = MilPrinter.reprint(given, dialect);
        if (out.isPresent()) {
            ProgramFiles.write(program, out.get());
        } else if (write) {
            writeBack(given, program);
        } else {
            print(program);
        }
        return 0;
    }

    private void writeBack(Program given, Program program) {
        if (!given.files().equals(program.files())) {
            throw new DataException(
                    file.path().toString(),
                    "--write would move weights %s to %s; need --out DIR, which writes both",
                    given.files().keySet(),
                    program.files().keySet());
        }
        ProgramFiles.writeText(program, file.path());
    }

    private void print(Program program) {
        PrintWriter printer = spec.commandLine().getOut();
        printer.print(program.text());
        printer.flush();
        if (!program.files().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("[mil] offsets are those of repacked weights; --out DIR writes both");
            err.flush();
        }
    }
}
