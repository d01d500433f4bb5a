package jane.nn;

import jane.ir.JaneException;
import jane.tensor.RandomStream;
import jane.tensor.Tensor;

/**
 * In training, sets each value to 0 with probability p and divides the others by 1 - p; in
 * evaluation, gives x itself. The mask is an input of the step, filled from the random stream of
 * (seed, layer, step): no step compiles anew, and a resumed run sees the same masks.
 *
 * <p><b>Shapes.</b> y as x. <b>Source.</b> Srivastava et al., "Dropout", 2014.
 */
public final class Dropout extends Layer {
    private final double p;

    /**
     * Drops values with probability {@code p}.
     *
     * @param p 0 to 1 (exclusive)
     */
    public Dropout(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new JaneException("Dropout", "probability %s; need 0 to 1 (exclusive)", p);
        }
        this.p = p;
    }

    @Override
    public Tensor forward(Tensor x) {
        return training() && p > 0 ? x.mul(perStep("mask", x.type(), this::fill)) : x;
    }

    private void fill(float[] mask, RandomStream random) {
        float kept = (float) (1 / (1 - p));
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextFloat() < p ? 0 : kept;
        }
    }

    @Override
    public String describe() {
        return "Dropout(" + p + ")";
    }
}
