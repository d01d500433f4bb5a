package jane.train;

import jane.data.Batch;
import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Optimizer;
import jane.tensor.Grad;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One training step as one program: forward, backward and update, compiled at the first batch and
 * run for every batch of that shape. Parameters and optimizer state are updated in place, unless
 * the loss or a gradient is not finite: then nothing changes and {@link #run} says so.
 */
public final class Step {
    private final Layer model;
    private final Loss loss;
    private final Optimizer optimizer;
    private final boolean detailed;
    private final Map<String, Map<String, Buffer>> memory = new LinkedHashMap<>();
    private final Map<List<TensorType>, Built> built = new LinkedHashMap<>();
    private Optional<Path> recording = Optional.empty();
    private long steps;

    private Step(Layer model, Loss loss, Optimizer optimizer, boolean detailed) {
        this.model = model;
        this.loss = loss;
        this.optimizer = optimizer;
        this.detailed = detailed;
    }

    /**
     * A step that reports norms of updates and weights besides those of gradients.
     *
     * @throws JaneException if the model has nothing to train
     */
    public static Step of(Layer model, Loss loss, Optimizer optimizer) {
        return of(model, loss, optimizer, true);
    }

    /** As above; without {@code detailed} a step costs less and reports gradients only. */
    public static Step of(Layer model, Loss loss, Optimizer optimizer, boolean detailed) {
        if (model.parameterCount() == 0) {
            throw new JaneException(
                    "step",
                    "the model %s has no parameters to train; need a layer such as Linear, or one"
                            + " that calls param(...)",
                    model.describe());
        }
        return new Step(model, loss, optimizer, detailed);
    }

    /** Steps that were applied so far. */
    public long steps() {
        return steps;
    }

    /** The model being trained. */
    public Layer model() {
        return model;
    }

    /** The optimizer in use. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The loss in use. */
    public Loss loss() {
        return loss;
    }

    /** The optimizer's state by parameter path and name; filled when the step is first built. */
    public Map<String, Map<String, Buffer>> state() {
        return memory;
    }

    /** Continues the count of steps from a checkpoint. */
    public void resumeAt(long step) {
        steps = step;
    }

    /** The program of the step for the last batch shape seen; run a step first. */
    public Program program() {
        return last().traced.program();
    }

    /**
     * Writes the next step to {@code folder}: the program as an engine takes it ({@code model.mil}
     * and its weights), {@code inputs/NAME.npy} as they were before the step and {@code
     * outputs/NAME.npy} as it left them.
     */
    public void recordNext(Path folder) {
        recording = Optional.of(folder);
    }

    /** The engine's plan for that program, a line per kernel. */
    public List<String> plan() {
        return last().traced.plan();
    }

    /**
     * Builds and compiles the step for batches like {@code batch}, if need be, without taking it.
     */
    public void build(Batch batch) {
        var x = new TensorType(DType.FP32, batch.featureShape());
        var t = new TensorType(DType.FP32, batch.oneHotShape());
        built.computeIfAbsent(List.of(x, t), key -> new Built(x, t, new LinkedHashMap<>()));
    }

    private Built last() {
        return built.values().stream()
                .reduce((a, b) -> b)
                .orElseThrow(() -> new JaneException("step", "not built yet; run one step first"));
    }

    /** Takes a step on a batch. */
    public StepReport run(Batch batch) {
        var x = new TensorType(DType.FP32, batch.featureShape());
        var t = new TensorType(DType.FP32, batch.oneHotShape());
        return run(x, batch.features(), t, batch.oneHot(), batch.weights(), batch.count());
    }

    /**
     * Takes a step on tensors.
     *
     * @param x (N, ...)
     * @param target what the loss compares the prediction with, (N, ...)
     */
    public StepReport run(Tensor x, Tensor target) {
        if (x.shape().rank() < 1) {
            throw new JaneException("step", "input has shape []; need (N, ...)");
        }
        int n = x.shape().dim(0);
        var ones = new float[n];
        Arrays.fill(ones, 1);
        return run(x.type(), x.toArray(), target.type(), target.toArray(), ones, n);
    }

    private StepReport run(
            TensorType xType, float[] x, TensorType tType, float[] t, float[] weights, int count) {
        var millis = new LinkedHashMap<String, Double>();
        var key = List.of(xType, tType);
        var program = built.get(key);
        if (program == null) {
            program = new Built(xType, tType, millis);
            built.put(key, program);
        }
        long start = System.nanoTime();
        program.upload(x, t, weights, optimizer.scalars(steps + 1));
        long uploaded = System.nanoTime();
        recording.ifPresent(program::recordInputs);
        program.traced.run();
        recording.ifPresent(program::recordOutputs);
        recording = Optional.empty();
        millis.put("upload", (uploaded - start) / 1e6);
        millis.put("run", (System.nanoTime() - uploaded) / 1e6);
        double value = program.lossOut.get(0);
        var parameters = program.parameters();
        requireFinite(value, parameters, x);
        steps++;
        return new StepReport(
                steps,
                value,
                optimizer.schedule().at(steps),
                count,
                parameters,
                millis,
                Session.current().engine().name());
    }

    private void requireFinite(
            double value, List<StepReport.ParameterReport> parameters, float[] x) {
        var bad =
                parameters.stream()
                        .filter(p -> !Double.isFinite(p.gradient()))
                        .map(StepReport.ParameterReport::name)
                        .collect(Collectors.joining(", "));
        if (Double.isFinite(value) && bad.isEmpty()) {
            return;
        }
        long wrong = 0;
        for (float v : x) {
            wrong += Float.isFinite(v) ? 0 : 1;
        }
        throw new JaneException(
                "step " + (steps + 1),
                "the loss is %s%s; nothing was updated, the weights are those of step %d. %s",
                value,
                bad.isEmpty() ? "" : " and the gradient is not finite in " + bad,
                steps,
                wrong > 0
                        ? wrong + " of the batch's features are NaN or infinite: clean the data"
                        : "Lower the learning rate (now "
                                + optimizer.schedule().at(steps + 1)
                                + ") or normalise the features");
    }

    /** The step for one pair of batch types. */
    private final class Built {
        final Traced traced = new Traced();
        final Buffer features;
        final Buffer targets;
        final Buffer weights;
        final Map<String, Buffer> scalars = new LinkedHashMap<>();
        final Map<String, Norms> norms = new LinkedHashMap<>();
        final Buffer lossOut;

        Built(TensorType xType, TensorType tType, Map<String, Double> millis) {
            long start = System.nanoTime();
            model.train(true);
            var x = Tensor.placeholder(xType);
            var target = Tensor.placeholder(tType);
            var weight = Tensor.placeholder(xType.as(Shape.of(xType.shape().dim(0))));
            features = traced.input("x", x);
            targets = traced.input("target", target);
            weights = traced.input("weight", weight);
            var parameters = new LinkedHashMap<String, Tensor>();
            model.parameters()
                    .forEach(
                            (path, p) -> {
                                var version = p.operand();
                                traced.parameter(path, p, version);
                                if (p.trainable()) {
                                    parameters.put(path, version);
                                }
                            });
            var value = loss.mean(model.apply(x), target, weight);
            lossOut = traced.output("loss", value);
            update(value, parameters);
            millis.put("build", (System.nanoTime() - start) / 1e6);
            long compiling = System.nanoTime();
            traced.compile();
            millis.put("compile", (System.nanoTime() - compiling) / 1e6);
        }

        private void update(Tensor value, Map<String, Tensor> parameters) {
            var rates = new LinkedHashMap<String, Tensor>();
            optimizer.scalars(1).keySet().stream()
                    .sorted()
                    .forEach(name -> rates.put(name, scalar(name)));
            var gradients = Grad.of(value, List.copyOf(parameters.values()));
            var squares = gradients.stream().map(g -> g.square().sum()).toList();
            var total = value;
            for (var square : squares) {
                total = total.add(square);
            }
            var finite = total.abs().lt(Float.MAX_VALUE); // false for NaN and infinity
            int i = 0;
            for (var entry : parameters.entrySet()) {
                follow(
                        entry.getKey(),
                        entry.getValue(),
                        gradients.get(i),
                        rates,
                        finite,
                        squares.get(i));
                i++;
            }
        }

        private Tensor scalar(String name) {
            var placeholder = Tensor.placeholder(TensorType.fp32());
            scalars.put(name, traced.input(name, placeholder));
            return placeholder;
        }

        private void follow(
                String path,
                Tensor now,
                Tensor gradient,
                Map<String, Tensor> rates,
                Tensor finite,
                Tensor square) {
            var state = new LinkedHashMap<String, Tensor>();
            var buffers = memory.computeIfAbsent(path, p -> new LinkedHashMap<>());
            for (var name : optimizer.states()) {
                var placeholder = Tensor.placeholder(now.type());
                var buffer =
                        buffers.computeIfAbsent(
                                name, n -> Session.current().engine().allocate(now.type()));
                state.put(name, placeholder);
                traced.state(path.replace('.', '_') + "_" + name, placeholder, buffer);
            }
            var update = optimizer.update(now, gradient, state, rates);
            var next = finite.where(update.next(), now);
            traced.update(now, next);
            state.forEach(
                    (name, old) -> traced.update(old, finite.where(update.state().get(name), old)));
            var name = path.replace('.', '_');
            norms.put(
                    path,
                    new Norms(
                            traced.output("grad_" + name, square),
                            detailed
                                    ? List.of(
                                            traced.output(
                                                    "update_" + name, next.sub(now).square().sum()),
                                            traced.output("norm_" + name, next.square().sum()))
                                    : List.of()));
        }

        void upload(float[] x, float[] t, float[] w, Map<String, Double> rates) {
            features.put(x);
            targets.put(t);
            weights.put(w);
            scalars.forEach(
                    (name, buffer) -> buffer.put(new float[] {rates.get(name).floatValue()}));
        }

        void recordInputs(Path folder) {
            ProgramFiles.write(traced.program(), folder);
            traced.save(folder.resolve("inputs"), true);
        }

        void recordOutputs(Path folder) {
            traced.save(folder.resolve("outputs"), false);
        }

        List<StepReport.ParameterReport> parameters() {
            var reports = new ArrayList<StepReport.ParameterReport>();
            norms.forEach((path, n) -> reports.add(n.report(path)));
            return reports;
        }
    }

    /** Buffers with the sums of squares of one parameter's gradient, and update and weights. */
    private record Norms(Buffer gradient, List<Buffer> details) {
        StepReport.ParameterReport report(String path) {
            return new StepReport.ParameterReport(
                    path,
                    Math.sqrt(gradient.get(0)),
                    details.isEmpty() ? Double.NaN : Math.sqrt(details.get(0).get(0)),
                    details.isEmpty() ? Double.NaN : Math.sqrt(details.get(1).get(0)));
        }
    }
}
