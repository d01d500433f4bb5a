package jane.engine.cpu;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A planned program with its scratch memory and constants, which all its bindings share. */
final class CpuExecutable implements Executable {
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;
    private final Map<String, String> aliases;
    private final Workers workers;
    private final Kernels make;
    private final List<String> lines;
    private final long scratchBytes;
    private final AtomicBoolean running = new AtomicBoolean();

    private Kernel[] kernels;
    private final long[] nanos; // of each kernel in the last run
    private List<Storage> storages;
    private Map<Storage, ByteBuffer> own; // constants and scratch
    private final Scratch scratch;
    private volatile boolean closed;

    CpuExecutable(Graph graph, Map<String, String> aliases, Workers workers, Kernels make) {
        this.aliases = aliases;
        this.make = make;
        this.workers = workers;
        inputs = types(graph.inputs());
        outputs = types(graph.outputs());
        var plan = Planner.plan(graph, aliases, make);
        kernels = plan.kernels().toArray(new Kernel[0]);
        storages = plan.storages();
        lines = plan.describe();
        nanos = new long[kernels.length];
        scratch = new Scratch(workers.threads());
        plan.kernels().forEach(k -> k.reserve(scratch));
        scratch.allocate(make);
        scratchBytes = scratch.bytes() + plan.blocks().stream().mapToLong(Long::longValue).sum();
        own = makeOwn(plan);
    }

    private static Map<String, TensorType> types(List<Graph.Port> ports) {
        var types = new LinkedHashMap<String, TensorType>();
        ports.forEach(p -> types.put(p.name(), p.value().type()));
        return Collections.unmodifiableMap(types);
    }

    private Map<Storage, ByteBuffer> makeOwn(Plan plan) {
        var blocks = plan.blocks().stream().map(make::allocate).toList();
        var memory = new LinkedHashMap<Storage, ByteBuffer>();
        for (var storage : plan.storages()) {
            if (storage.kind() == Storage.Kind.CONST) {
                var bytes = make.allocate(storage.type.sizeBytes());
                bytes.put(0, storage.data().bytes(), 0, (int) storage.type.sizeBytes());
                memory.put(storage, bytes);
            } else if (storage.placed()) {
                int size = (int) storage.type.sizeBytes();
                memory.put(
                        storage, blocks.get(storage.block()).slice((int) storage.offset(), size));
            }
        }
        return memory;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return inputs;
    }

    @Override
    public Map<String, TensorType> outputs() {
        return outputs;
    }

    @Override
    public long scratchBytes() {
        return scratchBytes;
    }

    @Override
    public List<String> plan() {
        return lines;
    }

    @Override
    public List<Long> nanos() {
        return Arrays.stream(nanos).boxed().toList();
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        requireOpen();
        Ports.check(inputs, outputs, aliases, buffers);
        var memory = new Memory(storages.size(), make::address);
        for (var storage : storages) {
            if (own.containsKey(storage)) {
                memory.set(storage, own.get(storage));
            } else if (!storage.port().isEmpty()) {
                memory.set(storage, buffers.get(storage.port()).pinned());
            }
        }
        return new Bound(memory, buffers);
    }

    /** The program on buffers of its own. */
    private final class Bound implements Binding {
        private final Memory memory;
        private final List<String> names;
        private final Buffer[] bound;

        Bound(Memory memory, Map<String, Buffer> buffers) {
            this.memory = memory;
            names = List.copyOf(buffers.keySet());
            bound = names.stream().map(buffers::get).toArray(Buffer[]::new);
        }

        @Override
        public void run() {
            CpuExecutable.this.run(memory, bound);
        }

        @Override
        public boolean read(String input, Buffer values) {
            Ports.checkType(input, inputs.get(input), values);
            int place = names.indexOf(input);
            if (bound[place] == values) {
                return true;
            }
            if (aliases.containsValue(input) || List.of(bound).contains(values)) {
                return false;
            }
            for (var storage : storages) {
                if (storage.port().equals(input)) {
                    memory.set(storage, values.pinned());
                }
            }
            bound[place] = values;
            return true;
        }
    }

    private void run(Memory memory, Buffer[] bound) {
        if (!running.compareAndSet(false, true)) {
            throw new JaneException(
                    "cpu",
                    "this executable is running in another thread; it is not re-entrant: wait, or"
                            + " compile the program once per thread");
        }
        try {
            requireOpen();
            for (var buffer : bound) {
                buffer.bytes(); // refuses a closed one
            }
            long start = System.nanoTime();
            for (int i = 0; i < kernels.length; i++) {
                kernels[i].run(memory, scratch, workers);
                long end = System.nanoTime();
                nanos[i] = end - start;
                start = end;
            }
        } finally {
            running.set(false);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new JaneException("cpu", "this executable was closed; compile the program again");
        }
        workers.requireOpen();
    }

    @Override
    public void close() {
        closed = true;
        kernels = new Kernel[0];
        storages = List.of();
        own = Map.of();
    }
}
