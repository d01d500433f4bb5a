package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Batches;
import jane.data.Dataset;
import jane.data.Toy;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.nn.BatchNorm2d;
import jane.nn.Conv2d;
import jane.nn.Dropout;
import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.optim.Sgd;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What layers keep from step to step, and what is drawn anew for each. */
class StepStateTest {
    private static final Dataset IMAGES = images(50);

    private static Dataset images(int n) {
        var random = new SplittableRandom(3);
        var pixels = new float[n * 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian(i / 16 % 2, 1);
        }
        var labels = IntStream.range(0, n).map(i -> i % 2).toArray();
        return Dataset.of("images", Shape.of(1, 4, 4), pixels, labels, 2);
    }

    /** Keeps a count of its steps and a sum of random numbers. */
    private static final class Counting extends Layer {
        private final Parameter weight = param("weight", Tensor.ones(2));
        private final Parameter count = state("count", Tensor.zeros(1));

        @Override
        public Tensor forward(Tensor x) {
            update(count, old -> old.add(1));
            return x.mul(weight);
        }
    }

    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    private static Layer model() {
        return new Sequential(
                new Conv2d(1, 3, 3, 1, 1),
                new BatchNorm2d(3),
                new ReLU(),
                new Flatten(),
                new Dropout(0.3),
                new Linear(48, 2));
    }

    private static Trainer trainer() {
        Session.current().seed(6);
        return Trainer.of(model(), Loss.crossEntropy(), Adam.of(0.01), IMAGES)
                .batchSize(16) // 50 = 3 * 16 + 2
                .seed(11);
    }

    private static float[] all(Layer model) {
        var values = new ArrayList<Float>();
        for (var p : model.parameters().values()) {
            for (float v : p.toArray()) {
                values.add(v);
            }
        }
        var out = new float[values.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = values.get(i);
        }
        return out;
    }

    @Test
    void runningStatisticsFollowTheBatches() {
        var layer = new BatchNorm2d(2);
        var x = Tensor.of(Shape.of(2, 2, 2, 2), 1, 2, 3, 4, -1, 0, 1, 0, 5, 6, 7, 8, 2, 2, 0, -2);
        var step = Step.of(layer, Loss.mse(), Sgd.of(0.1));
        step.run(x, Tensor.zeros(2, 2, 2, 2));
        var p = layer.parameters();
        assertArrayEquals(new float[] {0.45f, 0.025f}, p.get("running_mean").toArray(), 1e-6f);
        assertArrayEquals(new float[] {1.5f, 1.0928571f}, p.get("running_var").toArray(), 1e-6f);
        step.run(x, Tensor.zeros(2, 2, 2, 2));
        assertArrayEquals(new float[] {0.855f, 0.0475f}, p.get("running_mean").toArray(), 1e-6f);
    }

    @Test
    void paddingCountsNeitherInTheBatchNorStatistics() {
        var results = new float[2][];
        int[] sizes = {10, 16};
        for (int run = 0; run < 2; run++) {
            Session.current().seed(7);
            Layer model =
                    new Sequential(
                            new Conv2d(1, 3, 3, 1, 1),
                            new BatchNorm2d(3),
                            new Flatten(),
                            new Linear(48, 2));
            var data = IMAGES.subset(IntStream.range(0, 10).toArray());
            var step = Step.of(model, Loss.crossEntropy(), Sgd.of(0.1));
            step.run(Batches.of(data, sizes[run]).epoch(0).iterator().next());
            results[run] = all(model);
        }
        assertArrayEquals(results[0], results[1], 2e-6f);
    }

    @Test
    void evaluationUsesTheRunningStatistics() {
        var trainer = trainer();
        trainer.fit(2);
        var whole = trainer.score(IMAGES).loss();
        double sum = 0;
        for (int i = 0; i < IMAGES.size(); i++) { // one by one: no batch to take statistics of
            var one = IMAGES.subset(i);
            sum += Evaluation.of(trainer.model(), Loss.crossEntropy()).score(one, 1).loss();
        }
        assertEquals(whole, sum / IMAGES.size(), 1e-5);
        assertEquals(whole, trainer.score(IMAGES).loss());
    }

    @Test
    void aRefusedStepLeavesTheStatisticsAlone() {
        var trainer = trainer();
        trainer.steps(1);
        var before = all(trainer.model());
        var bad = Tensor.full(Double.POSITIVE_INFINITY, 16, 1, 4, 4);
        var target = Tensor.oneHot(new int[16], 2);
        assertThrows(JaneException.class, () -> trainer.step().run(bad, target));
        assertArrayEquals(before, all(trainer.model()));
    }

