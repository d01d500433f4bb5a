import jane.engine.Buffer;
import jane.engine.Checked;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import jane.target.Effect;
import jane.target.Route;
import jane.target.Usage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Computes for a stand-in of Apple's frameworks (process.c), on an engine of Jane: that of a target
 * has its rules, on the stand-in's route, and its arithmetic. Use: JANE_STANDIN_BACKEND='exec java
 * -cp dist/jane.jar native/testing/Backend.java sim:m5 $1'.
 */
final class Backend {
    private static final int KEPT = 100; // programs; a stand-in does not tell when it releases one
    private static final int RUN = 1;

    private record Port(String name, boolean isOutput, int alias, int bytes) {}

    private record Key(String folder, Map<String, String> aliases) {}

    /** Names: what it calls a port. */
    private record Compiled(Executable executable, UnaryOperator<String> names) {}

    private final Engine engine;
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<Key, Compiled> programs = new LinkedHashMap<>(16, 0.75f, true);

    private Backend(Engine engine, DataInputStream in, OutputStream out) {
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    /** Answers until the stand-in's process ends. Arguments: the engine, the stand-in's route. */
    public static void main(String[] args) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        System.setOut(System.err); // nothing else may write between the answers
        var name = args[0];
        if (args.length > 1 && args[1].equals(Route.IN_MEMORY.word())) {
            name = name.replaceFirst("^(sim:[^:/]*)", "$1/" + args[1]);
        }
        try (var engine = Engines.open(name, Runtime.getRuntime().availableProcessors())) {
            new Backend(engine, in, out).serve();
        }
    }

    private void serve() throws IOException {
        while (true) {
            int what;
            try {
                what = number();
            } catch (EOFException e) {
                return;
            }
            var folder = text();
            try {
                if (what == RUN) {
                    run(folder);
                } else {
                    compile(folder);
                }
            } catch (JaneException e) {
                refuse(e.getMessage());
            }
            out.flush();
        }
    }

    /** The program may have changed in its folder: it is read again. */
    private void compile(String folder) throws IOException {
        programs.entrySet().removeIf(e -> e.getKey().folder().equals(folder) && closed(e.getValue()));
        program(new Key(folder, Map.of()));
        write(numbers(0));
    }

    private static boolean closed(Compiled program) {
        program.executable().close();
        return true;
    }

    private Compiled program(Key key) {
        var known = programs.get(key);
        if (known == null) {
            if (programs.size() == KEPT) {
                var oldest = programs.entrySet().iterator().next().getKey();
                closed(programs.remove(oldest));
            }
            var read = ProgramFiles.read(Path.of(key.folder())).withAliases(key.aliases());
            known =
                    inMemory()
                            ? inOrder(read)
                            : new Compiled(engine.compile(read), UnaryOperator.identity());
            programs.put(key, known);
        }
        return known;
    }

    private boolean inMemory() {
        return engine.target().filter(t -> t.route() == Route.IN_MEMORY).isPresent();
    }

    /**
     * A simulator of that route takes values for one another where ports are not in the order of their
     * names. Here they have names already, as the bridge finds them out: others, then, that are.
     */
    private Compiled inOrder(Program given) {
        var checked = Checked.of(given, engine.target().orElseThrow(), Usage.FRESH);
        checked.refuse(engine.name(), v -> v.effect() != Effect.EVAL_FAILURE);
        var names = new HashMap<String, String>();
        var inputs = numbered("x", checked.graph().inputs(), names);
        var outputs = numbered("y", checked.graph().outputs(), names);
        return new Compiled(engine.compile(MilPrinter.print(Graph.of(inputs, outputs))), names::get);
    }

    private static List<Graph.Port> numbered(
            String prefix, List<Graph.Port> ports, Map<String, String> names) {
        var numbered = new ArrayList<Graph.Port>();
        for (var port : ports) {
            var name = String.format("%s%03d", prefix, numbered.size());
            names.put(port.name(), name);
            numbered.add(new Graph.Port(name, port.value()));
        }
        return numbered;
    }

    private void run(String folder) throws IOException {
        var ports = new Port[number()];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = new Port(text(), number() != 0, number(), (int) bytes(8).getLong());
        }
        var inputs = new HashMap<String, ByteBuffer>();
        var aliases = new TreeMap<String, String>();
        for (var port : ports) {
            if (!port.isOutput()) {
                inputs.put(port.name(), bytes(port.bytes()));
            } else if (port.alias() >= 0) {
                aliases.put(port.name(), ports[port.alias()].name());
            }
        }
        answer(program(new Key(folder, aliases)), List.of(ports), inputs, aliases);
    }

    private void answer(
            Compiled compiled,
            List<Port> ports,
            Map<String, ByteBuffer> inputs,
            Map<String, String> aliases)
            throws IOException {
        var program = compiled.executable();
        var names = compiled.names();
        var own = new HashMap<String, String>();
        aliases.forEach((output, input) -> own.put(names.apply(output), names.apply(input)));
        var buffers = new HashMap<String, Buffer>();
        program.inputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        inputs.forEach((name, bytes) -> buffers.get(names.apply(name)).putBytes(bytes));
        program.outputs()
                .forEach(
                        (name, type) ->
                                buffers.put(
                                        name,
                                        own.containsKey(name)
                                                ? buffers.get(own.get(name))
                                                : engine.allocate(type)));
        program.bind(buffers).run();
        write(numbers(0));
        for (var port : ports) {
            if (port.isOutput()) {
                var bytes = new byte[port.bytes()];
                buffers.get(names.apply(port.name())).bytes().get(0, bytes);
                out.write(bytes);
            }
        }
        buffers.values().forEach(Buffer::close);
    }

    private void refuse(String reason) throws IOException {
        var bytes = reason.replaceAll("\\s*\\R\\s*", " ").getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, 1_000);
        write(numbers(1, length));
        out.write(bytes, 0, length);
    }

    private int number() throws IOException {
        return bytes(4).getInt();
    }

    private String text() throws IOException {
        return StandardCharsets.UTF_8.decode(bytes(number())).toString();
    }

    private ByteBuffer bytes(int count) throws IOException {
        var bytes = new byte[count];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer numbers(int... values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes;
    }

    private void write(ByteBuffer bytes) throws IOException {
        out.write(bytes.array());
    }
}
