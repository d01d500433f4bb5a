package jane.engine.sim;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.engine.cpu.CpuEngine;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program run node by node in the target's arithmetic: between nodes every float is a half, held
 * in a float.
 */
final class SimExecutable implements Executable {
    private final Graph graph;
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;
    private final Map<String, String> aliases;
    private final Map<Value, Buffer> values = new IdentityHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Executable> owned = new ArrayList<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final CpuEngine cpu;
    private long bytes;
    private volatile boolean closed;

    SimExecutable(Graph graph, Map<String, String> aliases, Arithmetic arithmetic, CpuEngine cpu) {
        this.graph = graph;
        this.aliases = aliases;
        this.cpu = cpu;
        inputs = types(graph.inputs());
        outputs = types(graph.outputs());
        graph.inputs().forEach(p -> values.put(p.value(), fresh(p.value())));
        var free = new HashMap<TensorType, ArrayDeque<Buffer>>();
        var last = lastReaders();
        for (int i = 0; i < graph.nodes().size(); i++) {
            var node = graph.nodes().get(i);
            if (node.op() == Leaf.CONST) {
                var buffer = fresh(node.out());
                buffer.put(constant(node.out()));
                values.put(node.out(), buffer);
                continue;
            }
            node.outputs().forEach(v -> values.put(v, take(v, free)));
            var in = node.inputs().stream().map(values::get).toList();
            var out = node.outputs().stream().map(values::get).toList();
            steps.add(arithmetic.step(node, in, out, cpu, owned));
            for (var v : Set.copyOf(node.inputs())) {
                if (last.getOrDefault(v, -1) == i) {
                    var done = values.get(v);
                    free.computeIfAbsent(done.type(), t -> new ArrayDeque<>()).push(done);
                }
            }
        }
    }

    private static Map<String, TensorType> types(List<Graph.Port> ports) {
        var types = new LinkedHashMap<String, TensorType>();
        ports.forEach(p -> types.put(p.name(), p.value().type()));
        return Collections.unmodifiableMap(types);
    }

    /** By value that a node makes and no output is: the index of the last node that reads it. */
    private Map<Value, Integer> lastReaders() {
        var last = new IdentityHashMap<Value, Integer>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (var in : graph.nodes().get(i).inputs()) {
                if (!in.isConst()) {
                    last.put(in, i);
                }
            }
        }
        graph.inputs().forEach(p -> last.remove(p.value()));
        graph.outputs().forEach(p -> last.remove(p.value()));
        return last;
    }

    private static Dense constant(Value value) {
        var data = Leaf.data(value);
        var dense = Dense.zeros(held(value));
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = ConstData.get(data.bytes(), value.dtype(), i);
        }
        return dense;
    }

    /** The type that a value is held in. */
    static TensorType held(Value value) {
        return value.dtype() == DType.FP16
                ? new TensorType(DType.FP32, value.shape())
                : value.type();
    }

    private Buffer fresh(Value value) {
        bytes += held(value).sizeBytes();
        return Buffer.direct(held(value));
    }

    private Buffer take(Value value, Map<TensorType, ArrayDeque<Buffer>> free) {
        var unused = free.get(held(value));
        return unused == null || unused.isEmpty() ? fresh(value) : unused.pop();
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
        return bytes;
    }

    @Override
    public List<String> plan() {
        return steps.stream().map(Step::describe).toList();
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        requireOpen();
        Ports.check(inputs, outputs, aliases, buffers);
        var bound = Map.copyOf(buffers);
        return () -> run(bound);
    }

    private void run(Map<String, Buffer> bound) {
        if (!running.compareAndSet(false, true)) {
            throw new JaneException(
                    "sim",
                    "this executable is running in another thread; it is not re-entrant: wait, or"
                            + " compile the program once per thread");
        }
        try {
            requireOpen();
            graph.inputs().forEach(p -> copy(bound.get(p.name()), values.get(p.value())));
            steps.forEach(Step::run);
            graph.outputs().forEach(p -> copy(values.get(p.value()), bound.get(p.name())));
        } finally {
            running.set(false);
        }
    }

    /** Halves, and floats that are halves: exact. */
    private void copy(Buffer from, Buffer to) {
        if (from.type().equals(to.type())) {
            to.copyFrom(from);
        } else if (from.type().dtype() == DType.FP16) {
            Halves.widen(from.bytes(), to.bytes(), from.type().shape().size(), cpu);
        } else {
            Halves.narrow(from.bytes(), to.bytes(), from.type().shape().size(), cpu);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new JaneException("sim", "this executable was closed; compile the program again");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owned.forEach(Executable::close);
        }
    }

    /** One node, ready to run. */
    interface Step {
        /** For the plan: how and what. */
        String describe();

        void run();
    }

    /** The step that {@code work} is. */
    static Step step(String describe, Runnable work) {
        return new Step() {
            @Override
            public String describe() {
                return describe;
            }

            @Override
            public void run() {
                work.run();
            }
        };
    }
}
