package jane.nn;

import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.tensor.Tensor;

/** How far predictions are from targets, sample by sample. */
public interface Loss {
    /**
     * The loss of each sample.
     *
     * @param prediction (N, ...)
     * @param target as the prediction
     * @return (N)
     */
    Tensor each(Tensor prediction, Tensor target);

    /** What it is called in reports. */
    default String describe() {
        return getClass().getSimpleName();
    }

    /**
     * Mean over the samples by weight, a scalar; samples of weight 0 do not count.
     *
     * @param weights (N)
     */
    default Tensor mean(Tensor prediction, Tensor target, Tensor weights) {
        if (!prediction.shape().equals(target.shape())) {
            throw new ShapeException(
                    describe(),
                    "prediction %s and target %s; need the same shape: does the model's last layer"
                            + " have as many outputs as there are classes?",
                    prediction.shape(),
                    target.shape());
        }
        return each(prediction, target).mul(weights).sum().div(weights.sum());
    }

    /** Cross-entropy of logits (N, C) with one-hot targets, in its stable form. */
    static Loss crossEntropy() {
        return new Named("cross-entropy", (p, t) -> perSample(p.crossEntropy(t)));
    }

    /**
     * Cross-entropy with targets drawn towards all classes: {@code (1 - smoothing) target +
     * smoothing/C}. Source: Szegedy et al., "Rethinking the Inception architecture", 2015.
     *
     * @param smoothing 0 to 1 (exclusive); 0.1 is usual
     */
    static Loss crossEntropy(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new JaneException(
                    "cross-entropy", "label smoothing %s; need 0 to 1 (exclusive)", smoothing);
        }
        return new Named(
                "cross-entropy, label smoothing " + smoothing,
                (p, t) -> perSample(p.crossEntropy(smooth(t, smoothing))));
    }

    private static Tensor smooth(Tensor target, double smoothing) {
        return target.mul(1 - smoothing).add(smoothing / target.shape().dim(-1));
    }

    /**
     * Binary cross-entropy of logits (N, ...) with targets 0 to 1, in its stable form; the mean
     * over everything but the samples.
     */
    static Loss binaryCrossEntropy() {
        return new Named("binary cross-entropy", (p, t) -> perSample(p.binaryCrossEntropy(t)));
    }

    /** Mean squared error over everything but the samples. */
    static Loss mse() {
        return new Named("mean squared error", (p, t) -> perSample(p.sub(t).square()));
    }

    private static Tensor perSample(Tensor loss) {
        var shape = loss.shape();
        return shape.rank() == 1
                ? loss
                : loss.reshape(shape.dim(0), shape.slice(1, shape.rank()).size()).mean(1);
    }

    /** A loss with a name. */
    record Named(String describe, Each rule) implements Loss {
        /** The losses of the samples. */
        public interface Each {
            Tensor apply(Tensor prediction, Tensor target);
        }

        @Override
        public Tensor each(Tensor prediction, Tensor target) {
            return rule.apply(prediction, target);
        }
    }
}
