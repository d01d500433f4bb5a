package jane.train;

import jane.engine.Buffer;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as two programs, for batches too large to be taken at once: one adds the gradients of a
 * micro-batch to sums, and when all have been added the other updates. Each micro-batch counts by
 * the weight of its samples, so that the sums are those of the whole batch. What layers keep, such
 * as running statistics, follows the micro-batches in a copy, which the update takes over.
 */
final class SplitStep implements BuiltStep {
    private final StepSettings settings;
    private final Traced accumulate = new Traced();
    private final Traced update = new Traced();
    private final BatchInputs inputs;
    private final Buffer isFirst;
    private final Buffer share;
    private final Map<String, Buffer> copies = new LinkedHashMap<>();
    private final Apply apply;
    private final int rows; // of a micro-batch

    SplitStep(
            StepSettings settings,
            LossScale scale,
            TensorType x,
            TensorType target,
            Map<String, Map<String, Buffer>> memory,
            Map<String, Double> millis) {
        this.settings = settings;
        long start = System.nanoTime();
        rows = rows(x, settings.microBatches());
        inputs = new BatchInputs(accumulate, part(x), part(target), settings.seed());
        var first = Tensor.placeholder(TensorType.fp32());
        var weight = Tensor.placeholder(TensorType.fp32());
        isFirst = accumulate.input("first", first);
        share = accumulate.input("share", weight);
        var step = accumulating(scale, first.gt(0), weight);
        apply = new Apply(settings, update, memory, step);
        millis.put("build", (System.nanoTime() - start) / 1e6);
        long compiling = System.nanoTime();
        accumulate.compile();
        update.compile();
        millis.put("compile", (System.nanoTime() - compiling) / 1e6);
    }

    private static int rows(TensorType x, int parts) {
        int samples = x.shape().dim(0);
        if (samples % parts != 0) {
            throw new JaneException(
                    "step",
                    "a batch of %d cannot be taken in %d equal parts; need a batch size that is a"
                            + " multiple of %d",
                    samples,
                    parts,
                    parts);
        }
        return samples / parts;
    }

    private TensorType part(TensorType batch) {
        return batch.as(batch.shape().with(0, rows));
    }

    /** Builds the first program; the result is what the second reads. */
    private StepTensors accumulating(LossScale scale, Tensor first, Tensor weight) {
        var shadows = new LinkedHashMap<String, Tensor>();
        var step =
                Backward.build(
                        settings,
                        scale,
                        accumulate,
                        inputs,
                        (path, version) -> {
                            var shadow = shadow(path, version);
                            shadows.put(path, shadow);
                            return first.where(version, shadow);
                        });
        var loss = sum("loss", step.loss().mul(weight), first);
        var gradients = new LinkedHashMap<String, Tensor>();
        step.gradients().forEach((path, g) -> gradients.put(path, sum(path, g.mul(weight), first)));
        var nextStates = new LinkedHashMap<String, Tensor>();
        step.nextStates()
                .forEach(
                        (path, next) -> {
                            accumulate.update(shadows.get(path), next);
                            var result = Tensor.placeholder(next.type());
                            update.state("copy_" + name(path), result, copies.get(path));
                            nextStates.put(path, result);
                        });
        for (var now : List.of(step.trained(), step.states())) {
            now.forEach((path, v) -> update.parameter(path, v.owner().orElseThrow(), v));
        }
        return new StepTensors(loss, step.trained(), gradients, step.states(), nextStates);
    }

    private Tensor shadow(String path, Tensor version) {
        var placeholder = Tensor.placeholder(version.type());
        copies.put(path, Session.current().engine().allocate(version.type()));
        accumulate.state("copy_" + name(path), placeholder, copies.get(path));
        return placeholder;
    }

    /** Adds a term to a sum that the second program reads, or starts the sum with it. */
    private Tensor sum(String path, Tensor term, Tensor first) {
        var before = Tensor.placeholder(term.type());
        var buffer = Session.current().engine().allocate(term.type());
        accumulate.state("sum_" + name(path), before, buffer);
        accumulate.update(before, first.where(term, before.add(term)));
        var result = Tensor.placeholder(term.type());
        update.state("sum_" + name(path), result, buffer);
        return result;
    }

    private static String name(String path) {
        return path.replace('.', '_');
    }

    @Override
    public void run(
            Buffer x,
            Buffer target,
            Buffer weights,
            long number,
            Optional<Path> recording,
            Map<String, Double> millis) {
        inputs.check(x); // whole, before the first part of it is added
        double total = total(weights, 0, rows * settings.microBatches());
        long uploading = 0;
        long start = System.nanoTime();
        boolean first = true;
        for (int i = 0; i < settings.microBatches(); i++) {
            double part = total(weights, i * rows, (i + 1) * rows);
            if (part == 0 && !(first && i == settings.microBatches() - 1)) {
                continue; // nothing but padding
            }
            long before = System.nanoTime();
            long run = (number - 1) * settings.microBatches() + i + 1;
            inputs.putPart(i, x, target, weights, run);
            isFirst.put(new float[] {first ? 1 : 0});
            share.put(new float[] {(float) (part / total)});
            uploading += System.nanoTime() - before;
            accumulate.run(first ? recording.map(f -> f.resolve("accumulate")) : Optional.empty());
            first = false;
        }
        apply.put(settings.optimizer().scalars(number));
        update.run(recording.map(f -> f.resolve("update")));
        millis.put("upload", uploading / 1e6);
        millis.put("run", (System.nanoTime() - start - uploading) / 1e6);
    }

    private static double total(Buffer weights, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += weights.get(i);
        }
        return sum;
    }

    @Override
    public Apply result() {
        return apply;
    }

    @Override
    public List<Traced> programs() {
        return List.of(accumulate, update);
    }
}
