package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Numbers from NumPy, in double. */
class LossTest {
    @Test
    void binaryCrossEntropyIsStable() {
        var z = Tensor.of(new float[][] {{0, 2}, {-3, 100}});
        var t = Tensor.of(new float[][] {{1, 0}, {0.25f, 1}});
        assertArrayEquals(
                new float[] {0.6931472f, 2.126928f, 0.7985874f, 0},
                z.binaryCrossEntropy(t).toArray(),
                1e-6f);
        assertArrayEquals(
                new float[] {1.4100376f, 0.3992937f},
                Loss.binaryCrossEntropy().each(z, t).toArray(),
                1e-6f);
    }

    @Test
    void binaryCrossEntropyHasTheGradientOfSigmoidAlsoAtZero() {
        var z = Tensor.of(0, -1, 200).requiresGrad();
        var t = Tensor.of(1, 0, 0);
        z.binaryCrossEntropy(t).sum().backward();
        assertArrayEquals(
                new float[] {-0.5f, 0.26894143f, 1}, z.grad().orElseThrow().toArray(), 1e-6f);
        LayerChecks.gradients(
                x -> x.binaryCrossEntropy(x.mul(0).add(0.3)), Tensor.of(0.7f, -1.3f, 2.1f, -0.2f));
    }

    @Test
    void labelSmoothingDrawsTargetsTowardsAllClasses() {
        var z = Tensor.of(new float[][] {{1, 2, -1}});
        var t = Tensor.oneHot(new int[] {1}, 3);
        assertEquals(0.4823456, Loss.crossEntropy(0.1).each(z, t).item(), 1e-6);
        assertEquals(0.3490122, Loss.crossEntropy(0).each(z, t).item(), 1e-6);
        assertEquals("cross-entropy, label smoothing 0.1", Loss.crossEntropy(0.1).describe());
        assertEquals(
                "[cross-entropy] label smoothing 1.0; need 0 to 1 (exclusive)",
                assertThrows(JaneException.class, () -> Loss.crossEntropy(1)).getMessage());
    }

    @Test
    void paddingDoesNotCountUnderSmoothing() {
        var loss =
                Loss.crossEntropy(0.1)
                        .mean(
                                Tensor.of(new float[][] {{1, 2, -1}, {7, 7, 9}}),
                                Tensor.of(new float[][] {{0, 1, 0}, {0, 0, 0}}),
                                Tensor.of(1, 0));
        assertEquals(0.4823456, loss.item(), 1e-6);
    }
}
