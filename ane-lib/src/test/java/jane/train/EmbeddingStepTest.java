package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.data.Dataset;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Shape;
import jane.nn.Embedding;
import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.LayerGraph;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps on batches of ids. */
class EmbeddingStepTest {
    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    private static Layer model() {
        return new Sequential(new Embedding(6, 4), new Flatten(), new Linear(4, 2));
    }

    /** Ids 0 to 5 over and over, the first three in one class; one of them is another number. */
    private static Dataset ids(int at, float other) {
        var ids = new float[60];
        var labels = new int[60];
        for (int i = 0; i < 60; i++) {
            ids[i] = i == at ? other : i % 6;
            labels[i] = i % 6 < 3 ? 0 : 1;
        }
        return Dataset.of("ids", Shape.of(1), ids, labels, 2);
    }

    @Test
    void embeddingsTrainOnIdsInABatch() {
        var data = ids(0, 0);
        var trainer = Trainer.of(model(), Loss.crossEntropy(), Adam.of(0.1), data).batchSize(25);
        trainer.fit(10);
        assertEquals(1.0, trainer.score(data).accuracy());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBatchWithABadIdIsRefusedWholeAndChangesNothing(int microBatches) {
        var model = model();
        var step = Step.of(model, Loss.crossEntropy(), Sgd.of(0.1)).accumulate(microBatches);
        var good = Tensor.of(Shape.of(6, 1), 0, 1, 2, 3, 4, 5);
        var bad = Tensor.of(Shape.of(6, 1), 0, 1, 2, 3, 4.5f, 6);
        var target = Tensor.of(Shape.of(6, 2), 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1);
        step.run(good, target);
        var before = model.parameters().get("embedding1.weight").toArray();
        assertEquals(
                "[embedding1: Embedding(6 of 4)] id 4.5 at [4, 0] of [6, 1]; need whole numbers 0"
                        + " to 5",
                assertThrows(DataException.class, () -> step.run(bad, target)).getMessage());
        assertArrayEquals(before, model.parameters().get("embedding1.weight").toArray());
        assertEquals(1, step.steps());
        assertEquals(2, step.run(good, target).step());
    }

    @Test
    void scoringAndLookingAtAStepRefuseABadIdToo() {
        var model = model();
        var loss = Loss.crossEntropy();
        var expected =
                "[embedding1: Embedding(6 of 4)] id -2 at [7, 0] of [60, 1]; need whole numbers 0"
                        + " to 5";
        var bad = ids(7, -2);
        var score = Evaluation.of(model, loss);
        assertEquals(
                expected,
                assertThrows(DataException.class, () -> score.score(bad, 60)).getMessage());
        score.score(ids(0, 0), 60);
        var trainer = Trainer.of(model, loss, Adam.of(0.1), bad).batchSize(60); // shuffled
        var e = assertThrows(DataException.class, () -> Inspector.of(trainer).step());
        assertEquals(expected, e.getMessage().replaceFirst("at .\\d+, 0]", "at [7, 0]"));
    }

    /** fp16 holds every whole number up to 2048: 2049 would become 2048. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "sim:m5:fast", "sim:m5/inmem:fast"})
    void idsStayWholeInAStepInHalfPrecision(String engine) {
        try {
            Session.current().use(engine, 1);
            var table = new Embedding(5000, 1);
            var before = table.parameters().get("weight").toArray();
            var model = new Sequential(table, new Flatten());
            var step = Step.of(model, Loss.mse(), Sgd.of(0.5)).precision(DType.FP16);
            step.run(Tensor.of(Shape.of(2, 1), 2049, 4999), Tensor.of(Shape.of(2, 1), 9, 9));
            var after = table.parameters().get("weight").toArray();
            for (int i = 0; i < 5000; i++) {
                assertEquals(i == 2049 || i == 4999, before[i] != after[i], "row " + i);
            }
            var looked = table.forward(Tensor.of(2049, 4999)).toArray();
            var rounded = 0.002f; // by a target, half the step of fp16 at 4
            assertArrayEquals(new float[] {after[2049], after[4999]}, looked, rounded);
        } finally {
            Session.current().use("cpu", 2);
        }
    }

    @Test
    void aProgramForInferenceInHalfPrecisionTakesIdsInSingle() {
        var graph = LayerGraph.baked(new Embedding(5000, 1), Shape.of(2)).in(DType.FP16).graph();
        assertEquals(DType.FP32, graph.inputs().get(0).value().dtype());
        assertEquals(DType.FP16, graph.outputs().get(0).value().dtype());
    }
}
