package jane.data;

/** Softmax regression in plain Java, to know what a model without convolutions can reach. */
final class LinearModel {
    private static final float RATE = 0.05f;

    private final int inputs;
    private final float[][] weights;
    private final float[] biases;

    private LinearModel(int inputs, int classes) {
        this.inputs = inputs;
        this.weights = new float[classes][inputs];
        this.biases = new float[classes];
    }

    /** Trains by SGD with batches of one and gives the test accuracy after each epoch. */
    static double[] train(Dataset train, Dataset test, int epochs) {
        var model = new LinearModel(train.sampleShape().size(), train.classes());
        var accuracies = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (var batch : Batches.of(train, 1).shuffled(1).epoch(epoch)) {
                model.step(batch.features(), batch.labels()[0], RATE / (1 + epoch));
            }
            accuracies[epoch] = model.accuracy(test);
        }
        return accuracies;
    }

    private void step(float[] x, int label, float rate) {
        float[] p = logits(x);
        float max = p[argmax(p)];
        float sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = (float) StrictMath.exp(p[c] - max);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            float g = rate * (p[c] / sum - (c == label ? 1 : 0));
            biases[c] -= g;
            for (int i = 0; i < inputs; i++) {
                weights[c][i] -= g * x[i];
            }
        }
    }

    private double accuracy(Dataset data) {
        var x = new float[inputs];
        int right = 0;
        for (int i = 0; i < data.size(); i++) {
            data.copySample(i, x, 0);
            right += argmax(logits(x)) == data.label(i) ? 1 : 0;
        }
        return (double) right / data.size();
    }

    private float[] logits(float[] x) {
        var z = biases.clone();
        for (int c = 0; c < z.length; c++) {
            for (int i = 0; i < inputs; i++) {
                z[c] += weights[c][i] * x[i];
            }
        }
        return z;
    }

    private static int argmax(float[] z) {
        int best = 0;
        for (int c = 1; c < z.length; c++) {
            best = z[c] > z[best] ? c : best;
        }
        return best;
    }
}
