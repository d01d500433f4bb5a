package jane.train;

import jane.data.Dataset;
import jane.ir.JaneException;
import jane.nn.Layer;
import jane.nn.Loss;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a classifier takes each class for: counts by true class (row) and predicted one (column).
 */
public final class Confusion {
    private static final int BATCH = 128;

    private final int[][] counts;

    private Confusion(int[][] counts) {
        this.counts = counts;
    }

    /** The answers of {@code model}, the largest output of each sample, on {@code data}. */
    public static Confusion of(Layer model, Dataset data) {
        var rows = Evaluation.of(model, Loss.crossEntropy()).outputs(data, BATCH);
        var labels = new int[rows.size()];
        var predicted = new int[rows.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = data.label(i);
            predicted[i] = Evaluation.largest(rows.get(i), 0, data.classes());
        }
        return of(labels, predicted, data.classes());
    }

    /** Counts pairs of a label and a prediction. */
    public static Confusion of(int[] labels, int[] predicted, int classes) {
        if (labels.length != predicted.length || classes < 1) {
            throw new JaneException(
                    "confusion",
                    "%d labels, %d predictions, %d classes; need as many predictions as labels and"
                            + " a class or more",
                    labels.length,
                    predicted.length,
                    classes);
        }
        var counts = new int[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            int low = Math.min(labels[i], predicted[i]);
            if (low < 0 || Math.max(labels[i], predicted[i]) >= classes) {
                throw new JaneException(
                        "confusion",
                        "sample %d is of class %d, predicted as %d; need 0 to %d",
                        i,
                        labels[i],
                        predicted[i],
                        classes - 1);
            }
            counts[labels[i]][predicted[i]]++;
        }
        return new Confusion(counts);
    }

    /** Number of classes. */
    public int classes() {
        return counts.length;
    }

    /** How many samples of class {@code label} were taken for {@code predicted}. */
    public int count(int label, int predicted) {
        return counts[label(label)][label(predicted)];
    }

    private int label(int c) {
        if (c < 0 || c >= counts.length) {
            throw new JaneException("confusion", "class %d; need 0 to %d", c, counts.length - 1);
        }
        return c;
    }

    /** Samples of class {@code label}. */
    public int actual(int label) {
        return Arrays.stream(counts[label(label)]).sum();
    }

    /** Samples taken for class {@code label}. */
    public int predicted(int label) {
        int at = label(label);
        return Arrays.stream(counts).mapToInt(row -> row[at]).sum();
    }

    /** All samples. */
    public int total() {
        return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
    }

    /** Share of samples that were taken for what they are, 0 to 1; NaN without samples. */
    public double accuracy() {
        int right = 0;
        for (int c = 0; c < counts.length; c++) {
            right += counts[c][c];
        }
        return (double) right / total();
    }

    /** Of the samples taken for this class, the share that is of it; NaN if there are none. */
    public double precision(int label) {
        return (double) count(label, label) / predicted(label);
    }

    /** Of the samples of this class, the share that was taken for it; NaN if there are none. */
    public double recall(int label) {
        return (double) count(label, label) / actual(label);
    }

    /** Harmonic mean of precision and recall; NaN if the class occurs nowhere. */
    public double f1(int label) {
        return 2.0 * count(label, label) / (actual(label) + predicted(label));
    }

    /** The counts with precision, recall and F1 of each class, and the accuracy. */
    @Override
    public String toString() {
        int most = Arrays.stream(counts).flatMapToInt(Arrays::stream).max().orElse(0);
        int width = Math.max(String.valueOf(most).length(), String.valueOf(classes()).length());
        var text = new StringBuilder("true\\as");
        for (int c = 0; c < classes(); c++) {
            text.append(String.format("  %" + width + "d", c));
        }
        text.append("  precision  recall     F1\n");
        for (int c = 0; c < classes(); c++) {
            text.append(String.format("%7d", c));
            for (int p = 0; p < classes(); p++) {
                text.append(String.format("  %" + width + "d", counts[c][p]));
            }
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %9.3f  %6.3f  %5.3f\n",
                            precision(c),
                            recall(c),
                            f1(c)));
        }
        return text.append(
                        String.format(
                                Locale.ROOT, "accuracy %.4f of %d samples", accuracy(), total()))
                .toString();
    }
}
