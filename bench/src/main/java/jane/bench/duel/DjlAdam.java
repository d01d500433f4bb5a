package jane.bench.duel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.optimizer.Optimizer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * DJL's Adam with epsilon where Kingma and Ba, PyTorch and Jane have it, after the correction of
 * the bias; DJL's own adds it before, which in the first steps is 30 times as much. The work, one
 * call of DJL's {@code adamUpdate} for each parameter, is the same.
 */
final class DjlAdam extends Optimizer {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final Map<String, Map<Device, NDArray>> means = new ConcurrentHashMap<>();
    private final Map<String, Map<Device, NDArray>> variances = new ConcurrentHashMap<>();
    private final double rate;

    private DjlAdam(double rate) {
        super(new Builder());
        this.rate = rate;
    }

    static DjlAdam of(double rate) {
        return new DjlAdam(rate);
    }

    @Override
    public void update(String parameterId, NDArray weight, NDArray gradient) {
        int step = updateCount(parameterId);
        double correction1 = 1 - Math.pow(BETA1, step);
        double root2 = Math.sqrt(1 - Math.pow(BETA2, step));
        var mean = state(means, parameterId, weight);
        var variance = state(variances, parameterId, weight);
        weight.getNDArrayInternal()
                .adamUpdate(
                        new NDList(weight, gradient, mean, variance),
                        new NDList(weight),
                        (float) rate,
                        (float) (rate * root2 / correction1),
                        getWeightDecay(),
                        rescaleGrad,
                        clipGrad,
                        BETA1,
                        BETA2,
                        (float) (EPSILON * root2),
                        true,
                        false);
    }

    private NDArray state(
            Map<String, Map<Device, NDArray>> states, String parameterId, NDArray weight) {
        return withDefaultState(states, parameterId, weight.getDevice(), key -> weight.zerosLike());
    }

    /** With no weight decay and no clipping. */
    private static final class Builder extends OptimizerBuilder<Builder> {
        @Override
        protected Builder self() {
            return this;
        }
    }
}
