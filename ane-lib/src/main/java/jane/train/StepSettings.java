package jane.train;

import jane.ir.DType;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Optimizer;
import jane.tensor.MixedPrecision;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a step is made of.
 *
 * @param detailed whether norms of updates and weights are wanted
 * @param clipNorm the most that the norm of the whole gradient may be; infinite for no limit
 * @param microBatches how many parts a batch is taken in
 * @param seed of masks and other per-step inputs
 * @param precision what forward and backward compute in; empty for the engine's own
 * @param checkpoint of how many of the model's layers the last result is kept; 0 to keep all
 */
record StepSettings(
        Layer model,
        Loss loss,
        Optimizer optimizer,
        boolean detailed,
        double clipNorm,
        int microBatches,
        long seed,
        Optional<DType> precision,
        int checkpoint) {
    /** What forward and backward compute in. */
    DType compute() {
        return precision.orElseGet(() -> Session.current().engine().precision());
    }

    /** What the model makes, as it is to be computed. */
    List<Tensor> rewritten(List<Tensor> made) {
        var engine = MixedPrecision.asEngine(made);
        boolean asked = compute() != Session.current().engine().precision();
        return asked && compute() == DType.FP16 ? MixedPrecision.half(engine) : engine;
    }

    StepSettings withPrecision(DType dtype) {
        return new StepSettings(
                model,
                loss,
                optimizer,
                detailed,
                clipNorm,
                microBatches,
                seed,
                Optional.of(dtype),
                checkpoint);
    }

    StepSettings withClipNorm(double most) {
        return new StepSettings(
                model, loss, optimizer, detailed, most, microBatches, seed, precision, checkpoint);
    }

    StepSettings withMicroBatches(int parts) {
        return new StepSettings(
                model, loss, optimizer, detailed, clipNorm, parts, seed, precision, checkpoint);
    }

    StepSettings withSeed(long value) {
        return new StepSettings(
                model,
                loss,
                optimizer,
                detailed,
                clipNorm,
                microBatches,
                value,
                precision,
                checkpoint);
    }

    StepSettings withCheckpoint(int layers) {
        return new StepSettings(
                model, loss, optimizer, detailed, clipNorm, microBatches, seed, precision, layers);
    }
}
