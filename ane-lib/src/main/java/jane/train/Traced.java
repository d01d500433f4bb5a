package jane.train;

import jane.compile.Placement;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.DeviceUse;
import jane.engine.Engine;
import jane.io.NpyArray;
import jane.ir.DataException;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import jane.tensor.Capture;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tensors turned into a bound program: placeholders and whatever else the outputs are made of
 * become inputs, outputs get buffers, and state is updated in place.
 */
final class Traced {
    private final List<Graph.Port> inputs = new ArrayList<>();
    private final List<Graph.Port> outputs = new ArrayList<>();
    private final List<Tensor> results = new ArrayList<>();
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<Value, String> named = new IdentityHashMap<>();
    private final List<Parameter> written = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Buffer> lent = new HashMap<>(); // read in place of buffers
    private final Map<String, List<Consumer<Buffer>>> checks = new HashMap<>();
    private Binding binding = () -> {};
    private Session.Compiled compiled;
    private Engine engine;

    /** A program input; the result is its buffer, to be filled before each run. */
    Buffer input(String name, Tensor placeholder) {
        return input(name, placeholder.value(), allocate(placeholder));
    }

    private Buffer input(String name, Value value, Buffer buffer) {
        var unique = unique(name);
        inputs.add(new Graph.Port(unique, value));
        named.put(value, unique);
        buffers.put(unique, buffer);
        return buffer;
    }

    /** An output; the result is its buffer, to be read after each run. */
    Buffer output(String name, Tensor tensor) {
        return output(unique(name), tensor, allocate(tensor));
    }

    private Buffer output(String name, Tensor tensor, Buffer buffer) {
        outputs.add(new Graph.Port(name, tensor.value()));
        results.add(tensor);
        buffers.put(name, buffer);
        return buffer;
    }

    /** A parameter that the program reads; {@code version} is what the graph was built from. */
    void parameter(String path, Parameter parameter, Tensor version) {
        input(path.replace('.', '_'), version.value(), parameter.memory());
    }

    /** State that lives in {@code memory}. */
    void state(String name, Tensor placeholder, Buffer memory) {
        input(name, placeholder.value(), memory);
    }

    /** Lets the program write {@code next} where it read {@code now}, already an input. */
    void update(Tensor now, Tensor next) {
        var name = named.get(now.value());
        var unique = unique("next_" + name);
        aliases.put(unique, name);
        output(unique, next, buffers.get(name));
        now.owner().ifPresent(written::add);
    }

    /** Has {@code check} see what an input is given from now on; nothing if it is no input. */
    void check(Tensor input, Consumer<Buffer> check) {
        var name = named.get(input.value());
        if (name != null) {
            checks.computeIfAbsent(name, n -> new ArrayList<>()).add(check);
        }
    }

    /** Has the checks of an input see what it is going to be given. */
    void check(String name, Buffer values) {
        checks.getOrDefault(name, List.of()).forEach(check -> check.accept(values));
    }

    /** Adds what else the outputs are made of, compiles and binds. */
    void compile() {
        for (var leaf : Capture.leaves(results)) {
            if (!named.containsKey(leaf.value())) {
                var name = leaf.tensor().owner().map(Parameter::name).orElse("captured");
                input(name, leaf.value(), leaf.tensor().buffer());
            }
        }
        engine = Session.current().engine();
        compiled = Session.current().compile(Graph.of(inputs, outputs), aliases);
        binding = compiled.executable().bind(buffers);
        results.clear(); // they hold versions of parameters, each of which would cost a copy
    }

    /**
     * Has the following runs read an input from {@code values}: where they lie, if the engine can,
     * else from a copy. They must stay as they are until the run is over.
     */
    void feed(String name, Buffer values) {
        check(name, values);
        var from = values;
        if (!binding.read(name, values)) {
            from = buffers.get(name);
            from.copyFrom(values);
            binding.read(name, from);
        }
        lent.put(name, from);
    }

    void run() {
        written.forEach(Parameter::beforeWrite);
        binding.run();
    }

    /**
     * Runs, and writes the program as an engine takes it, {@code inputs/NAME.npy} as they were
     * before and {@code outputs/NAME.npy} as it left them to {@code recording}.
     */
    void run(Optional<Path> recording) {
        recording.ifPresent(
                folder -> {
                    requireOneProgram();
                    ProgramFiles.write(program(), folder);
                    save(folder.resolve("inputs"), true);
                });
        run();
        recording.ifPresent(folder -> save(folder.resolve("outputs"), false));
    }

    private void requireOneProgram() {
        if (compiled.programs().size() > 1) {
            throw new JaneException(
                    "step",
                    "is %d programs on %s, which cannot be recorded as one; record it on engine"
                            + " cpu",
                    compiled.programs().size(),
                    engine.name());
        }
    }

    /** The engine it was compiled for. */
    Engine engine() {
        return engine;
    }

    /** What runs where, and why, on an engine with a target. */
    Optional<Placement> placement() {
        return compiled.placement();
    }

    /** Parts that the engine did not take, from 1, and why. */
    Map<Integer, String> fallbacks() {
        return compiled.executable().fallbacks();
    }

    Optional<DeviceUse> deviceUse() {
        return compiled.executable().deviceUse();
    }

    /** Writes the contents of every input, or of every output, to {@code folder/NAME.npy}. */
    private void save(Path folder, boolean ofInputs) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(e, folder.toString(), "cannot make this folder: %s", e);
        }
        for (var port : ofInputs ? inputs : outputs) {
            var buffer = lent.getOrDefault(port.name(), buffers.get(port.name()));
            var bytes = buffer.bytes().duplicate().limit((int) buffer.type().sizeBytes());
            NpyArray.write(folder.resolve(port.name() + ".npy"), buffer.type(), bytes);
        }
    }

    Program program() {
        return compiled.program();
    }

    long scratchBytes() {
        return compiled.executable().scratchBytes();
    }

    /** Lines of the engine's plan. */
    List<String> plan() {
        return compiled.executable().plan();
    }

    private String unique(String name) {
        var unique = name;
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }

    private static Buffer allocate(Tensor tensor) {
        return Session.current().engine().allocate(tensor.type());
    }
}