    @Test
    void aStateThatWouldOverflowRefusesTheStep() {
        var layer = new BatchNorm2d(1);
        var step = Step.of(layer, Loss.mse(), Sgd.of(0.1));
        // Deviations of 3e38 square to infinity, which 1/sqrt hides from loss and gradient.
        var huge = Tensor.of(Shape.of(2, 1, 1, 1), 1e30f, -1e30f);
        var error =
                assertThrows(JaneException.class, () -> step.run(huge, Tensor.zeros(2, 1, 1, 1)));
        assertTrue(
                error.getMessage().contains("running_var; nothing was updated"),
                error.getMessage());
        assertArrayEquals(new float[] {1}, layer.parameters().get("running_var").toArray());
        assertEquals(0, step.steps());
    }

    @Test
    void oneProgramServesAllStepsWithDropoutAndBatchNorm() {
        var trainer = trainer();
        trainer.steps(1);
        long before = Session.current().compiled();
        trainer.steps(20);
        assertEquals(before, Session.current().compiled());
    }

    @Test
    void masksDifferFromStepToStepAndRepeatWithTheSeed() {
        var losses = new ArrayList<List<Double>>();
        for (long seed : new long[] {5, 5, 6}) {
            var layer = new Sequential(new Linear(8, 8), new Dropout(0.5));
            layer.parameters().get("linear1.weight").set(Tensor.eye(8));
            layer.parameters().get("linear1.bias").set(Tensor.zeros(8));
            var step = Step.of(layer, Loss.mse(), Sgd.of(0)).seed(seed);
            var of = new ArrayList<Double>();
            for (int i = 0; i < 6; i++) {
                of.add(step.run(Tensor.arange(8).reshape(1, 8), Tensor.zeros(1, 8)).loss());
            }
            losses.add(of);
        }
        assertEquals(losses.get(0), losses.get(1));
        assertFalse(losses.get(0).equals(losses.get(2)));
        assertTrue(losses.get(0).stream().distinct().count() > 3, losses.toString());
    }

    @Test
    void oneLayerAppliedTwiceHasTwoMasksAndBothUpdates() {
        var twice =
                new Layer() {
                    private final Counting counting = layer("counting", new Counting());
                    private final Dropout dropout = layer("dropout", new Dropout(0.5));

                    @Override
                    public Tensor forward(Tensor x) {
                        return dropout.apply(counting.apply(counting.apply(dropout.apply(x))));
                    }
                };
        var step = Step.of(twice, Loss.mse(), Sgd.of(0));
        step.run(Tensor.ones(3, 2), Tensor.zeros(3, 2));
        assertEquals(2, twice.parameters().get("counting.count").item());
        var text = step.program().text();
        assertTrue(text.contains("dropout_mask,") && text.contains("dropout_mask_2"), text);
    }

    @Test
    void anInterruptedRunGoesOnWithTheSameMasks() {
        var whole = trainer();
        whole.fit(3);
        var parts = trainer();
        parts.steps(5);
        parts.steps(6);
        parts.steps(1);
        assertEquals(whole.losses(), parts.losses());
        assertArrayEquals(all(whole.model()), all(parts.model()));
    }

    @Test
    void theInspectorSeesTheMasksOfTheStepItTakes() {
        var trainer = trainer();
        trainer.steps(2);
        var inspection = Inspector.of(trainer).step();
        assertEquals(inspection.report().loss(), inspection.lossBefore(), 1e-6);
    }

    @Test
    void theStepsGraphHasTheMaskAsAnInput() {
        var trainer = trainer();
        var graph = StepGraph.of(trainer.model(), Loss.crossEntropy(), trainer.nextBatch()).graph();
        var names = graph.inputs().stream().map(jane.ir.Graph.Port::name).toList();
        assertTrue(names.contains("dropout1_mask"), names.toString());
    }

    @Test
    void aStateOutsideOfTheModelIsRefused() {
        var stray = Parameter.state("stray", Tensor.zeros(1));
        var layer =
                new Layer() {
                    private final Parameter weight = param("weight", Tensor.ones(2));

                    @Override
                    public Tensor forward(Tensor x) {
                        update(stray, old -> old.add(1));
                        return x.mul(weight);
                    }
                };
        var step = Step.of(layer, Loss.mse(), Sgd.of(0.1));
        assertEquals(
                "[state stray] is no part of the model and cannot be updated by a layer; need one"
                        + " registered by state(...)",
                assertThrows(
                                JaneException.class,
                                () -> step.run(Tensor.ones(1, 2), Tensor.zeros(1, 2)))
                        .getMessage());
    }

