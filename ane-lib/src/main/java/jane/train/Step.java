package jane.train;

import jane.compile.Placement;
import jane.data.Batch;
import jane.engine.Buffer;
import jane.engine.DeviceUse;
import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Optimizer;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.nio.file.Path;
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
    private final Map<String, Map<String, Buffer>> memory = new LinkedHashMap<>();
    private final Map<List<TensorType>, BuiltStep> built = new LinkedHashMap<>();
    private final LossScale scale = new LossScale();
    private StepSettings settings;
    private Optional<Path> recording = Optional.empty();
    private Optional<Buffer> ones = Optional.empty(); // weights of as many samples as last time
    private long steps;

    private Step(StepSettings settings) {
        this.settings = settings;
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
        return new Step(
                new StepSettings(
                        model,
                        loss,
                        optimizer,
                        detailed,
                        Double.POSITIVE_INFINITY,
                        1,
                        0,
                        Optional.empty(),
                        0));
    }

    /** Draws the masks of dropout, and other per-step inputs, from this seed; 0 at first. */
    public Step seed(long seed) {
        return with(settings.withSeed(seed));
    }

    /**
     * Scales the whole gradient down to this Euclidean norm wherever it is larger. Reports still
     * give the norms before. Source: Pascanu, Mikolov, Bengio, 2013.
     */
    public Step clipNorm(double most) {
        if (!(most > 0)) {
            throw new JaneException("step", "clipNorm %s; need more than 0", most);
        }
        return with(settings.withClipNorm(most));
    }

    /**
     * Takes each batch in so many equal parts, one after the other, and adds their gradients up:
     * the same step in less memory. The step is then two programs, accumulate and update.
     */
    public Step accumulate(int microBatches) {
        if (microBatches < 1) {
            throw new JaneException(
                    "step", "%d micro-batches to a batch; need 1 or more", microBatches);
        }
        return with(settings.withMicroBatches(microBatches));
    }

    /**
     * Computes forward and backward in {@code dtype}, whatever the engine prefers. In fp16,
     * parameters, their updates, optimizer state and the loss stay fp32, and the loss is scaled
     * before it is differentiated: see {@link #lossScale}.
     *
     * @param dtype fp32 or fp16
     */
    public Step precision(DType dtype) {
        if (!dtype.isFloat()) {
            throw new JaneException("step", "cannot train in %s; need fp32 or fp16", dtype);
        }
        return with(settings.withPrecision(dtype));
    }

    /**
     * Gradient checkpointing: keeps what comes out of every {@code layers}-th of the model's own
     * layers, and has the backward half compute the rest again. The step takes less memory and more
     * time; its numbers are the same to the bit. Source: Chen et al., 2016, who take the square
     * root of the number of layers.
     */
    public Step checkpoint(int layers) {
        if (layers < 1) {
            throw new JaneException("step", "checkpoint every %d layers; need 1 or more", layers);
        }
        return with(settings.withCheckpoint(layers));
    }

    /** Bytes of scratch memory that the step's programs hold; run or build a step first. */
    public long scratchBytes() {
        return last().programs().stream().mapToLong(Traced::scratchBytes).sum();
    }

    /**
     * What the loss is multiplied by in fp16 before it is differentiated: 1024 at first, halved
     * whenever a gradient overflows, in which case the step is taken again.
     */
    public double lossScale() {
        return scale.value();
    }

    private Step with(StepSettings changed) {
        if (!built.isEmpty()) {
            throw new JaneException(
                    "step", "its settings cannot change once it is built; make a new one");
        }
        settings = changed;
        return this;
    }

    /** Steps that were applied so far. */
    public long steps() {
        return steps;
    }

    /** The model being trained. */
    public Layer model() {
        return settings.model();
    }

    /** The optimizer in use. */
    public Optimizer optimizer() {
        return settings.optimizer();
    }

    /** The loss in use. */
    public Loss loss() {
        return settings.loss();
    }

    /** Where the per-step inputs are drawn from. */
    public long seed() {
        return settings.seed();
    }

    /** The optimizer's state by parameter path and name; filled when the step is first built. */
    public Map<String, Map<String, Buffer>> state() {
        return memory;
    }

    /** Continues the count of steps from a checkpoint. */
    public void resumeAt(long step) {
        steps = step;
    }

    /** Continues with the loss scale of a checkpoint. */
    void resumeScale(double value) {
        scale.set(value);
    }

    /**
     * The program of the step for the last batch shape seen; run a step first. With micro-batches,
     * the one that takes them.
     */
    public Program program() {
        return last().programs().get(0).program();
    }

    /**
     * Writes the next step to {@code folder}: the program as an engine takes it ({@code model.mil}
     * and its weights), {@code inputs/NAME.npy} as they were before the step and {@code
     * outputs/NAME.npy} as it left them. With micro-batches, the first of them to the folder {@code
     * accumulate} and the update to {@code update}.
     */
    public void recordNext(Path folder) {
        recording = Optional.of(folder);
    }

    /**
     * What of the step runs on the engine's target and what on the processor, and why; empty on an
     * engine without a target. With micro-batches, of the program that takes them.
     */
    public Optional<Placement> placement() {
        return last().programs().get(0).placement();
    }

    /**
     * Parts of {@link #placement} that the engine did not take, from 1, and why: the processor runs
     * them. They may become more while the step runs.
     */
    public Map<Integer, String> fallbacks() {
        return last().programs().get(0).fallbacks();
    }

    /** The engine that was in use when the step was built, and takes it; empty before. */
    public Optional<Engine> engine() {
        return built.isEmpty() ? Optional.empty() : Optional.of(last().programs().get(0).engine());
    }

    /** The engine's plan for all programs of the step, a line per kernel. */
    public List<String> plan() {
        return last().programs().stream().flatMap(p -> p.plan().stream()).toList();
    }

    /**
     * Builds and compiles the step for batches like {@code batch}, if need be, without taking it.
     */
    public void build(Batch batch) {
        var x = new TensorType(DType.FP32, batch.featureShape());
        var t = new TensorType(DType.FP32, batch.oneHotShape());
        built(x, t, new LinkedHashMap<>());
    }

    private BuiltStep last() {
        return built.values().stream()
                .reduce((a, b) -> b)
                .orElseThrow(() -> new JaneException("step", "not built yet; run one step first"));
    }

    /** Takes a step on a batch. */
    public StepReport run(Batch batch) {
        var x = new TensorType(DType.FP32, batch.featureShape());
        var t = new TensorType(DType.FP32, batch.oneHotShape());
        return run(
                x,
                batch.featureBuffer(),
                t,
                batch.oneHotBuffer(),
                batch.weightBuffer(),
                batch.count());
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
        return run(x.type(), x.buffer(), target.type(), target.buffer(), ones(n), n);
    }

    private Buffer ones(int n) {
        if (ones.isEmpty() || ones.get().type().shape().dim(0) != n) {
            ones = Optional.of(Tensor.ones(n).buffer());
        }
        return ones.get();
    }

    private StepReport run(
            TensorType xType, Buffer x, TensorType tType, Buffer t, Buffer weights, int count) {
        var session = Session.current();
        var pacer = session.pacer();
        if (!pacer.await(() -> false, session::paused)) {
            throw new JaneException(
                    "step",
                    "interrupted in a pause before step %d; nothing was changed, run it again",
                    steps + 1);
        }
        long start = System.nanoTime();
        var millis = new LinkedHashMap<String, Double>();
        var program = built(xType, tType, millis);
        var result = program.result();
        do {
            program.run(x, t, weights, steps + 1, recording, millis);
            recording = Optional.empty();
        } while (overflown(result) && scale.lower());
        requireFinite(result, x);
        steps++;
        scale.passed(steps);
        pacer.worked(System.nanoTime() - start);
        return new StepReport(
                steps,
                result.loss(),
                settings.optimizer().schedule().at(steps),
                count,
                result.parameters(),
                millis,
                program.programs().get(0).engine().name(),
                refusals(program),
                use(program));
    }

    /** Of one run of each program; with micro-batches, of one of them and the update. */
    private static Optional<DeviceUse> use(BuiltStep program) {
        return program.programs().stream()
                .flatMap(p -> p.deviceUse().stream())
                .reduce(DeviceUse::plus);
    }

    private static List<String> refusals(BuiltStep program) {
        return program.programs().stream()
                .flatMap(p -> p.fallbacks().entrySet().stream())
                .map(part -> "part " + part.getKey() + " on cpu: " + part.getValue())
                .toList();
    }

    /** Whether a smaller loss scale may save the step. */
    private boolean overflown(Apply result) {
        boolean half = settings.compute() == DType.FP16;
        return half && !result.applied() && Double.isFinite(result.loss());
    }

    private BuiltStep built(TensorType x, TensorType t, Map<String, Double> millis) {
        var key = List.of(x, t);
        var program = built.get(key);
        if (program == null) {
            program =
                    settings.microBatches() == 1
                            ? new WholeStep(settings, scale, x, t, memory, millis)
                            : new SplitStep(settings, scale, x, t, memory, millis);
            built.put(key, program);
        }
        return program;
    }

    private void requireFinite(Apply result, Buffer x) {
        if (result.applied()) {
            return;
        }
        long wrong = 0;
        for (int i = 0; i < x.type().shape().size(); i++) {
            wrong += Double.isFinite(x.get(i)) ? 0 : 1;
        }
        throw new JaneException(
                "step " + (steps + 1),
                "the loss is %s%s; nothing was updated, the weights are those of step %d. %s",
                result.loss(),
                bad(result),
                steps,
                wrong > 0
                        ? wrong + " of the batch's features are NaN or infinite: clean the data"
                        : "Lower the learning rate (now "
                                + optimizer().schedule().at(steps + 1)
                                + ") or normalise the features");
    }

    private static String bad(Apply result) {
        var bad =
                result.parameters().stream()
                        .filter(p -> !Double.isFinite(p.gradient()))
                        .map(StepReport.ParameterReport::name)
                        .collect(Collectors.joining(", "));
        if (!bad.isEmpty()) {
            return " and the gradient is not finite in " + bad;
        }
        if (!result.badStates().isEmpty()) {
            return " and the next state is not finite in " + String.join(", ", result.badStates());
        }
        return Double.isFinite(result.loss()) ? " and the gradient's norm is beyond fp32" : "";
    }
}
