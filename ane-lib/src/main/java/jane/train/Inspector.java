package jane.train;

import jane.data.Batch;
import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays training steps open: what every layer made of the batch, which gradients came back, how far
 * each weight moved. Its programs are compiled at the first step and kept.
 *
 * <pre>{@code
 * var inspector = Inspector.of(trainer);
 * System.out.println(inspector.step());
 * }</pre>
 */
public final class Inspector {
    private final Trainer trainer;
    private final Map<Object, Probe> probes = new LinkedHashMap<>();

    private Inspector(Trainer trainer) {
        this.trainer = trainer;
    }

    /** An inspector of a trainer's steps. */
    public static Inspector of(Trainer trainer) {
        return new Inspector(trainer);
    }

    /** Whose steps these are. */
    public Trainer trainer() {
        return trainer;
    }

    /**
     * Takes the trainer's next step and tells all about it.
     *
     * @throws JaneException if the loss is not finite, naming the layer where that began; nothing
     *     is updated then
     */
    public Inspection step() {
        var batch = trainer.nextBatch();
        var step = trainer.step();
        var probe =
                probes.computeIfAbsent(
                        Probe.key(batch),
                        k -> new Probe(step.model(), step.loss(), batch, step.seed()));
        long number = step.steps() + 1;
        probe.loss(batch, number); // the first run of a program is slower
        long start = System.nanoTime();
        double before = probe.loss(batch, number);
        double forwardMillis = (System.nanoTime() - start) / 1e6;
        probe.look(batch, number);
        requireFinite(before, probe, step);
        var layers = layers(probe);
        var gradients = new LinkedHashMap<String, Tensor>();
        probe.gradients().forEach((path, buffer) -> gradients.put(path, Probe.copy(buffer)));
        var old = new LinkedHashMap<String, float[]>();
        gradients.keySet().forEach(path -> old.put(path, parameter(path).toArray()));
        var report = take(batch);
        double after = probe.loss(batch, number);
        var parameters = new ArrayList<Inspection.Moved>();
        gradients.forEach(
                (path, g) ->
                        parameters.add(moved(path, g, old.get(path), parameter(path).toArray())));
        var millis = new LinkedHashMap<>(report.millis());
        millis.put("forward", forwardMillis);
        return new Inspection(report, before, after, layers, parameters, millis, place(step));
    }

    private Tensor parameter(String path) {
        return trainer.model().parameters().get(path);
    }

    private StepReport take(Batch batch) {
        var reports = new ArrayList<StepReport>();
        var listener =
                new Trainer.Callback() {
                    @Override
                    public void step(Trainer trainer, StepReport report) {
                        reports.add(report);
                    }
                };
        trainer.on(listener);
        try {
            trainer.steps(1);
        } finally {
            trainer.off(listener);
        }
        if (reports.isEmpty()) {
            throw new JaneException(
                    "step",
                    "was interrupted before it began; training stands at %s with %d samples"
                            + " waiting",
                    trainer.position(),
                    batch.count());
        }
        return reports.get(0);
    }

    private static List<Inspection.Seen> layers(Probe probe) {
        return probe.layers().stream()
                .map(
                        seen ->
                                new Inspection.Seen(
                                        seen.path(),
                                        seen.layer(),
                                        Probe.copy(seen.output()),
                                        Probe.copy(seen.gradient())))
                .toList();
    }

    private static Inspection.Moved moved(String path, Tensor gradient, float[] old, float[] now) {
        double change = 0;
        double weight = 0;
        double slope = 0;
        var g = gradient.toArray();
        for (int i = 0; i < now.length; i++) {
            double d = (double) now[i] - old[i];
            change += d * d;
            weight += (double) old[i] * old[i];
            slope += (double) g[i] * g[i];
        }
        return new Inspection.Moved(
                path, gradient, Math.sqrt(slope), Math.sqrt(change), Math.sqrt(weight));
    }

    private static void requireFinite(double loss, Probe probe, Step step) {
        if (Double.isFinite(loss)) {
            return;
        }
        for (var seen : probe.layers()) {
            long bad = 0;
            var values = Probe.copy(seen.output()).toArray();
            for (float v : values) {
                bad += Float.isFinite(v) ? 0 : 1;
            }
            if (bad > 0) {
                throw new JaneException(
                        "step " + (step.steps() + 1),
                        "the loss is %s: NaN or infinity first appears in the output of layer %s,"
                                + " in %d of %d values; nothing was updated, the weights are those"
                                + " of step %d. Lower the learning rate, or look at the data",
                        loss,
                        seen.path().isEmpty() ? seen.layer().describe() : seen.path(),
                        bad,
                        values.length,
                        step.steps());
            }
        }
        throw new JaneException(
                "step " + (step.steps() + 1),
                "the loss is %s although every layer's output is finite; nothing was updated. Look"
                        + " at the targets and at the loss %s",
                loss,
                step.loss().describe());
    }

    private static Inspection.Place place(Step step) {
        var engine = step.engine().orElseThrow();
        return new Inspection.Place(engine.name(), engine.description(), step.plan());
    }
}
