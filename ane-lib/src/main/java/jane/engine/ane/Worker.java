package jane.engine.ane;

import jane.engine.power.Qos;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.target.Route;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The main class of the worker process of {@code ane:isolated}: has the bridge, and does what the
 * process that started it asks through shared memory. Ends when that process does.
 */
public final class Worker {
    private final Path folder;
    private final Supplier<Bridge> opener;
    private final Map<Integer, Held> programs = new HashMap<>();
    private final List<ByteBuffer> segments = new ArrayList<>();
    private Bridge bridge;

    private Worker(Path folder, Supplier<Bridge> opener) {
        this.folder = folder;
        this.opener = opener;
    }

    /**
     * Arguments: folders of shared memory and programs, library, framework, device, power's
     * library, route.
     */
    public static void main(String[] args) throws IOException {
        serve(
                args,
                () ->
                        NativeBridge.open(
                                given(args[2]),
                                given(args[3]),
                                Device.valueOf(args[4]),
                                given(args[5]),
                                Route.valueOf(args[6])));
    }

    private static Optional<String> given(String argument) {
        return Optional.of(argument).filter(s -> !s.isEmpty());
    }

    /** Answers until the pipe ends; {@code opener} is called for the first command. */
    static void serve(String[] args, Supplier<Bridge> opener) throws IOException {
        var worker = new Worker(Path.of(args[0]), opener);
        var out = System.out;
        System.setOut(System.err); // what libraries print must not wake the other end
        var control = SharedMemory.open(worker.folder.resolve("control"));
        var channel = Channel.worker(control, new FileInputStream(FileDescriptor.in), out);
        ProcessHandle.current().parent().ifPresent(owner -> endWith(owner, args));
        while (channel.receive(() -> {})) {
            worker.answer(channel);
            channel.send();
        }
        clean(args);
    }

    /** The pipe tells at once, but only a worker that waits; this one also ends one that hangs. */
    private static void endWith(ProcessHandle owner, String[] args) {
        owner.onExit()
                .thenRun(
                        () -> {
                            clean(args);
                            Runtime.getRuntime().halt(1);
                        });
    }

    /** The owner deletes its folders too, unless it was killed. */
    private static void clean(String[] args) {
        Folders.delete(Path.of(args[0]));
        Folders.delete(Path.of(args[1]));
    }

    private void answer(Channel channel) {
        var body = channel.body();
        try {
            var command = Command.values()[body.getInt()];
            if (bridge == null) {
                bridge = opener.get();
            }
            if (command == Command.DESCRIBE) {
                var text = bridge.describe();
                Channel.putText(channel.body().putInt(0), text);
                return;
            }
            long result = obey(command, body.getInt(), body);
            channel.body().putInt(0).putLong(result);
        } catch (AneException e) {
            Channel.putText(channel.body().putInt(e.status().ordinal()), e.text());
        } catch (RuntimeException | IOException e) { // told at the other end, as all else is
            Channel.putText(channel.body().putInt(AneStatus.ENOLIB.ordinal()), e.getMessage());
        }
    }

    private long obey(Command command, int number, ByteBuffer body) throws IOException {
        switch (command) {
            case COMPILE -> {
                var title = Channel.text(body);
                var dir = Path.of(Channel.text(body));
                programs.put(
                        number, new Held(bridge.compile(title, dir, Path.of(Channel.text(body)))));
            }
            case LOAD -> load(programs.get(number), body);
            case RELOAD -> programs.get(number).handle.reload();
            case RUN -> {
                return programs.get(number).run(body);
            }
            case QOS ->
                    bridge.qos(
                            Arrays.stream(Qos.values())
                                    .filter(q -> q.code() == number)
                                    .findFirst()
                                    .orElseThrow());
            case RELEASE -> programs.remove(number).handle.release();
            case DESCRIBE -> throw new IllegalStateException("answered before");
        }
        return 0;
    }

    private void load(Held held, ByteBuffer body) throws IOException {
        held.handle.load();
        int count = body.getInt();
        for (int i = 0; i < count; i++) {
            var name = Channel.text(body);
            boolean isOutput = body.get() != 0;
            var dtype = DType.ofMil(Channel.text(body));
            var dims = new int[body.getInt()];
            for (int d = 0; d < dims.length; d++) {
                dims[d] = body.getInt();
            }
            var type = new TensorType(dtype, Shape.of(dims));
            var port = held.handle.port(name, isOutput, type);
            int size = (int) type.sizeBytes();
            var regions = new ByteBuffer[] {region(body, size), region(body, size)};
            (isOutput ? held.outputs : held.inputs).add(new Copied(port, regions, size));
        }
        for (int left = body.getInt(); left > 0; left--) { // the state stays in the ports
            held.handle.alias(Channel.text(body), Channel.text(body));
        }
    }

    private ByteBuffer region(ByteBuffer body, int size) throws IOException {
        int segment = body.getInt();
        while (segments.size() <= segment) {
            segments.add(SharedMemory.open(folder.resolve(Integer.toString(segments.size()))));
        }
        return SharedMemory.slice(segments.get(segment), body.getInt(), size);
    }

    /** A port and its places in shared memory, by state set. */
    private static final class Copied {
        final Bridge.Port port;
        final ByteBuffer[] regions;
        final int size;

        Copied(Bridge.Port port, ByteBuffer[] regions, int size) {
            this.port = port;
            this.regions = regions;
            this.size = size;
        }
    }

    private static final class Held {
        final Bridge.Handle handle;
        final List<Copied> inputs = new ArrayList<>();
        final List<Copied> outputs = new ArrayList<>();

        Held(Bridge.Handle handle) {
            this.handle = handle;
        }

        /** Reads what has changed of a state set, writes the other. */
        long run(ByteBuffer body) {
            int set = body.getInt();
            for (int count = body.getInt(); count > 0; count--) {
                var in = inputs.get(body.getInt());
                in.port.memory().put(0, in.regions[set], 0, in.size);
            }
            handle.run();
            for (var out : outputs) {
                out.regions[1 - set].put(0, out.port.memory(), 0, out.size);
            }
            return handle.hardwareNanos();
        }
    }
}
