package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.ir.DataException;
import jane.ir.Shape;
import jane.nn.BatchNorm2d;
import jane.nn.Conv2d;
import jane.nn.Dropout;
import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.optim.Optimizer;
import jane.optim.Schedule;
import jane.optim.Sgd;
import jane.tensor.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final Dataset DATA = data();

    @TempDir private Path folder;

    private static Dataset data() {
        var random = new SplittableRandom(8);
        var pixels = new float[40 * 9];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        var labels = new int[40];
        Arrays.setAll(labels, i -> i % 3);
        return Dataset.of("noise", Shape.of(1, 3, 3), pixels, labels, 3);
    }

    private static Layer model() {
        return new Sequential(
                new Conv2d(1, 2, 3, 1, 1),
                new BatchNorm2d(2),
                new Flatten(),
                new Dropout(0.2),
                new Linear(18, 3));
    }

    private static Trainer trainer(long weights, Optimizer optimizer) {
        Session.current().seed(weights);
        return Trainer.of(model(), Loss.crossEntropy(), optimizer, DATA).batchSize(16).seed(4);
    }

    private static Optimizer adam() {
        return Adam.of(Schedule.cosine(0.05, 0, 20).warmup(3));
    }

    @Test
    void aResumedRunIsEqualBitForBit() {
        var whole = trainer(1, adam());
        whole.fit(4);
        var first = trainer(1, adam());
        first.steps(5);
        var file = folder.resolve("training.safetensors");
        Checkpoint.save(first, file);
        var second = trainer(99, adam()); // other weights, to be replaced
        Checkpoint.resume(second, file);
        assertEquals("step 5 (epoch 2, 2 of 3)", second.position());
        second.fit(3);
        assertEquals(whole.losses().subList(5, 12), second.losses());
        assertEquals(whole.epochs().get(1).trainLoss(), second.epochs().get(0).trainLoss());
        whole.model()
                .parameters()
                .forEach(
                        (path, p) ->
                                assertArrayEquals(
                                        p.toArray(),
                                        second.model().parameters().get(path).toArray(),
                                        path));
        assertEquals(whole.score(DATA), second.score(DATA));
    }

    @Test
    void aRunningTrainerCanGoBack() {
        var trainer = trainer(1, adam());
        trainer.steps(2);
        var file = folder.resolve("t");
        Checkpoint.save(trainer, file);
        trainer.steps(4);
        var once = trainer.losses().subList(2, 6);
        Checkpoint.resume(trainer, file);
        trainer.steps(4);
        assertEquals(once, trainer.losses());
    }

    @Test
    void aTrainerThatHasNotBegunCanBeSavedToo() {
        var file = folder.resolve("t");
        Checkpoint.save(trainer(1, adam()), file);
        var other = trainer(2, adam());
        other.steps(3);
        Checkpoint.resume(other, file);
        other.steps(2);
        var expected = trainer(1, adam());
        expected.steps(2);
        assertEquals(expected.losses(), other.losses());
    }

    @Test
    void savedAfterEachEpoch() {
        var file = folder.resolve("t");
        var trainer = trainer(1, adam());
        trainer.on(Checkpoint.afterEpochs(file)).fit(2);
        var other = trainer(1, adam());
        Checkpoint.resume(other, file);
        assertEquals(trainer.position(), other.position());
        assertEquals(6, other.step().steps());
    }

    @Test
    void aModelAloneKeepsItsStatistics() {
        var trainer = trainer(1, adam());
        trainer.steps(4);
        var file = folder.resolve("model.safetensors");
        Checkpoint.saveModel(trainer.model(), file);
        var copy = model();
        Checkpoint.loadModel(copy, file);
        assertEquals(trainer.score(DATA), Evaluation.of(copy, Loss.crossEntropy()).score(DATA, 16));
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() {
        var file = folder.resolve("t");
        var trainer = trainer(1, adam());
        trainer.steps(1);
        Checkpoint.save(trainer, file);
        var before = trainer.model().parameters().get("linear1.weight").toArray();
        var sgd = trainer(1, Sgd.of(0.1));
        assertTrue(refused(sgd, file).contains("lacks [], has [optimizer.batchnorm2d1.bias.m,"));
        var other = trainer(1, adam()).seed(5);
        assertEquals(
                "[" + file + "] was saved with seed 4, this trainer has 5; need the same",
                refused(other, file));
        var weights = folder.resolve("w");
        Checkpoint.saveModel(trainer.model(), weights);
        assertEquals(
                "["
                        + weights
                        + "] format null; need jane-training-1, as Checkpoint.save writes it: for"
                        + " weights alone there is loadModel",
                refused(trainer, weights));
        assertArrayEquals(before, trainer.model().parameters().get("linear1.weight").toArray());
        var small = new Linear(18, 4);
        assertTrue(
                assertThrows(DataException.class, () -> Checkpoint.loadModel(small, weights))
                        .getMessage()
                        .contains("is of another model or optimizer: lacks [bias, weight], has ["));
        var wide = folder.resolve("wide");
        Checkpoint.saveModel(new Linear(18, 3), wide);
        assertEquals(
                "[" + wide + "] 'weight' is tensor<fp32, [3, 18]>; need tensor<fp32, [4, 18]>",
                assertThrows(DataException.class, () -> Checkpoint.loadModel(small, wide))
                        .getMessage());
    }

    @Test
    void aCutFileIsRefused() throws IOException {
        var file = folder.resolve("t");
        var trainer = trainer(1, adam());
        trainer.steps(1);
        Checkpoint.save(trainer, file);
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
        assertTrue(refused(trainer, file).endsWith("within"), refused(trainer, file));
    }

    private static String refused(Trainer trainer, Path file) {
        return assertThrows(DataException.class, () -> Checkpoint.resume(trainer, file))
                .getMessage();
    }
}
