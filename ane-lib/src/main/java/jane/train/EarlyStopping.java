package jane.train;

import jane.ir.JaneException;
import jane.nn.Layer;
import jane.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ends training when the validation loss has not got better for a while, and puts the weights of
 * the best epoch back.
 *
 * <pre>{@code
 * var stopping = EarlyStopping.patience(3);
 * trainer.validation(test).on(stopping).fit(100);
 * System.out.println(stopping);
 * }</pre>
 */
public final class EarlyStopping implements Trainer.Callback {
    private final int patience;
    private final double minDelta;
    private final Map<String, Tensor> best = new LinkedHashMap<>();
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int bestEpoch;
    private int waited;
    private boolean stopped;

    private EarlyStopping(int patience, double minDelta) {
        this.patience = patience;
        this.minDelta = minDelta;
    }

    /** Stops after so many epochs in a row without a better validation loss. */
    public static EarlyStopping patience(int epochs) {
        if (epochs < 1) {
            throw new JaneException(
                    "early stopping", "patience of %d epochs; need 1 or more", epochs);
        }
        return new EarlyStopping(epochs, 0);
    }

    /** Takes a loss for better only if it is lower by more than {@code value}. */
    public EarlyStopping minDelta(double value) {
        if (!(value >= 0)) {
            throw new JaneException("early stopping", "minDelta %s; need 0 or more", value);
        }
        return new EarlyStopping(patience, value);
    }

    @Override
    public void epoch(Trainer trainer, EpochReport report) {
        var score =
                report.validation()
                        .orElseThrow(
                                () ->
                                        new JaneException(
                                                "early stopping",
                                                "epoch %d has no validation loss to watch; call"
                                                        + " validation(data) on the trainer",
                                                report.epoch()));
        if (score.loss() < bestLoss - minDelta || best.isEmpty()) {
            keep(trainer.model(), score.loss(), report.epoch());
            return;
        }
        waited++;
        if (waited >= patience) {
            stopped = true;
            restore(trainer.model());
            trainer.stop();
        }
    }

    private void keep(Layer model, double loss, int epoch) {
        bestLoss = loss;
        bestEpoch = epoch;
        waited = 0;
        best.clear();
        // A version that is held keeps its values: the next step makes the copy.
        model.parameters().forEach((path, p) -> best.put(path, p.operand()));
    }

    /**
     * Puts the best weights so far back, running statistics included; done by itself when training
     * is stopped.
     */
    public void restore(Layer model) {
        if (best.isEmpty()) {
            throw new JaneException("early stopping", "no epoch has ended yet; nothing to restore");
        }
        var parameters = model.parameters();
        best.forEach((path, values) -> parameters.get(path).set(values));
    }

    /** The epoch with the lowest validation loss, 1 for the first; 0 if none has ended. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** The lowest validation loss; infinite if no epoch has ended. */
    public double bestLoss() {
        return bestLoss;
    }

    /** Whether it has ended a training. */
    public boolean stopped() {
        return stopped;
    }

    @Override
    public String toString() {
        if (bestEpoch == 0) {
            return "early stopping: no epoch has ended yet";
        }
        return "early stopping: best validation loss %.4g in epoch %d%s"
                .formatted(
                        bestLoss,
                        bestEpoch,
                        stopped
                                ? "; stopped after " + waited + " more, best weights restored"
                                : "");
    }
}
