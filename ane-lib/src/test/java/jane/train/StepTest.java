package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Batches;
import jane.data.Dataset;
import jane.data.Toy;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.io.NpyArray;
import jane.ir.JaneException;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepTest {
    private static final Dataset MOONS = Toy.moons(100, 0.1, 1);

    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    private static Layer model() {
        return new Sequential(new Linear(2, 8), new GELU(), new Linear(8, 2));
    }

    @Test
    void oneProgramServesAScheduleAndAShortLastBatch() {
        var trainer =
                Trainer.of(model(), Loss.crossEntropy(), Sgd.of(t -> 0.1 / t), MOONS)
                        .batchSize(64); // 100 = 64 + 36
        trainer.steps(1);
        long before = Session.current().compiled();
        trainer.steps(999);
        assertEquals(before, Session.current().compiled());
        assertEquals(1000, trainer.step().steps());
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        var weights = new float[2][];
        for (int run = 0; run < 2; run++) {
            Session.current().seed(7);
            var model = model();
            Trainer.of(model, Loss.crossEntropy(), Adam.of(0.01), MOONS).seed(3).fit(5);
            weights[run] = model.parameters().get("linear1.weight").toArray();
        }
        assertArrayEquals(weights[0], weights[1]);
    }

    @Test
    void paddingDoesNotChangeAStep() {
        var results = new float[2][];
        int[] sizes = {36, 50};
        for (int run = 0; run < 2; run++) {
            Session.current().seed(7);
            var model = model();
            var data = MOONS.subset(java.util.stream.IntStream.range(0, 36).toArray());
            var step = Step.of(model, Loss.crossEntropy(), Sgd.of(0.1));
            step.run(Batches.of(data, sizes[run]).epoch(0).iterator().next());
            results[run] = model.parameters().get("linear2.weight").toArray();
        }
        assertArrayEquals(results[0], results[1], 1e-6f);
    }

    @Test
    void reportsLossNormsAndTimes() {
        var step = Step.of(new Linear(2, 1), Loss.mse(), Sgd.of(0.5));
        var linear = step.model().parameters();
        linear.get("weight").set(Tensor.of(jane.ir.Shape.of(1, 2), 3, 4));
        linear.get("bias").set(Tensor.of(0));
        var report = step.run(Tensor.of(new float[][] {{1, 0}}), Tensor.zeros(1, 1));
        assertEquals(9, report.loss(), 1e-5); // prediction 3
        assertEquals(1, report.step());
        assertEquals(0.5, report.learningRate());
        var weight = report.parameters().get(0);
        assertEquals("weight", weight.name());
        assertEquals(6, weight.gradient(), 1e-5);
        assertEquals(3, weight.update(), 1e-5);
        assertEquals(4, weight.weight(), 1e-5); // (0, 4)
        assertArrayEquals(new float[] {0, 4}, linear.get("weight").toArray(), 1e-5f);
        assertTrue(report.millis().keySet().containsAll(java.util.List.of("compile", "run")));
    }

    @Test
    void aLossThatIsNotFiniteUpdatesNothing() {
        var model = model();
        var step = Step.of(model, Loss.crossEntropy(), Adam.of(0.01));
        step.run(Tensor.ones(4, 2), Tensor.oneHot(new int[] {0, 1, 0, 1}, 2));
        var before = model.parameters().get("linear1.weight").toArray();
        var bad = Tensor.full(Double.NaN, 4, 2);
        var error =
                assertThrows(
                        JaneException.class,
                        () -> step.run(bad, Tensor.oneHot(new int[] {0, 1, 0, 1}, 2)));
        assertTrue(
                error.getMessage().startsWith("[step 2] the loss is NaN and the gradient"),
                error.getMessage());
        assertTrue(
                error.getMessage()
                        .endsWith(
                                "nothing was updated, the weights are those of step 1. 8 of the"
                                        + " batch's features are NaN or infinite: clean the data"),
                error.getMessage());
        assertArrayEquals(before, model.parameters().get("linear1.weight").toArray());
        assertEquals(2, step.run(Tensor.ones(4, 2), Tensor.oneHot(new int[4], 2)).step());
    }

    @Test
    void aModelWithoutParametersIsRefused() {
        var error =
                assertThrows(
                        JaneException.class, () -> Step.of(new ReLU(), Loss.mse(), Sgd.of(0.1)));
        assertEquals(
                "[step] the model ReLU has no parameters to train; need a layer such as Linear, or"
                        + " one that calls param(...)",
                error.getMessage());
    }

    @Test
    void whatRunsIsTheText(@TempDir Path folder) {
        var step = Step.of(model(), Loss.crossEntropy(), Adam.of(0.01));
        var target = Tensor.oneHot(new int[] {0, 1, 1}, 2);
        step.recordNext(folder);
        step.run(Tensor.randn(3, 2), target);
        var recorded = ProgramFiles.read(folder);
        var engine = Session.current().engine();
        var again = run(engine, recorded, folder.resolve("inputs"));
        again.forEach(
                (name, buffer) -> {
                    var expected = NpyArray.read(folder.resolve("outputs/" + name + ".npy"));
                    var found = buffer.bytes().duplicate();
                    found.limit((int) buffer.type().sizeBytes());
                    assertEquals(expected.data(), found, name);
                });
        var edited =
                new Program(
                        recorded.text().replace("= exp(", "= square("), recorded.files(), Map.of());
        assertNotEquals(recorded.text(), edited.text());
        assertNotEquals(
                again.get("loss").get(0),
                run(engine, edited, folder.resolve("inputs")).get("loss").get(0));
    }

    /** Runs a program by hand on the recorded inputs, every output in a buffer of its own. */
    private static Map<String, Buffer> run(Engine engine, Program program, Path inputs) {
        var buffers = new HashMap<String, Buffer>();
        var results = new HashMap<String, Buffer>();
        try (var executable = engine.compile(program)) {
            executable
                    .inputs()
                    .forEach(
                            (name, type) -> {
                                var buffer = engine.allocate(type);
                                buffer.putBytes(
                                        NpyArray.read(inputs.resolve(name + ".npy")).data());
                                buffers.put(name, buffer);
                            });
            executable.outputs().forEach((name, type) -> results.put(name, engine.allocate(type)));
            buffers.putAll(results);
            executable.bind(buffers).run();
        }
        return results;
    }

    /** Tensors, a batch, a batch whose array was asked for, and parts of it take one step. */
    @Test
    void everyWayToGiveABatchIsTheSameStep() {
        var batches = Batches.of(MOONS, 20).shuffled(2);
        var expected = losses(model(), batches, 0);
        for (int way = 1; way < 3; way++) {
            Session.current().seed(1);
            assertArrayEquals(expected, losses(model(), batches, way), "way " + way);
        }
    }

    private static double[] losses(Layer model, Batches batches, int way) {
        var step = Step.of(model, Loss.crossEntropy(), Adam.of(0.01));
        var losses = new double[batches.steps()];
        int i = 0;
        for (var batch : batches.epoch(0)) {
            if (way == 0) {
                losses[i++] = step.run(batch).loss();
            } else if (way == 1) {
                batch.features();
                losses[i++] = step.run(batch).loss();
            } else {
                var x = Tensor.of(batch.featureShape(), batch.features());
                var target = Tensor.of(batch.oneHotShape(), batch.oneHot());
                losses[i++] = step.run(x, target).loss();
                assertArrayEquals(batch.features(), x.toArray());
            }
        }
        return losses;
    }

    /** What a step trains cannot be read where it lies: the update would change it under way. */
    @Test
    void aStepMayTakeItsOwnParametersAsABatch() {
        var losses = new double[2];
        for (int run = 0; run < 2; run++) {
            Session.current().seed(1);
            var model = new Sequential(new Linear(3, 3));
            var step = Step.of(model, Loss.mse(), Sgd.of(0.1));
            for (int i = 0; i < 3; i++) {
                Tensor weight = model.parameters().get("linear1.weight").operand();
                var x = run == 0 ? weight : Tensor.of(weight.shape(), weight.toArray());
                losses[run] += step.run(x, Tensor.ones(3, 3)).loss();
            }
        }
        assertEquals(losses[1], losses[0]);
    }
}
