package jane.notebook.chart;

import jane.ir.Shape;
import jane.tensor.Tensor;

/**
 * What one training step showed of one layer; a row of {@link StepPanel}. A number that does not
 * apply, such as the update of a layer without parameters, is NaN and is drawn as a dash.
 *
 * @param name the layer's path in the model, such as {@code 0.conv}
 * @param shape of the layer's output
 * @param activation distribution of the output
 * @param gradient distribution of the loss's gradient at the output; {@link Histogram#EMPTY} if it
 *     was not kept
 * @param deadUnits share of units (channels of an image, else the last axis) that are 0 for the
 *     whole batch, 0 to 1
 * @param gradientNorm Euclidean norm of the gradient of the layer's parameters
 * @param updateRatio Euclidean norm of the step's change of the layer's parameters over that of the
 *     parameters; around 1e-3 is healthy
 */
public record LayerStats(
        String name,
        Shape shape,
        Histogram activation,
        Histogram gradient,
        double deadUnits,
        double gradientNorm,
        double updateRatio) {
    /** Bins of the histograms that {@link #of} makes. */
    public static final int BINS = 41;

    /** Measures a layer's output and the gradient there. */
    public static LayerStats of(
            String name,
            Tensor activation,
            Tensor gradient,
            double gradientNorm,
            double updateRatio) {
        return new LayerStats(
                name,
                activation.shape(),
                Histogram.of(activation, BINS),
                Histogram.of(gradient, BINS),
                deadUnits(activation),
                gradientNorm,
                updateRatio);
    }

    /** As above for a step of which the gradient at the output was not kept. */
    public static LayerStats of(
            String name, Tensor activation, double gradientNorm, double updateRatio) {
        return new LayerStats(
                name,
                activation.shape(),
                Histogram.of(activation, BINS),
                Histogram.EMPTY,
                deadUnits(activation),
                gradientNorm,
                updateRatio);
    }

    /**
     * Share of units that are 0 for the whole batch: channels of {@code [N, C, H, W]}, else indices
     * of the last axis. NaN for a scalar or an empty tensor.
     */
    public static double deadUnits(Tensor activation) {
        var shape = activation.shape();
        if (shape.rank() == 0 || shape.size() == 0) {
            return Double.NaN;
        }
        int axis = shape.rank() == 4 ? 1 : shape.rank() - 1;
        int units = shape.dim(axis);
        int stride = shape.strides()[axis];
        var alive = new boolean[units];
        var value = Values.reader(activation.buffer());
        int dead = units;
        for (int i = 0; i < shape.size() && dead > 0; i++) {
            int unit = i / stride % units;
            if (!alive[unit] && value.applyAsDouble(i) != 0) {
                alive[unit] = true;
                dead--;
            }
        }
        return (double) dead / units;
    }
}
