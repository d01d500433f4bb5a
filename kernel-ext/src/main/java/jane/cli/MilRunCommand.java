package jane.cli;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.io.NpyArray;
import jane.ir.DataException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.mil.ProgramFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jane mil run}: one run of a program on npy files. */
@Command(name = "run", description = "Runs a MIL program once, from npy files to npy files.")
final class MilRunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The MIL text.")
    private Path file;

    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "What @model_path stands for. Default: the folder of FILE.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "cpu",
            description = "Engine to run on. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Option(
            names = "--input",
            paramLabel = "NAME=FILE.npy",
            description = "An input's value; one for each input of the program.")
    private Map<String, Path> inputs = new LinkedHashMap<>();

    @Option(
            names = "--output",
            paramLabel = "NAME=FILE.npy",
            description = "Where to write an output; others are only listed.")
    private Map<String, Path> outputs = new LinkedHashMap<>();

    @Spec private CommandSpec spec;

    MilRunCommand() {}

    @Override
    public Integer call() {
        Path folder = weights.orElseGet(() -> file.toAbsolutePath().getParent());
        var program = ProgramFiles.read(file, folder);
        try (Engine cpu = Engines.open(engine, Runtime.getRuntime().availableProcessors());
                Executable executable = cpu.compile(program)) {
            checkNames(executable);
            run(cpu, executable);
        }
        return 0;
    }

    private void checkNames(Executable executable) {
        checkKnown("--input", inputs.keySet(), executable.inputs().keySet());
        checkKnown("--output", outputs.keySet(), executable.outputs().keySet());
        for (var input : executable.inputs().entrySet()) {
            if (!inputs.containsKey(input.getKey())) {
                throw new DataException(
                        file.toString(),
                        "no value for input '%s'; need --input %s=FILE.npy with %s",
                        input.getKey(),
                        input.getKey(),
                        input.getValue());
            }
        }
    }

    private void checkKnown(String option, Set<String> given, Set<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw new DataException(
                        file.toString(), "%s '%s' is not among %s", option, name, known);
            }
        }
    }

    private void run(Engine cpu, Executable executable) {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        try {
            executable.inputs().forEach((n, t) -> buffers.put(n, loaded(cpu, inputs.get(n), t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, cpu.allocate(t)));
            executable.bind(buffers).run();
            executable.outputs().forEach((n, t) -> save(n, t, buffers.get(n)));
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static Buffer loaded(Engine cpu, Path npy, TensorType type) {
        var array = NpyArray.read(npy);
        if (!array.type().equals(type)) {
            throw new ShapeException(npy.toString(), "holds %s; need %s", array.type(), type);
        }
        var buffer = cpu.allocate(type);
        buffer.putBytes(array.data());
        return buffer;
    }

    private void save(String name, TensorType type, Buffer buffer) {
        PrintWriter out = spec.commandLine().getOut();
        Path npy = outputs.get(name);
        if (npy == null) {
            out.println(name + ": " + type);
        } else {
            NpyArray.write(npy, type, buffer.bytes().slice(0, (int) type.sizeBytes()));
            out.println(name + ": " + type + " -> " + npy);
        }
        out.flush();
    }
}
