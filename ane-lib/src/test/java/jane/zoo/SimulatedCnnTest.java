package jane.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Score;
import jane.train.Trainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CNN learns as well in a chip's arithmetic as on the processor: same seed, same batches. */
class SimulatedCnnTest {
    private static Score trained(String engine, DigitsTask task, int epochs) {
        Session.current().use(engine, 2);
        Session.current().seed(1);
        var trainer =
                Trainer.of(Models.digitsCnn(), Loss.crossEntropy(), Adam.of(2e-3), task.train())
                        .batchSize(64)
                        .seed(1);
        trainer.fit(epochs);
        return trainer.score(task.test());
    }

    @AfterEach
    void back() {
        Session.current().use("cpu", 2);
    }

    private static Dataset first(Dataset data, int count) {
        return data.split(i -> i < count).matching();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:m5:fast", "sim:m5"})
    void aFewStepsFollowThoseOfTheProcessor(String engine) {
        var all = DigitsTask.generated(1);
        var task = new DigitsTask(first(all.train(), 768), first(all.test(), 400));
        var cpu = trained("cpu", task, 2);
        var sim = trained(engine, task, 2);
        assertTrue(cpu.accuracy() > 0.3, "accuracy " + cpu.accuracy());
        assertEquals(cpu.loss(), sim.loss(), 0.02 * cpu.loss());
        assertEquals(cpu.accuracy(), sim.accuracy(), 0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":fast"})
    void theRouteChangesNoBitOfATrainedNetwork(String mode) {
        var all = DigitsTask.generated(1);
        var task = new DigitsTask(first(all.train(), 192), first(all.test(), 100));
        var plain = trained("sim:m5" + mode, task, 1);
        assertEquals(plain, trained("sim:m5@26/inmem" + mode, task, 1));
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"sim:m5:fast", "sim:m5", "sim:m5@26/inmem:fast", "sim:m5@26/inmem"})
    void aTrainedCnnIsWithinHalfAPointOfTheProcessors(String engine) {
        var task = DigitsTask.generated(1);
        var cpu = trained("cpu", task, 4);
        var sim = trained(engine, task, 4);
        assertTrue(cpu.accuracy() > 0.95, "accuracy " + cpu.accuracy());
        assertEquals(cpu.accuracy(), sim.accuracy(), 0.005);
    }
}
