package jane.zoo;

import jane.compile.Lowering;
import jane.data.Batches;
import jane.data.Digits;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilParser;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.optim.Adam;
import jane.optim.Optimizer;
import jane.tensor.RandomStream;
import jane.tensor.Session;
import jane.train.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Work of known size on the session's engine, to be timed: a compiled program on random data, or a
 * training step on generated digits. Holds memory until it is closed.
 */
public final class Workload implements AutoCloseable {
    private static final int CHAIN = 1 << 22; // 16 MB a tensor: more than caches hold
    private static final int BATCH = 128;

    private final String name;
    private final double flops;
    private final double bytes;
    private final Runnable work;
    private final Runnable release;

    private Workload(String name, Graph graph, Runnable work, Runnable release) {
        this.name = name;
        this.flops = graph.flops();
        this.bytes =
                Stream.concat(graph.inputs().stream(), graph.outputs().stream())
                        .mapToDouble(p -> p.value().type().sizeBytes())
                        .sum();
        this.work = work;
        this.release = release;
    }

    /** What {@code jane bench} times, each made when it is asked for. */
    public static List<Supplier<Workload>> usual() {
        return List.of(
                () -> matmul(256, 768, 768),
                () -> matmul(768, 768, 256),
                () -> matmul(256, 2048, 768),
                () -> matmul(2048, 2048, 2048),
                () -> elementwise(CHAIN),
                () -> step("mlp step", Models.mlp(784, 256, 10), Adam.of(1e-3), BATCH),
                () -> step("cnn step", Models.digitsCnn(), Adam.of(1e-3), BATCH));
    }

    /** One product of an [m, k] and a [k, n] matrix. */
    public static Workload matmul(int m, int k, int n) {
        var x = Leaf.input(TensorType.fp32(m, k));
        var y = Leaf.input(TensorType.fp32(k, n));
        var name = "matmul %dx%dx%d".formatted(m, k, n);
        return of(name, List.of(x, y), List.of(Contraction.matmul(x, y)));
    }

    /** {@code relu(x y + x)} on so many elements, which is bound by memory. */
    public static Workload elementwise(int count) {
        var x = Leaf.input(TensorType.fp32(count));
        var y = Leaf.input(TensorType.fp32(count));
        var sum = Elementwise.add(Elementwise.mul(x, y), x);
        var name = "relu(x*y+x) " + count;
        return of(name, List.of(x, y), List.of(Activations.relu(sum)));
    }

    /** A program from {@code inputs} to {@code outputs}. */
    public static Workload of(String name, List<Value> inputs, List<Value> outputs) {
        var graph = Graph.of(ports("x", inputs), ports("y", outputs));
        var engine = Session.current().engine();
        var executable = engine.compile(Lowering.program(graph, Map.of()));
        var buffers = buffers(engine, executable);
        var binding = executable.bind(buffers);
        return new Workload(
                name,
                graph,
                binding::run,
                () -> {
                    executable.close();
                    buffers.values().forEach(Buffer::close);
                });
    }

    /** A training step on a new batch of generated digits each time, its loss read. */
    public static Workload step(String name, Layer model, Optimizer optimizer, int batch) {
        var batches = Batches.of(DigitsTask.generated(1).train(), batch).shuffled(1);
        var ready =
                IntStream.range(0, Math.min(16, Digits.TRAIN_SIZE / batch))
                        .mapToObj(i -> batches.epoch(0, i).iterator().next())
                        .toList();
        var step = Step.of(model, Loss.crossEntropy(), optimizer, false);
        step.run(ready.get(0));
        var graph = MilParser.parse(step.program());
        return new Workload(
                name,
                graph,
                () -> step.run(ready.get((int) (step.steps() % ready.size()))),
                () -> {});
    }

    private static List<Graph.Port> ports(String prefix, List<Value> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> new Graph.Port(prefix + i, values.get(i)))
                .toList();
    }

    private static Map<String, Buffer> buffers(Engine engine, Executable executable) {
        var buffers = new LinkedHashMap<String, Buffer>();
        executable.outputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
        executable.inputs().forEach((n, type) -> buffers.put(n, filled(engine, n, type)));
        return buffers;
    }

    private static Buffer filled(Engine engine, String name, TensorType type) {
        var buffer = engine.allocate(type);
        if (type.dtype() == DType.FP32 || type.dtype() == DType.FP16) {
            var values = new float[type.shape().size()];
            RandomStream.of(1, name).fillUniform(values, -1, 1);
            buffer.put(values);
        }
        return buffer;
    }

    /** What it is and how large. */
    public String name() {
        return name;
    }

    /** Floating-point operations of a run, as the ops count them. */
    public double flops() {
        return flops;
    }

    /** Bytes of a run's inputs and outputs, which is the least it must move. */
    public double bytes() {
        return bytes;
    }

    /** Does the work once. */
    public void run() {
        work.run();
    }

    @Override
    public void close() {
        release.run();
    }
}
