package jane.nn;

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
