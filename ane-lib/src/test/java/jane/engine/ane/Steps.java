package jane.engine.ane;

import jane.data.Batches;
import jane.data.Digits;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.nn.Conv2d;
import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.MaxPool2d;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.op.Elementwise;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Training steps as programs, and their runs over many batches. */
final class Steps {
    private Steps() {}

    /** y = x + x + ..., {@code count} of them, of 64 halves. */
    static Program sum(int count) {
        Value x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 64)));
        Value y = x;
        for (int i = 1; i < count; i++) {
            y = Node.of(Elementwise.ADD, NoAttrs.NONE, List.of(y, x)).out();
        }
        return MilPrinter.print(
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
    }

    /** A convolutional network for the digits, small enough for a fast test. */
    static Layer smallCnn() {
        return new Sequential(
                new Conv2d(1, 4, 5),
                new ReLU(),
                new MaxPool2d(4),
                new Flatten(),
                new Linear(4 * 6 * 6, 10));
    }

    static List<List<Double>> train(
            Engine engine, int steps, AtomicInteger retries, IntConsumer beforeAttempt) {
        return train(
                engine,
                Steps::smallCnn,
                steps,
                i -> beforeAttempt.accept(i),
                e -> retries.getAndDecrement() > 0);
    }

    /**
     * Trains on the digits with Adam and tells the weights.
     *
     * @param beforeAttempt is told the step's number, again when it is run again
     * @param again whether a step that failed is run again
     */
    static List<List<Double>> train(
            Engine engine,
            Supplier<Layer> network,
            int steps,
            IntConsumer beforeAttempt,
            Predicate<AneException> again) {
        Session.current().use(engine, 1);
        try {
            Session.current().seed(1);
            var model = network.get();
            var step = Step.of(model, Loss.crossEntropy(), Adam.of(0.01));
            var batches = Batches.of(Digits.train(128, 3), 16);
            for (int i = 0; i < steps; ) {
                for (var batch : batches.epoch(i / 8)) {
                    int number = i;
                    runUntilDone(
                            () -> {
                                beforeAttempt.accept(number);
                                step.run(batch);
                            },
                            again);
                    if (++i == steps) {
                        break;
                    }
                }
            }
            return model.parameters().values().stream().map(p -> values(p.buffer())).toList();
        } finally {
            Session.current().use("cpu", 2);
        }
    }

    private static void runUntilDone(Runnable step, Predicate<AneException> again) {
        while (true) {
            try {
                step.run();
                return;
            } catch (AneException e) {
                if (!again.test(e)) {
                    throw e;
                }
            }
        }
    }

    /** State that stays: m' = m / 2 + x, w' = w - m' / 8, all of 256 halves. */
    static Program momentum() {
        var type = new TensorType(DType.FP16, Shape.of(1, 256));
        var w = Leaf.input(type);
        var m = Leaf.input(type);
        var x = Leaf.input(type);
        var half = Leaf.input(type);
        var nextM = op(Elementwise.ADD, op(Elementwise.MUL, m, half), x);
        var nextW = op(Elementwise.SUB, w, op(Elementwise.MUL, nextM, half));
        var graph =
                Graph.of(
                        List.of(
                                new Graph.Port("w", w),
                                new Graph.Port("m", m),
                                new Graph.Port("x", x),
                                new Graph.Port("half", half)),
                        List.of(new Graph.Port("next_w", nextW), new Graph.Port("next_m", nextM)));
        return MilPrinter.print(graph).withAliases(Map.of("next_w", "w", "next_m", "m"));
    }

    private static Value op(Op<NoAttrs> op, Value x, Value y) {
        return Node.of(op, NoAttrs.NONE, List.of(x, y)).out();
    }

    /** A program bound to buffers on an engine. */
    static final class Run {
        final Map<String, Buffer> buffers = new LinkedHashMap<>();
        private final List<String> fed = new ArrayList<>();
        private final Binding binding;

        Run(Engine engine, Program program) {
            var executable = engine.compile(program);
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable
                    .outputs()
                    .forEach(
                            (n, t) -> {
                                var input = program.aliases().get(n);
                                buffers.put(
                                        n, input == null ? engine.allocate(t) : buffers.get(input));
                            });
            fed.addAll(executable.inputs().keySet());
            fed.removeAll(program.aliases().values());
            int number = 0;
            for (var name : program.aliases().values()) {
                fill(buffers.get(name), 1000 + number++);
            }
            binding = executable.bind(buffers);
        }

        /** Fills what is not state from the step's number. */
        void feed(int step) {
            for (int i = 0; i < fed.size(); i++) {
                fill(buffers.get(fed.get(i)), 31L * step + i);
            }
        }

        void run() {
            binding.run();
        }

        void train(int from, int to) {
            for (int step = from; step < to; step++) {
                feed(step);
                run();
            }
        }

        /** All contents, by name. */
        Map<String, List<Double>> contents() {
            var all = new LinkedHashMap<String, List<Double>>();
            buffers.forEach(
                    (n, b) -> {
                        all.put(n, values(b));
                    });
            return all;
        }
    }

    static List<Double> values(Buffer buffer) {
        return Arrays.stream(buffer.dense().data()).boxed().toList();
    }

    private static void fill(Buffer buffer, long seed) {
        var random = new Random(seed);
        var values = new float[buffer.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 0.1f;
        }
        buffer.put(values);
    }
}
