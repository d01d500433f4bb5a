package jane.train;

import jane.engine.Buffer;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Tensor;

/** The inputs of a program that come with a batch: features, targets, weights, per-step values. */
final class BatchInputs {
    private final Traced traced;
    private final Tensor x;
    private final Tensor target;
    private final Tensor weight;
    private final Buffer features;
    private final Buffer targets;
    private final Buffer weights;
    private final Feeds feeds;

    /** Adds the inputs {@code x}, {@code target} and {@code weight} to {@code traced}. */
    BatchInputs(Traced traced, TensorType xType, TensorType targetType, long seed) {
        this.traced = traced;
        x = Tensor.placeholder(xType);
        target = Tensor.placeholder(targetType);
        weight = Tensor.placeholder(xType.as(Shape.of(xType.shape().dim(0))));
        features = traced.input("x", x);
        targets = traced.input("target", target);
        weights = traced.input("weight", weight);
        feeds = new Feeds(seed);
    }

    Tensor x() {
        return x;
    }

    Tensor target() {
        return target;
    }

    Tensor weight() {
        return weight;
    }

    /** Where a {@link StepScope} puts the per-step inputs. */
    Feeds feeds() {
        return feeds;
    }

    /**
     * Has the next run take these.
     *
     * @param number of the run: the same one gives the same per-step values
     */
    void put(Buffer xs, Buffer ts, Buffer ws, long number) {
        traced.feed("x", xs);
        traced.feed("target", ts);
        traced.feed("weight", ws);
        feeds.fill(number);
    }

    /** Refuses features that a layer has no use for; {@link #put} does so by itself. */
    void check(Buffer xs) {
        traced.check("x", xs);
    }

    /** As {@link #put}, of a batch that is several times as large, part {@code part} of it. */
    void putPart(int part, Buffer xs, Buffer ts, Buffer ws, long number) {
        copyPart(part, xs, features);
        copyPart(part, ts, targets);
        copyPart(part, ws, weights);
        feeds.fill(number);
    }

    private static void copyPart(int part, Buffer all, Buffer own) {
        int size = (int) own.type().sizeBytes();
        own.bytes().put(0, all.bytes(), part * size, size);
    }
}
