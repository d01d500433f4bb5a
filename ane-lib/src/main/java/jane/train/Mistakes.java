package jane.train;

import jane.data.Dataset;
import jane.ir.Shape;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The samples that a model gets wrong, the surest first.
 *
 * @param data where the samples are
 * @param list each mistake
 */
public record Mistakes(Dataset data, List<Mistake> list) {
    private static final int BATCH = 128;

    public Mistakes {
        list = List.copyOf(list);
    }

    /**
     * One wrong answer.
     *
     * @param index of the sample in the data
     * @param label what it is
     * @param predicted what the model takes it for
     * @param confidence softmax of the predicted class, 0 to 1
     */
    public record Mistake(int index, int label, int predicted, double confidence) {
        /** {@code 4 as 9}. */
        public String caption() {
            return label + " as " + predicted;
        }
    }

    /** The mistakes of a classifier on {@code data}. */
    public static Mistakes of(Layer model, Dataset data) {
        var rows = Evaluation.of(model, Loss.crossEntropy()).outputs(data, BATCH);
        var wrong = new ArrayList<Mistake>();
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            int best = Evaluation.largest(row, 0, row.length);
            if (best != data.label(i)) {
                wrong.add(new Mistake(i, data.label(i), best, softmax(row, best)));
            }
        }
        wrong.sort(Comparator.comparingDouble(Mistake::confidence).reversed());
        return new Mistakes(data, wrong);
    }

    private static double softmax(float[] row, int best) {
        double sum = 0;
        for (float x : row) {
            sum += Math.exp(x - row[best]);
        }
        return 1 / sum;
    }

    /** The first {@code count} samples as one tensor [count, ...sample shape]. */
    public Tensor samples(int count) {
        int n = Math.min(count, list.size());
        int size = data.sampleShape().size();
        var values = new float[n * size];
        for (int i = 0; i < n; i++) {
            data.copySample(list.get(i).index(), values, i * size);
        }
        var dims = new ArrayList<>(List.of(n));
        dims.addAll(data.sampleShape().toList());
        return Tensor.of(Shape.of(dims), values);
    }

    /** How many of how many, and the surest ones. */
    @Override
    public String toString() {
        return "%d of %d wrong%s"
                .formatted(
                        list.size(),
                        data.size(),
                        list.isEmpty()
                                ? ""
                                : ", surest first: "
                                        + String.join(
                                                ", ",
                                                list.stream()
                                                        .limit(8)
                                                        .map(Mistake::caption)
                                                        .toList()));
    }
}
