package jane.nn;

import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.tensor.Parameter;
import jane.tensor.Tensor;

/**
 * Batch normalisation of images: {@code y = (x - mean) / sqrt(var + eps) * weight + bias}, channel
 * by channel. In training, mean and (biased) variance are those of the batch, in which padding does
 * not count; each step moves the running statistics towards them: {@code running = (1 - m) running
 * + m batch}, with the unbiased variance. In evaluation, mean and variance are the running ones.
 *
 * <p>Padding is known by the sample weights of a step, which say so for the first axis of the
 * model's input: they are used where x has that many samples.
 *
 * <p><b>Shapes.</b> x [N, C, H, W], weight, bias, running_mean and running_var (C), y as x.
 * <b>Init.</b> Weight and running_var 1, bias and running_mean 0. <b>Source.</b> Ioffe, Szegedy,
 * "Batch normalization", 2015, in the form PyTorch uses.
 */
public final class BatchNorm2d extends Layer {
    private static final double MOMENTUM = 0.1;
    private static final double EPSILON = 1e-5;

    private final int channels;
    private final double momentum;
    private final double epsilon;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter runningMean;
    private final Parameter runningVar;

    /** Of so many channels, with momentum 0.1 and eps 1e-5. */
    public BatchNorm2d(int channels) {
        this(channels, MOMENTUM, EPSILON);
    }

    /**
     * With every option.
     *
     * @param momentum how far the running statistics move at each step, above 0 and up to 1
     */
    public BatchNorm2d(int channels, double momentum, double epsilon) {
        if (channels < 1) {
            throw new ShapeException("BatchNorm2d", "%d channels; need 1 or more", channels);
        }
        if (!(momentum > 0 && momentum <= 1)) {
            throw new JaneException(
                    "BatchNorm2d", "momentum %s; need above 0 and up to 1", momentum);
        }
        Trailing.requireEpsilon("BatchNorm2d", epsilon);
        this.channels = channels;
        this.momentum = momentum;
        this.epsilon = epsilon;
        weight = param("weight", Tensor.ones(channels));
        bias = param("bias", Tensor.zeros(channels));
        runningMean = state("running_mean", Tensor.zeros(channels));
        runningVar = state("running_var", Tensor.ones(channels));
    }

    @Override
    public Tensor forward(Tensor x) {
        requireImages(x, channels);
        if (!training()) {
            return scaled(x.sub(perChannel(runningMean)), perChannel(runningVar));
        }
        var mean = mean(x, x, 0);
        var centered = x.sub(perChannel(mean));
        var squares = centered.square();
        move(runningMean, mean);
        move(runningVar, mean(squares, x, 1));
        return scaled(centered, perChannel(mean(squares, x, 0)));
    }

    /**
     * The sum of {@code v} over each channel of the samples that count, divided by their number
     * less {@code lost}, but by 1 at least: a lone value's variance is 0.
     */
    private Tensor mean(Tensor v, Tensor x, int lost) {
        int samples = x.shape().dim(0);
        double pixels = (double) x.shape().dim(2) * x.shape().dim(3);
        var weights = sampleWeights().filter(w -> w.shape().dim(0) == samples);
        if (weights.isEmpty()) {
            return v.sum(0, 2, 3).div(Math.max(1, samples * pixels - lost));
        }
        var w = weights.get().cast(x.dtype());
        var count = w.sum().mul(pixels).sub(lost).clip(1, Float.MAX_VALUE);
        return v.mul(w.reshape(samples, 1, 1, 1)).sum(0, 2, 3).div(count);
    }

    private void move(Parameter running, Tensor batch) {
        update(running, old -> old.mul(1 - momentum).add(batch.mul(momentum)));
    }

    private Tensor scaled(Tensor centered, Tensor variance) {
        return centered.mul(variance.rsqrt(epsilon).mul(perChannel(weight))).add(perChannel(bias));
    }

    private Tensor perChannel(Tensor v) {
        return v.reshape(1, channels, 1, 1);
    }

    @Override
    public String describe() {
        return "BatchNorm2d(" + channels + ")";
    }
}
