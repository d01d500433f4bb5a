package jane.train;

/**
 * What the loss is multiplied by before it is differentiated in fp16, so that small gradients are
 * not rounded to 0; gradients are divided by it again in fp32. Halved when a gradient overflows,
 * and doubled, up to where it began, at every thousandth step. Always a power of two, so that it
 * changes no digit of what does not overflow. Source: Micikevicius et al., 2018.
 */
final class LossScale {
    private static final double START = 1024;
    private static final int PERIOD = 1000;

    private double scale = START;

    double value() {
        return scale;
    }

    /** Continues from a checkpoint. */
    void set(double value) {
        scale = value;
    }

    /** After an overflow: whether a smaller scale is left to try. */
    boolean lower() {
        scale /= 2;
        return scale >= 1;
    }

    /** After a step that was applied. */
    void passed(long step) {
        if (step % PERIOD == 0) {
            scale = Math.min(START, scale * 2);
        }
    }
}
