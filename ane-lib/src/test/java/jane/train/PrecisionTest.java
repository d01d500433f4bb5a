package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Batches;
import jane.data.Dataset;
import jane.data.Toy;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.nn.BatchNorm2d;
import jane.nn.Conv2d;
import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps that compute in fp16 and keep fp32 parameters. */
class PrecisionTest {
    private static final Dataset MOONS = Toy.moons(128, 0.1, 1);

    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    private static Step step(Layer model, double rate) {
        return Step.of(model, Loss.crossEntropy(), Sgd.of(rate));
    }

    private static Layer model() {
        return new Sequential(new Linear(2, 16), new ReLU(), new Linear(16, 2));
    }

    @Test
    void halfPrecisionLearnsLikeSingle() {
        var losses = new double[2];
        for (int i = 0; i < 2; i++) {
            Session.current().seed(3);
            var step = step(model(), 0.5).precision(i == 0 ? DType.FP32 : DType.FP16);
            for (int epoch = 0; epoch < 50; epoch++) {
                for (var batch : Batches.of(MOONS, 32).epoch(epoch)) {
                    losses[i] = step.run(batch).loss();
                }
            }
        }
        assertEquals(losses[0], losses[1], 0.01);
        assertTrue(losses[1] < 0.3, () -> "did not learn: " + losses[1]);
    }

    @Test
    void forwardAndBackwardAreFp16AndParametersAreNot() {
        var step = step(model(), 0.5).precision(DType.FP16);
        step.build(Batches.of(MOONS, 32).epoch(0).iterator().next());
        var lines = step.program().text().lines().toList();
        var products = lines.stream().filter(l -> l.contains(" matmul(")).toList();
        assertEquals(5, products.size()); // forward 2, by the weights 2, by the hidden layer 1
        products.forEach(l -> assertTrue(l.contains("tensor<fp16"), l));
        assertTrue(
                lines.stream().anyMatch(l -> l.contains("tensor<fp32, [16, 2]> linear1_weight")));
    }

    @Test
    void aSmallGradientSurvivesByTheLossScale() {
        // A gradient of 2^-26 is 0 in fp16 and 2^-16 when the loss is multiplied by 1024.
        var model = new Sequential(new Linear(1, 1));
        model.parameters().values().forEach(p -> p.set(p.mul(0)));
        var step = Step.of(model, Loss.mse(), Sgd.of(1)).precision(DType.FP16);
        var x = Tensor.of(new float[][] {{1}});
        var report = step.run(x, Tensor.of(new float[][] {{0x1p-27f}}));
        assertEquals(0x1p-26, report.parameters().get(0).gradient(), 0x1p-36);
    }

    @Test
    void anOverflowHalvesTheScaleAndTakesTheStepAgain() {
        var step = Step.of(new Sequential(new Linear(1, 1)), Loss.mse(), Sgd.of(1e-6));
        step.precision(DType.FP16);
        // The gradient is about 2000: beyond fp16 when multiplied by 1024, but not by 32.
        var report = step.run(Tensor.of(new float[][] {{1}}), Tensor.of(new float[][] {{1000}}));
        assertEquals(32, step.lossScale());
        assertEquals(1, report.step());
        assertEquals(2000, report.parameters().get(0).gradient(), 10);
    }

    @Test
    void anOverflowThatNoScaleCuresIsAnError() {
        var step = Step.of(new Sequential(new Linear(1, 1)), Loss.mse(), Sgd.of(1));
        step.precision(DType.FP16);
        var x = Tensor.of(new float[][] {{1}});
        var far = Tensor.of(new float[][] {{60000}}); // gradient 120,000
        var e = assertThrows(JaneException.class, () -> step.run(x, far));
        assertTrue(e.getMessage().contains("nothing was updated"), e.getMessage());
    }

    @Test
    void runningStatisticsAndMicroBatchesWorkInHalf() {
        var results = new float[2][];
        for (int i = 0; i < 2; i++) {
            Session.current().seed(5);
            var model =
                    new Sequential(
                            new Conv2d(1, 4, 3),
                            new BatchNorm2d(4),
                            new ReLU(),
                            new Flatten(),
                            new Linear(64, 2));
            var step = Step.of(model, Loss.mse(), Sgd.of(0.01)).precision(DType.FP16);
            step.accumulate(i + 1);
            step.run(Tensor.randn(8, 1, 6, 6), Tensor.randn(8, 2));
            results[i] = model.parameters().get("linear1.weight").toArray();
            assertFalse(model.parameters().get("batchnorm2d1.running_mean").toArray()[0] == 0);
        }
        assertEquals(results[0].length, results[1].length);
    }

    @Test
    void aCheckpointKeepsTheLossScale() {
        var scale = new LossScale();
        assertTrue(scale.lower());
        var place = new Trainer.Place(1, 0, 1, 0, scale.value());
        assertEquals("512.0", place.notes().get("loss_scale"));
        assertEquals(
                512, Trainer.Place.of(java.nio.file.Path.of("f"), place.notes(), 4).lossScale());
    }

    @Test
    void theScaleRecoversAtEveryThousandthStep() {
        var scale = new LossScale();
        scale.lower();
        scale.passed(999);
        assertEquals(512, scale.value());
        scale.passed(1000);
        scale.passed(2000);
        assertEquals(1024, scale.value());
    }

    @Test
    void onlyFloatTypesCanTrain() {
        var step = step(model(), 0.1);
        var e = assertThrows(JaneException.class, () -> step.precision(DType.INT32));
        assertEquals("[step] cannot train in int32; need fp32 or fp16", e.getMessage());
        assertArrayEquals(new long[] {0}, new long[] {step.steps()});
    }
}
