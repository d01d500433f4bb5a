package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LayerTest {
    /** A layer of one's own. */
    private static final class Gated extends Layer {
        private final Parameter w = param("w", Tensor.randn(4, 8));
        private final Linear gate = layer("gate", new Linear(4, 8));

        @Override
        public Tensor forward(Tensor x) {
            return x.matmul(w).mul(gate.apply(x).sigmoid());
        }
    }

    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    @Test
    void parametersAreNamedByPath() {
        var model = new Sequential(new Gated(), new ReLU(), new Linear(8, 2));
        assertEquals(
                List.of(
                        "gated1.w",
                        "gated1.gate.weight",
                        "gated1.gate.bias",
                        "linear1.weight",
                        "linear1.bias"),
                List.copyOf(model.parameters().keySet()));
        assertEquals(4 * 8 + 4 * 8 + 8 + 16 + 2, model.parameterCount());
        assertEquals(Shape.of(3, 2), model.forward(Tensor.randn(3, 4)).shape());
    }

    @Test
    void linearIsTheProductWithItsTransposedWeightPlusBias() {
        var layer = new Linear(2, 3);
        layer.parameters().get("weight").set(Tensor.of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
        layer.parameters().get("bias").set(Tensor.of(10, 20, 30));
        assertArrayEquals(
                new float[] {13, 27, 41}, layer.forward(Tensor.of(Shape.of(1, 2), 1, 1)).toArray());
        assertArrayEquals(new float[] {13, 27, 41}, layer.forward(Tensor.of(1, 1)).toArray());
    }

    @Test
    void convolutionAndPoolingHaveTheShapesTheyState() {
        var x = Tensor.randn(2, 3, 9, 8);
        assertEquals(Shape.of(2, 5, 9, 8), new Conv2d(3, 5, 3, 1, 1).forward(x).shape());
        assertEquals(Shape.of(2, 5, 4, 3), new Conv2d(3, 5, 3, 2, 0).forward(x).shape());
        assertEquals(Shape.of(2, 3, 4, 4), new MaxPool2d(2).forward(x).shape());
        assertEquals(Shape.of(2, 3, 7, 6), new AvgPool2d(3, 1).forward(x).shape());
        assertEquals(Shape.of(2, 216), new Flatten().forward(x).shape());
    }

    @Test
    void anObserverSeesEveryLayerApplied() {
        var model = new Sequential(new Gated(), new ReLU());
        var seen = new ArrayList<String>();
        model.observed(
                Tensor.randn(3, 4),
                (path, layer, in, out) -> seen.add(path + " " + in.shape() + out.shape()));
        assertEquals(
                List.of(
                        "gated1.gate [3, 4][3, 8]",
                        "gated1 [3, 4][3, 8]",
                        "relu1 [3, 8][3, 8]",
                        " [3, 4][3, 8]"),
                seen);
    }

    @Test
    void aWrongInputIsRefusedByTheLayer() {
        assertEquals(
                "[Linear(784 -> 10)] input has shape [8, 100]; need (..., 784)",
                assertThrows(
                                JaneException.class,
                                () -> new Linear(784, 10).forward(Tensor.ones(8, 100)))
                        .getMessage());
        assertEquals(
                "[Conv2d(1 -> 16, 3x3, pad 1)] input has shape [8, 28, 28]; need [N, 1, H, W]",
                assertThrows(
                                JaneException.class,
                                () -> new Conv2d(1, 16, 3, 1, 1).forward(Tensor.ones(8, 28, 28)))
                        .getMessage());
    }

    @Test
    void trainingModeReachesInnerLayers() {
        var inner = new Linear(2, 2);
        var model = new Sequential(inner);
        model.train(false);
        assertEquals(false, inner.training());
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogOfTheClasses() {
        var loss =
                Loss.crossEntropy()
                        .mean(
                                Tensor.zeros(2, 10),
                                Tensor.oneHot(new int[] {3, 7}, 10),
                                Tensor.ones(2));
        assertEquals(Math.log(10), loss.item(), 1e-6);
    }

    @Test
    void samplesOfWeightZeroDoNotCount() {
        var loss =
                Loss.mse()
                        .mean(
                                Tensor.of(new float[][] {{1, 1}, {9, 9}}),
                                Tensor.zeros(2, 2),
                                Tensor.of(1, 0));
        assertEquals(1, loss.item());
    }
}
