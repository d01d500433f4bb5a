package jane.train;

import jane.nn.ReLU;
import jane.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is wrong with a step, in plain words. The bounds are rules of thumb: an update of a
 * thousandth of the weights is healthy; a factor of a hundred either way is worth a word.
 */
final class Diagnosis {
    private static final double LARGE_RATIO = 0.1;
    private static final double SMALL_RATIO = 1e-5;
    private static final double DEAD_SHARE = 0.4;
    private static final double VANISHING = 1e-4;
    private static final double EXPLODING = 100;
    private static final double LOSS_ROSE = 1.02;

    private final Inspection step;
    private final List<String> found = new ArrayList<>();

    /** Whether a layer lets hardly anything through, which explains small gradients before it. */
    private boolean isBlocked;

    private Diagnosis(Inspection step) {
        this.step = step;
    }

    static List<String> of(Inspection step) {
        var diagnosis = new Diagnosis(step);
        diagnosis.loss();
        diagnosis.deadUnits();
        diagnosis.gradients();
        diagnosis.updates();
        return List.copyOf(diagnosis.found);
    }

    private void say(String format, Object... args) {
        found.add(String.format(Locale.ROOT, format, args));
    }

    /** Two digits, as people write learning rates. */
    private static String figure(double rate) {
        return new BigDecimal(rate).round(new MathContext(2)).stripTrailingZeros().toString();
    }

    private void loss() {
        if (!Double.isFinite(step.lossAfter())) {
            say(
                    "The loss of this batch is %s after the update: the learning rate %s is far too"
                            + " high.",
                    step.lossAfter(), figure(step.report().learningRate()));
        } else if (step.lossAfter() > step.lossBefore() * LOSS_ROSE) {
            say(
                    "The loss of this very batch rose from %.4g to %.4g: the learning rate %s is"
                            + " probably too high; try %s.",
                    step.lossBefore(),
                    step.lossAfter(),
                    figure(step.report().learningRate()),
                    figure(step.report().learningRate() / 3));
        }
    }

    private void deadUnits() {
        for (var seen : step.layers()) {
            if (seen.layer() instanceof ReLU) {
                int units = units(seen.output());
                int dead = dead(seen.output(), units);
                if (dead > DEAD_SHARE * units) {
                    isBlocked = true;
                    say(
                            "%d of %d units of %s are 0 for every sample of the batch (dead ReLUs):"
                                    + " they learn nothing; a lower learning rate or GELU helps.",
                            dead, units, seen.path());
                }
            }
        }
    }

    /** Channels of images, else the last axis. */
    private static int axis(Tensor t) {
        return t.shape().rank() == 4 ? 1 : t.shape().rank() - 1;
    }

    private static int units(Tensor t) {
        return t.shape().rank() == 0 ? 1 : t.shape().dim(axis(t));
    }

    private static int dead(Tensor t, int units) {
        var alive = new boolean[units];
        var values = t.toArray();
        int stride = t.shape().rank() == 0 ? 1 : t.shape().strides()[axis(t)];
        for (int i = 0; i < values.length; i++) {
            alive[i / stride % units] |= values[i] != 0;
        }
        int dead = 0;
        for (boolean a : alive) {
            dead += a ? 0 : 1;
        }
        return dead;
    }

    /** Compares the weight matrices of the first and the last layer by gradient per element. */
    private void gradients() {
        double norm = step.report().gradientNorm();
        if (norm > EXPLODING) {
            say(
                    "The gradient's norm is %.3g: gradients explode; lower the learning rate, scale"
                            + " the inputs, or clip.",
                    norm);
        }
        var matrices =
                step.parameters().stream().filter(p -> p.gradient().shape().rank() > 1).toList();
        for (var p : matrices) {
            if (p.gradientNorm() == 0 && !isBlocked) {
                say("%s gets no gradient at all: nothing in the loss depends on it.", p.path());
            }
        }
        if (matrices.size() > 1) {
            var first = matrices.get(0);
            var last = matrices.get(matrices.size() - 1);
            double share = perElement(first) / perElement(last);
            if (share > 0 && share < VANISHING) {
                say(
                        "Gradients vanish on the way back: those of %s are %.1g times those of %s;"
                                + " fewer layers, ReLU or GELU, or better first weights help.",
                        first.path(), share, last.path());
            }
        }
    }

    private static double perElement(Inspection.Moved p) {
        return p.gradientNorm() / Math.sqrt(Math.max(1, p.gradient().shape().size()));
    }

    private void updates() {
        var matrices =
                step.parameters().stream()
                        .filter(p -> p.gradient().shape().rank() > 1 && p.ratio() > 0)
                        .toList();
        var large = matrices.stream().filter(p -> p.ratio() > LARGE_RATIO).toList();
        if (!large.isEmpty()) {
            say(
                    "%s moved by %.0f %% of its size in one step: the learning rate %s is probably"
                            + " too high (around 0.1 %% is healthy).",
                    large.get(0).path(),
                    100 * large.get(0).ratio(),
                    figure(step.report().learningRate()));
        }
        boolean allSmall = matrices.stream().allMatch(p -> p.ratio() < SMALL_RATIO);
        if (!matrices.isEmpty() && allSmall && !isBlocked) {
            say(
                    "The weights moved by less than %.0e of their size: the learning rate %s is"
                            + " probably too low; try %s.",
                    SMALL_RATIO,
                    figure(step.report().learningRate()),
                    figure(step.report().learningRate() * 10));
        }
    }
}
