package jane.train;

import jane.data.Batch;
import jane.data.Batches;
import jane.data.Dataset;
import jane.engine.Engine;
import jane.ir.DataException;
import jane.ir.JaneException;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Optimizer;
import jane.tensor.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loop over epochs. Stops between two steps when interrupted and goes on from there when {@link
 * #fit} is called again: model, optimizer state and the place in the data are kept.
 */
public final class Trainer {
    /** Is told what happens; all methods do nothing unless overridden. */
    public interface Callback {
        /** After each step. */
        default void step(Trainer trainer, StepReport report) {}

        /**
         * A pause before the next step begins, or is over; see {@link jane.engine.power.Pacing}.
         *
         * @param what in words
         */
        default void paused(Trainer trainer, String what) {}

        /** After each epoch. */
        default void epoch(Trainer trainer, EpochReport report) {}
    }

    /** How {@link #fit} ended. */
    public enum End {
        /** All epochs asked for are done. */
        FINISHED,
        /** It was interrupted or asked to stop; call {@code fit} again to go on. */
        STOPPED
    }

    private final Layer model;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Dataset train;
    private final List<Callback> callbacks = new ArrayList<>();
    private final List<EpochReport> epochs = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private Optional<Dataset> validation = Optional.empty();
    private int batchSize = 128;
    private long seed;
    private boolean detailed;
    private Optional<Double> clipNorm = Optional.empty();
    private int microBatches = 1;
    private Optional<Step> step = Optional.empty();
    private Optional<Evaluation> evaluation = Optional.empty();
    private int epoch;
    private int stepInEpoch;
    private double epochLoss;
    private volatile boolean stopRequested;

    private Trainer(Layer model, Loss loss, Optimizer optimizer, Dataset train) {
        this.model = model;
        this.loss = loss;
        this.optimizer = optimizer;
        this.train = train;
    }

    /** A trainer of {@code model} on {@code train}, in batches of 128, shuffled by seed 0. */
    public static Trainer of(Layer model, Loss loss, Optimizer optimizer, Dataset train) {
        return new Trainer(model, loss, optimizer, train);
    }

    /** Samples per step; where there are fewer in the data, all of them. */
    public Trainer batchSize(int samples) {
        requireNotStarted("batchSize");
        if (samples < 1) {
            throw new JaneException("trainer", "batch size %d; need 1 or more", samples);
        }
        batchSize = samples;
        return this;
    }

    /** Scores this data after each epoch. */
    public Trainer validation(Dataset data) {
        validation = Optional.of(data);
        return this;
    }

    /** Shuffles the samples, and draws the masks of dropout, from this seed; 0 at first. */
    public Trainer seed(long value) {
        requireNotStarted("seed");
        seed = value;
        return this;
    }

    /** Scales each gradient down to this norm wherever it is larger; see {@link Step#clipNorm}. */
    public Trainer clipNorm(double most) {
        requireNotStarted("clipNorm");
        clipNorm = Optional.of(most);
        return this;
    }

    /** Takes each batch in so many parts, to save memory; see {@link Step#accumulate}. */
    public Trainer accumulate(int parts) {
        requireNotStarted("accumulate");
        microBatches = parts;
        return this;
    }

    /** Reports norms of updates and weights at each step, at some cost. */
    public Trainer detailed() {
        requireNotStarted("detailed");
        detailed = true;
        return this;
    }

    /** Adds somebody to be told. */
    public Trainer on(Callback callback) {
        callbacks.add(callback);
        return this;
    }

    /** Takes somebody off the list again. */
    public Trainer off(Callback callback) {
        callbacks.remove(callback);
        return this;
    }

    private void requireNotStarted(String what) {
        if (step.isPresent()) {
            throw new JaneException(
                    "trainer", "%s cannot change after the first step; make a new trainer", what);
        }
    }

    /** Asks a running {@link #fit} to stop after the present step; from any thread. */
    public void stop() {
        stopRequested = true;
    }

    /**
     * Trains {@code more} epochs, finishing one that was stopped in the middle first. An interrupt
     * of the thread stops it between two steps.
     */
    public End fit(int more) {
        if (more < 0) {
            throw new JaneException("trainer", "%d epochs; need 0 or more", more);
        }
        int last = epoch + more;
        stopRequested = false;
        while (epoch < last) {
            if (!epoch()) {
                return End.STOPPED;
            }
        }
        return End.FINISHED;
    }

    /** Takes up to {@code count} steps, across epochs as need be. */
    public End steps(int count) {
        stopRequested = false;
        long target = step().steps() + count;
        while (step().steps() < target) {
            if (!epoch(target)) {
                return step().steps() < target ? End.STOPPED : End.FINISHED;
            }
        }
        return End.FINISHED;
    }

    private boolean epoch() {
        return epoch(Long.MAX_VALUE);
    }

    /** Runs to the end of the epoch; false if stopped before. */
    private boolean epoch(long lastStep) {
        long start = System.nanoTime();
        var session = Session.current();
        var batches = batches();
        int first = stepInEpoch;
        for (var batch : batches.epoch(epoch, stepInEpoch)) {
            if (stopRequested || step().steps() >= lastStep || Thread.interrupted()) {
                return false;
            }
            if (!session.pacer().await(() -> stopRequested, this::paused)) {
                Thread.interrupted(); // the answer tells it
                return false;
            }
            var report = step().run(batch);
            stepInEpoch++;
            epochLoss += report.loss() * report.samples();
            losses.add(report.loss());
            callbacks.forEach(c -> c.step(this, report));
        }
        var report =
                new EpochReport(
                        epoch + 1,
                        epochLoss / train.size(),
                        validation.map(this::score),
                        stepInEpoch - first,
                        (System.nanoTime() - start) / 1e9);
        epoch++;
        stepInEpoch = 0;
        epochLoss = 0;
        epochs.add(report);
        callbacks.forEach(c -> c.epoch(this, report));
        return true;
    }

    private void paused(String what) {
        Session.current().paused(what);
        callbacks.forEach(c -> c.paused(this, what));
    }

    private Batches batches() {
        return Batches.of(train, batchOf(train)).shuffled(seed);
    }

    /** No more than the data fill, in parts of one size. */
    private int batchOf(Dataset data) {
        int parts = Math.max(1, microBatches);
        int filled =
                (int) Math.min(Integer.MAX_VALUE, ((long) data.size() + parts - 1) / parts * parts);
        return Math.max(1, Math.min(batchSize, filled));
    }

    /** The batch that the next step will take; a copy, to be looked at. */
    public Batch nextBatch() {
        return batches().epoch(epoch, stepInEpoch).iterator().next();
    }

    /** Loss and accuracy on {@code data} with the present weights. */
    public Score score(Dataset data) {
        if (evaluation.isEmpty()) {
            evaluation = Optional.of(Evaluation.of(model, loss));
        }
        return evaluation.get().score(data, batchOf(train));
    }

    /** The step this trainer takes. */
    public Step step() {
        if (step.isEmpty()) {
            var made =
                    Step.of(model, loss, optimizer, detailed).seed(seed).accumulate(microBatches);
            clipNorm.ifPresent(made::clipNorm);
            step = Optional.of(made);
        }
        return step.get();
    }

    /** The engine that takes its steps, which is the one of the first; empty before. */
    public Optional<Engine> engine() {
        return step.flatMap(Step::engine);
    }

    /** The model. */
    public Layer model() {
        return model;
    }

    /** Training data. */
    public Dataset data() {
        return train;
    }

    /** Steps in each epoch. */
    public int stepsPerEpoch() {
        return batches().steps();
    }

    /** Finished epochs. */
    public List<EpochReport> epochs() {
        return List.copyOf(epochs);
    }

    /** The loss of every step so far. */
    public List<Double> losses() {
        return List.copyOf(losses);
    }

    /** Where training stands: finished epochs and steps into the next. */
    public String position() {
        long steps = step().steps();
        if (stepInEpoch == 0) {
            return "step %d (%d epoch%s)".formatted(steps, epoch, epoch == 1 ? "" : "s");
        }
        return "step %d (epoch %d, %d of %d)"
                .formatted(steps, epoch + 1, stepInEpoch, stepsPerEpoch());
    }

    /** What a checkpoint must agree with. */
    Map<String, String> identity() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("samples", String.valueOf(train.size()));
        settings.put("batch_size", String.valueOf(batchSize));
        settings.put("micro_batches", String.valueOf(microBatches));
        settings.put("seed", String.valueOf(seed));
        return settings;
    }

    Place place() {
        return new Place(step().steps(), epoch, stepInEpoch, epochLoss, step().lossScale());
    }

    /** Goes on from {@code place}; what happened before is not part of it. */
    void moveTo(Place place) {
        step().resumeAt(place.step());
        step().resumeScale(place.lossScale());
        epoch = place.epoch();
        stepInEpoch = place.stepInEpoch();
        epochLoss = place.epochLoss();
        epochs.clear();
        losses.clear();
    }

    /**
     * Where training stands.
     *
     * @param epoch finished epochs
     * @param stepInEpoch steps into the next
     * @param epochLoss sum of the losses of its samples so far
     * @param lossScale of training in fp16
     */
    record Place(long step, int epoch, int stepInEpoch, double epochLoss, double lossScale) {
        Map<String, String> notes() {
            return Map.of(
                    "step", String.valueOf(step),
                    "epoch", String.valueOf(epoch),
                    "step_in_epoch", String.valueOf(stepInEpoch),
                    "epoch_loss", Double.toHexString(epochLoss), // exact
                    "loss_scale", String.valueOf(lossScale));
        }

        static Place of(Path file, Map<String, String> notes, int stepsPerEpoch) {
            try {
                var place =
                        new Place(
                                Long.parseLong(notes.getOrDefault("step", "none")),
                                Integer.parseInt(notes.getOrDefault("epoch", "none")),
                                Integer.parseInt(notes.getOrDefault("step_in_epoch", "none")),
                                Double.parseDouble(notes.getOrDefault("epoch_loss", "none")),
                                Double.parseDouble(notes.getOrDefault("loss_scale", "1024")));
                int within = place.stepInEpoch;
                if (place.step >= 0
                        && place.epoch >= 0
                        && within >= 0
                        && within <= stepsPerEpoch
                        && place.lossScale >= 1) {
                    return place;
                }
            } catch (NumberFormatException e) {
                throw new DataException(
                        e, file.toString(), "no place in the training: %s; need numbers", notes);
            }
            throw new DataException(
                    file.toString(),
                    "no place in the training: %s; need 0 or more, and at most %d steps into an"
                            + " epoch",
                    notes,
                    stepsPerEpoch);
        }
    }
}
