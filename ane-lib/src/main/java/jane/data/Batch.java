package jane.data;

import jane.ir.Shape;
import java.util.Arrays;

/**
 * B samples side by side, as a training step takes them. A short batch is padded with zeros and
 * weight 0, so that every batch has the same shapes. The arrays are live: the iterator that gave
 * the batch refills them for the next one.
 *
 * <p><b>Shapes.</b> features {@code [B, ...sampleShape]}, oneHot {@code [B, classes]}, weights
 * {@code [B]}, labels {@code [B]}.
 */
public final class Batch {
    private final Shape featureShape;
    private final Shape oneHotShape;
    private final float[] features;
    private final float[] oneHot;
    private final float[] weights;
    private final int[] labels;
    private int count;

    Batch(Dataset dataset, int batchSize) {
        var dims = dataset.sampleShape().toList();
        var batched = new int[dims.size() + 1];
        batched[0] = batchSize;
        for (int i = 0; i < dims.size(); i++) {
            batched[i + 1] = dims.get(i);
        }
        featureShape = Shape.of(batched);
        oneHotShape = Shape.of(batchSize, dataset.classes());
        features = new float[featureShape.size()];
        oneHot = new float[oneHotShape.size()];
        weights = new float[batchSize];
        labels = new int[batchSize];
    }

    /** Takes samples {@code order[from]} to {@code order[to - 1]}. */
    void fill(Dataset dataset, int[] order, int from, int to) {
        int sample = dataset.sampleShape().size();
        count = to - from;
        Arrays.fill(oneHot, 0);
        for (int i = 0; i < count; i++) {
            int index = order[from + i];
            dataset.copySample(index, features, i * sample);
            labels[i] = dataset.label(index);
            oneHot[i * dataset.classes() + labels[i]] = 1;
        }
        Arrays.fill(features, count * sample, features.length, 0);
        Arrays.fill(labels, count, labels.length, -1);
        Arrays.fill(weights, 0, count, 1);
        Arrays.fill(weights, count, weights.length, 0);
    }

    /** Features of the samples, then zeros; the array itself. */
    public float[] features() {
        return features;
    }

    /** Row i has its 1 at the label of sample i; padding rows are all 0; the array itself. */
    public float[] oneHot() {
        return oneHot;
    }

    /** 1 for a sample, 0 for padding; the array itself. */
    public float[] weights() {
        return weights;
    }

    /** Label of each sample, -1 for padding; the array itself. */
    public int[] labels() {
        return labels;
    }

    /** How many rows are samples; the rest is padding. */
    public int count() {
        return count;
    }

    /** {@code [B, ...sampleShape]}. */
    public Shape featureShape() {
        return featureShape;
    }

    /** {@code [B, classes]}. */
    public Shape oneHotShape() {
        return oneHotShape;
    }

    /** {@code [B]}. */
    public Shape weightShape() {
        return Shape.of(weights.length);
    }
}
