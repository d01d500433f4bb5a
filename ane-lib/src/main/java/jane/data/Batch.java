package jane.data;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Session;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * B samples side by side, as a training step takes them. A short batch is padded with zeros and
 * weight 0, so that every batch has the same shapes. The arrays are live: the iterator that gave
 * the batch refills them for the next one.
 *
 * <p><b>Shapes.</b> features {@code [B, ...sampleShape]}, oneHot {@code [B, classes]}, weights
 * {@code [B]}, labels {@code [B]}.
 */
public final class Batch {
    private static final int PIECE = 1 << 14; // values that one thread takes at a time, 64 KB

    private final Dataset dataset;
    private final Shape featureShape;
    private final Shape oneHotShape;
    private final Buffer featureBuffer;
    private final Buffer oneHotBuffer;
    private final Buffer weightBuffer;
    private final float[] oneHot;
    private final float[] weights;
    private final int[] labels;
    private Optional<float[]> features = Optional.empty(); // from when they are first asked for
    private boolean gathered; // featureBuffer has them
    private int[] order = {};
    private int from;
    private int count;

    Batch(Dataset dataset, int batchSize) {
        this.dataset = dataset;
        var dims = dataset.sampleShape().toList();
        var batched = new int[dims.size() + 1];
        batched[0] = batchSize;
        for (int i = 0; i < dims.size(); i++) {
            batched[i + 1] = dims.get(i);
        }
        featureShape = Shape.of(batched);
        oneHotShape = Shape.of(batchSize, dataset.classes());
        featureBuffer = Buffer.direct(new TensorType(DType.FP32, featureShape));
        oneHotBuffer = Buffer.direct(new TensorType(DType.FP32, oneHotShape));
        weightBuffer = Buffer.direct(TensorType.fp32(batchSize));
        oneHot = new float[oneHotShape.size()];
        weights = new float[batchSize];
        labels = new int[batchSize];
    }

    /** Takes samples {@code samples[first]} to {@code samples[last - 1]}. */
    void fill(int[] samples, int first, int last) {
        order = samples;
        from = first;
        count = last - first;
        gathered = false;
        Arrays.fill(oneHot, 0);
        for (int i = 0; i < count; i++) {
            labels[i] = dataset.label(order[from + i]);
            oneHot[i * dataset.classes() + labels[i]] = 1;
        }
        Arrays.fill(labels, count, labels.length, -1);
        Arrays.fill(weights, 0, count, 1);
        Arrays.fill(weights, count, weights.length, 0);
        features.ifPresent(array -> gather(FloatBuffer.wrap(array)));
    }

    /** Writes the samples to {@code out}, then zeros; on all threads of the session's engine. */
    private void gather(FloatBuffer out) {
        int sample = dataset.sampleShape().size();
        int each = Math.max(1, PIECE / Math.max(1, sample));
        int rows = weights.length;
        Session.current()
                .engine()
                .parallel(
                        (rows + each - 1) / each,
                        piece -> {
                            int first = piece * each;
                            int end = Math.min(first + each, rows);
                            int filled = Math.max(first, Math.min(end, count));
                            var part = out.slice(first * sample, (end - first) * sample);
                            dataset.copySamples(order, from + first, from + filled, part);
                            part.put(new float[part.remaining()]);
                        });
    }

    /** The features where a program can read them; not to be written, and live like the arrays. */
    public Buffer featureBuffer() {
        if (features.isPresent()) {
            copy(features.get(), featureBuffer.bytes().asFloatBuffer());
        } else if (!gathered) {
            gather(featureBuffer.bytes().asFloatBuffer());
            gathered = true;
        }
        return featureBuffer;
    }

    private static void copy(float[] values, FloatBuffer out) {
        Session.current()
                .engine()
                .parallel(
                        (values.length + PIECE - 1) / PIECE,
                        piece -> {
                            int first = piece * PIECE;
                            int length = Math.min(PIECE, values.length - first);
                            out.put(first, values, first, length);
                        });
    }

    /** What {@link #oneHot} holds, where a program can read it. */
    public Buffer oneHotBuffer() {
        oneHotBuffer.put(oneHot);
        return oneHotBuffer;
    }

    /** What {@link #weights} holds, where a program can read it. */
    public Buffer weightBuffer() {
        weightBuffer.put(weights);
        return weightBuffer;
    }

    /** Features of the samples, then zeros; the array itself. */
    public float[] features() {
        if (features.isEmpty()) {
            var array = new float[featureShape.size()];
            gather(FloatBuffer.wrap(array));
            features = Optional.of(array);
        }
        return features.get();
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
