package jane.bench.duel;

import jane.data.Batch;
import jane.data.Batches;
import jane.data.Dataset;
import jane.data.Digits;
import jane.io.Safetensors;
import jane.ir.DataException;
import jane.nn.Flatten;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.tensor.Session;
import jane.zoo.Models;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A training that both sides can do: network, batch size, optimizer, and the ratio to reach. */
public enum Training {
    /** 784-256-10 with GELU, Adam. */
    MLP_ADAM("mlp-adam", 256, true, 128, true, 0.6),
    /** 784-128-10 with GELU, plain descent. */
    MLP_SGD("mlp-sgd", 128, true, 64, false, 0.6),
    /** 784-256-10 with ReLU, Adam. */
    MLP_ADAM_RELU("mlp-adam-relu", 256, false, 128, true, 0.6),
    /** 784-128-10 with ReLU, plain descent. */
    MLP_SGD_RELU("mlp-sgd-relu", 128, false, 64, false, 0.6),
    /** The convolutional network of {@code train-digits}, Adam. */
    CNN("cnn", 0, false, 128, true, 0.8);

    private static final int BATCHES = 16;

    private final String label;
    private final int hidden;
    private final boolean gelu;
    private final int batch;
    private final boolean adam;
    private final double target;

    Training(String label, int hidden, boolean gelu, int batch, boolean adam, double target) {
        this.label = label;
        this.hidden = hidden;
        this.gelu = gelu;
        this.batch = batch;
        this.adam = adam;
        this.target = target;
    }

    /** The training of this label. */
    public static Training named(String label) {
        return Arrays.stream(values())
                .filter(t -> t.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new DataException("peers", "no case '%s'; need %s", label, labels()));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Training::label).collect(Collectors.joining(", "));
    }

    /** What it is called on the command line. */
    public String label() {
        return label;
    }

    /** Jane's time over DJL's, at most. */
    public double target() {
        return target;
    }

    int hidden() {
        return hidden;
    }

    boolean gelu() {
        return gelu;
    }

    boolean adam() {
        return adam;
    }

    boolean convolutional() {
        return this == CNN;
    }

    int batch() {
        return batch;
    }

    double rate() {
        return adam ? 1e-3 : 0.1;
    }

    /** The network with the weights that the session's seed gives. */
    public Layer network() {
        if (convolutional()) {
            return Models.digitsCnn();
        }
        return new Sequential(
                new Flatten(),
                new Linear(784, hidden),
                gelu ? new GELU() : new ReLU(),
                new Linear(hidden, 10));
    }

    /** Batches of generated digits, the same in every process, to be taken in turn. */
    List<Batch> batches() {
        Dataset digits = Digits.train(BATCHES * batch, 1).normalized(0.1307f, 0.3081f);
        var batches = Batches.of(digits, batch).shuffled(1);
        return IntStream.range(0, BATCHES)
                .mapToObj(i -> batches.epoch(0, i).iterator().next())
                .toList();
    }

    /** Writes the weights that seed 1 gives, for both sides to start from. */
    public void writeWeights(Path file) {
        Session.current().seed(1);
        var weights = new Safetensors();
        network()
                .parameters()
                .forEach(
                        (path, p) -> {
                            int size = (int) p.type().sizeBytes();
                            weights.put(path, p.type(), p.memory().bytes().slice(0, size));
                        });
        weights.write(file);
    }
}
