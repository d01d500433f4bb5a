package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Numbers from NumPy, in double. */
class NormalisationTest {
    private static final Tensor ROWS = Tensor.of(new float[][] {{1, 2, 4, -3}, {0.5f, -1, 2, 0}});
    private static final Tensor IMAGES =
            Tensor.of(Shape.of(2, 2, 2, 2), 1, 2, 3, 4, -1, 0, 1, 0, 5, 6, 7, 8, 2, 2, 0, -2);

    @Test
    void layerNormMatchesNumPy() {
        var layer = new LayerNorm(4);
        layer.parameters().get("weight").set(Tensor.of(1, 2, 0.5f, -1));
        layer.parameters().get("bias").set(Tensor.of(0.1f, 0, -0.2f, 1));
        assertArrayEquals(
                new float[] {
                    0.1f,
                    0.784464f,
                    0.388348f,
                    2.568928f,
                    0.215470f,
                    -2.540330f,
                    0.550552f,
                    1.346409f
                },
                layer.forward(ROWS).toArray(),
                2e-6f);
    }

    @Test
    void layerNormOverTwoAxesIsThatOverBothAtOnce() {
        var two = new LayerNorm(2, 4).forward(ROWS.reshape(1, 2, 4)).toArray();
        var one = new LayerNorm(8).forward(ROWS.reshape(1, 8)).toArray();
        assertArrayEquals(one, two, 1e-6f);
    }

    @Test
    void rmsNormMatchesNumPy() {
        var layer = new RMSNorm(4);
        layer.parameters().get("weight").set(Tensor.of(1, 2, 0.5f, -1));
        assertArrayEquals(
                new float[] {
                    0.365148f, 1.460593f, 0.730296f, 1.095444f, 0.436434f, -1.745736f, 0.872868f, 0
                },
                layer.forward(ROWS).toArray(),
                2e-6f);
    }

    @Test
    void batchNormMatchesNumPyInTrainingAndInEvaluation() {
        var layer = new BatchNorm2d(2);
        layer.parameters().get("weight").set(Tensor.of(2, -1));
        layer.parameters().get("bias").set(Tensor.of(0.5f, 1));
        assertArrayEquals(
                new float[] {
                    -2.555048f, -1.682177f, -0.809306f, 0.063565f, 1.962248f, 1.192450f, 0.422651f,
                    1.192450f, 0.936435f, 1.809306f, 2.682177f, 3.555048f, -0.347147f, -0.347147f,
                    1.192450f, 2.732046f
                },
                layer.forward(IMAGES).toArray(),
                4e-6f);
        layer.parameters().get("running_mean").set(Tensor.of(0.45f, 0.025f));
        layer.parameters().get("running_var").set(Tensor.of(1.5f, 1.0928571f));
        layer.train(false);
        assertArrayEquals(
                new float[] {
                    1.398143f, 3.031131f, 4.664119f, 6.297106f, 1.980483f, 1.023914f, 0.067345f,
                    1.023914f, 7.930094f, 9.563082f, 11.196070f, 12.829057f, -0.889224f, -0.889224f,
                    1.023914f, 2.937052f
                },
                layer.forward(IMAGES).toArray(),
                1e-5f);
    }

    @Test
    void batchNormCalledByHandWritesNothing() {
        var layer = new BatchNorm2d(2);
        layer.forward(IMAGES).eval();
        assertArrayEquals(new float[2], layer.parameters().get("running_mean").toArray());
        assertEquals(4, layer.parameterCount());
    }

    @Test
    void gradientsAgreeWithFiniteDifferences() {
        LayerChecks.gradients(new LayerNorm(5), 3, 5);
        LayerChecks.gradients(new LayerNorm(2, 3), 2, 2, 3);
        LayerChecks.gradients(new RMSNorm(5), 3, 5);
        LayerChecks.gradients(new BatchNorm2d(2), 2, 2, 3, 1);
        LayerChecks.gradients(new Residual(new LayerNorm(4)), 2, 4);
    }

    @Test
    void wrongInputsAndSettingsAreRefused() {
        assertRefused(
                "[LayerNorm(4)] input has shape [2, 5]; need (..., 4)",
                () -> new LayerNorm(4).forward(Tensor.ones(2, 5)));
        assertRefused(
                "[RMSNorm(4)] input has shape []; need (..., 4)",
                () -> new RMSNorm(4).forward(Tensor.scalar(1)));
        assertRefused(
                "[BatchNorm2d(3)] input has shape [2, 5]; need [N, 3, H, W]",
                () -> new BatchNorm2d(3).forward(Tensor.ones(2, 5)));
        assertRefused(
                "[LayerNorm] sizes []; need one or more, each 1 or more", () -> new LayerNorm());
        assertRefused(
                "[RMSNorm] epsilon 0.0; need a finite number above 0", () -> new RMSNorm(3, 0));
        assertRefused(
                "[BatchNorm2d] momentum 0.0; need above 0 and up to 1",
                () -> new BatchNorm2d(3, 0, 1e-5));
        assertRefused(
                "[Residual] Linear(4 -> 3) turns [2, 4] into [2, 3]; need the same shape to add"
                        + " them: mind strides, padding and channels",
                () -> new Residual(new Linear(4, 3)).forward(Tensor.ones(2, 4)));
    }

    private static void assertRefused(String message, Runnable f) {
        assertEquals(message, assertThrows(JaneException.class, f::run).getMessage());
    }
}
