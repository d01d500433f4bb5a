package jane.train;

import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Optimizer;

/**
 * What a step is made of.
 *
 * @param detailed whether norms of updates and weights are wanted
 * @param clipNorm the most that the norm of the whole gradient may be; infinite for no limit
 * @param microBatches how many parts a batch is taken in
 * @param seed of masks and other per-step inputs
 */
record StepSettings(
        Layer model,
        Loss loss,
        Optimizer optimizer,
        boolean detailed,
        double clipNorm,
        int microBatches,
        long seed) {
    StepSettings withClipNorm(double most) {
        return new StepSettings(model, loss, optimizer, detailed, most, microBatches, seed);
    }

    StepSettings withMicroBatches(int parts) {
        return new StepSettings(model, loss, optimizer, detailed, clipNorm, parts, seed);
    }

    StepSettings withSeed(long value) {
        return new StepSettings(model, loss, optimizer, detailed, clipNorm, microBatches, value);
    }
}