    @Test
    void clippingLimitsTheNormOfTheWholeGradient() {
        var linear = new Linear(2, 1);
        linear.parameters().get("weight").set(Tensor.of(Shape.of(1, 2), 3, 4));
        linear.parameters().get("bias").set(Tensor.of(0));
        var step = Step.of(linear, Loss.mse(), Sgd.of(1)).clipNorm(0.5);
        // prediction 3, d/dweight (6, 0), d/dbias 6: norm sqrt(72)
        var report = step.run(Tensor.of(new float[][] {{1, 0}}), Tensor.zeros(1, 1));
        assertEquals(Math.sqrt(72), report.gradientNorm(), 1e-5);
        float moved = (float) (0.5 * Math.sqrt(0.5));
        assertArrayEquals(
                new float[] {3 - moved, 4}, linear.parameters().get("weight").toArray(), 1e-5f);
        assertEquals(-moved, linear.parameters().get("bias").item(), 1e-5);
        var loose = Step.of(linear, Loss.mse(), Sgd.of(1)).clipNorm(100);
        var before = linear.parameters().get("bias").item();
        var small = loose.run(Tensor.of(new float[][] {{0, 0}}), Tensor.zeros(1, 1));
        assertEquals(before - 2 * before, linear.parameters().get("bias").item(), 1e-5);
        assertTrue(small.gradientNorm() < 100);
    }

    @Test
    void accumulationMakesTheSameStepFromParts() {
        var moons = Toy.moons(90, 0.1, 1);
        var weights = new float[3][];
        var losses = new ArrayList<List<Double>>();
        int[] parts = {1, 2, 8};
        for (int i = 0; i < parts.length; i++) {
            Session.current().seed(2);
            Layer model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 2));
            var trainer =
                    Trainer.of(model, Loss.crossEntropy(), Adam.of(0.01), moons)
                            .batchSize(32) // the last batch has 26
                            .clipNorm(0.5)
                            .accumulate(parts[i]);
            trainer.steps(9);
            weights[i] = all(model);
            losses.add(trainer.losses());
            for (int k = 0; k < 9; k++) {
                assertEquals(losses.get(0).get(k), losses.get(i).get(k), 2e-5, "step " + k);
            }
        }
        assertArrayEquals(weights[0], weights[1], 2e-4f);
        assertArrayEquals(weights[0], weights[2], 2e-4f);
    }

    @Test
    void accumulationCompilesTwoProgramsOnceAndKeepsStatesSafe() {
        var trainer = trainer().accumulate(4);
        long none = Session.current().compiled();
        trainer.steps(1);
        assertEquals(none + 2, Session.current().compiled());
        trainer.steps(8);
        assertEquals(none + 2, Session.current().compiled());
        var before = all(trainer.model());
        var bad = new float[16 * 16];
        Arrays.fill(bad, 1);
        bad[15 * 16] = Float.NaN; // in the last of the four
        var x = Tensor.of(Shape.of(16, 1, 4, 4), bad);
        var target = Tensor.oneHot(new int[16], 2);
        assertThrows(JaneException.class, () -> trainer.step().run(x, target));
        assertArrayEquals(before, all(trainer.model()));
        trainer.steps(1); // and nothing of it stays in the sums
        assertTrue(Double.isFinite(trainer.losses().get(9)));
    }

    @Test
    void statisticsFollowEveryMicroBatch() {
        var layer = new Counting();
        var step = Step.of(layer, Loss.mse(), Sgd.of(0.1)).accumulate(3);
        step.run(Tensor.ones(6, 2), Tensor.zeros(6, 2));
        assertEquals(3, layer.parameters().get("count").item());
        step.run(Tensor.ones(6, 2), Tensor.zeros(6, 2));
        assertEquals(6, layer.parameters().get("count").item());
    }

    @Test
    void partsThatDoNotDivideTheBatchAreRefused() {
        var step = Step.of(new Counting(), Loss.mse(), Sgd.of(0.1)).accumulate(4);
        assertEquals(
                "[step] a batch of 6 cannot be taken in 4 equal parts; need a batch size that is a"
                        + " multiple of 4",
                assertThrows(
                                JaneException.class,
                                () -> step.run(Tensor.ones(6, 2), Tensor.zeros(6, 2)))
                        .getMessage());
        assertEquals(
                "[step] clipNorm 0.0; need more than 0",
                assertThrows(JaneException.class, () -> step.clipNorm(0)).getMessage());
        step.run(Tensor.ones(4, 2), Tensor.zeros(4, 2));
        assertEquals(
                "[step] its settings cannot change once it is built; make a new one",
                assertThrows(JaneException.class, () -> step.clipNorm(1)).getMessage());
    }
}
