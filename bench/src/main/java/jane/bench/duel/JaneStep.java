package jane.bench.duel;

import jane.data.Batch;
import jane.io.Safetensors;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.train.Step;
import java.nio.file.Path;
import java.util.List;

/** Training steps by Jane, as {@code Trainer} takes them. */
final class JaneStep implements Contender {
    private final Step step;
    private final List<Batch> batches;
    private int next;
    private double loss;

    private JaneStep(Step step, List<Batch> batches) {
        this.step = step;
        this.batches = batches;
    }

    static JaneStep start(Training training, Path weights) {
        Session.current().use("cpu", RivalMain.THREADS);
        Layer network = training.network();
        var first = Safetensors.read(weights);
        network.parameters().forEach((path, p) -> p.memory().putBytes(first.data(path)));
        var optimizer = training.adam() ? Adam.of(training.rate()) : Sgd.of(training.rate());
        var step = Step.of(network, Loss.crossEntropy(), optimizer, false);
        return new JaneStep(step, training.batches());
    }

    @Override
    public void run() {
        loss = step.run(batches.get(next)).loss();
        next = (next + 1) % batches.size();
    }

    @Override
    public double result() {
        return loss;
    }

    @Override
    public void close() {
        Session.current().engine().close();
    }
}
