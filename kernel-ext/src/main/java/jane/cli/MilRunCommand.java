package jane.cli;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.io.NpyArray;
import jane.ir.DataException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.mil.States;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane mil run}: one run of a program on npy files. */
@Command(name = "run", description = "Runs a MIL program once, from npy files to npy files.")
final class MilRunCommand implements Callable<Integer> {
    @Mixin private MilFile file;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description = "The function to run. Default: main, or the only one.")
    private Optional<String> function = Optional.empty();

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "cpu",
            description = "Engine: cpu, or sim:TARGET such as sim:m4. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Option(
            names = "--mode",
            paramLabel = "M",
            description = {
                "How sim:TARGET computes: exact, the measured arithmetic, or fast, fp16 after each",
                "op and fp32 inside. Default: exact."
            })
    private Optional<String> mode = Optional.empty();

    @Option(
            names = "--input",
            paramLabel = "NAME=FILE.npy",
            description = "An input's value; one for each input. A state without one is zero.")
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
        var name = engineName();
        var program = States.asPorts(file.read(function));
        try (Engine cpu = Engines.open(name, Runtime.getRuntime().availableProcessors());
                Executable executable = cpu.compile(program)) {
            checkNames(executable, program.aliases().values());
            run(cpu, executable);
        }
        return 0;
    }

    /** The engine's name with its mode. */
    private String engineName() {
        if (mode.isEmpty()) {
            return engine;
        }
        if (!List.of("exact", "fast").contains(mode.get())) {
            throw usage("[mil] unknown mode '%s'; need exact or fast", mode.get());
        }
        if (!engine.startsWith("sim:")) {
            throw usage("[mil] --mode %s for engine %s; need sim:TARGET", mode.get(), engine);
        }
        return mode.get().equals("fast") ? engine + ":fast" : engine;
    }

    private ParameterException usage(String format, Object... args) {
        return new ParameterException(spec.commandLine(), String.format(format, args));
    }

    /** A state may be missing: it starts at zero. */
    private void checkNames(Executable executable, Collection<String> states) {
        checkKnown("--input", inputs.keySet(), executable.inputs().keySet());
        checkKnown("--output", outputs.keySet(), executable.outputs().keySet());
        for (var input : executable.inputs().entrySet()) {
            if (!inputs.containsKey(input.getKey()) && !states.contains(input.getKey())) {
                throw new DataException(
                        file.path().toString(),
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
                        file.path().toString(), "%s '%s' is not among %s", option, name, known);
            }
        }
    }

    private void run(Engine cpu, Executable executable) {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        try {
            executable.inputs().forEach((n, t) -> buffers.put(n, filled(cpu, n, t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, cpu.allocate(t)));
            executable.bind(buffers).run();
            executable.outputs().forEach((n, t) -> save(n, t, buffers.get(n)));
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private Buffer filled(Engine cpu, String name, TensorType type) {
        var npy = inputs.get(name);
        return npy == null ? cpu.allocate(type) : loaded(cpu, npy, type);
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
