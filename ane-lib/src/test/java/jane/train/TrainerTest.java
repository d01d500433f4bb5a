package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.data.Toy;
import jane.ir.JaneException;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.tensor.Session;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final Dataset MOONS = Toy.moons(300, 0.1, 1);

    private static Trainer trainer() {
        Session.current().seed(5);
        Layer model = new Sequential(new Linear(2, 16), new GELU(), new Linear(16, 2));
        return Trainer.of(model, Loss.crossEntropy(), Adam.of(0.02), MOONS)
                .batchSize(64)
                .validation(Toy.moons(200, 0.1, 2));
    }

    @Test
    void learnsTheMoons() {
        var trainer = trainer();
        assertEquals(Trainer.End.FINISHED, trainer.fit(40));
        var score = trainer.epochs().get(39).validation().orElseThrow();
        assertTrue(score.accuracy() > 0.97, score.toString());
        assertEquals(40 * 5, trainer.losses().size());
    }

    @Test
    void anInterruptStopsBetweenStepsAndFitGoesOnFromThere() {
        var whole = trainer();
        whole.fit(3);
        var interrupted = trainer();
        interrupted.on(
                new Trainer.Callback() {
                    @Override
                    public void step(Trainer t, StepReport report) {
                        if (report.step() == 7) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
        assertEquals(Trainer.End.STOPPED, interrupted.fit(3));
        assertEquals("step 7 (epoch 2, 2 of 5)", interrupted.position());
        assertEquals(Trainer.End.FINISHED, interrupted.fit(2));
        assertEquals(whole.losses(), interrupted.losses());
        assertArrayEquals(weights(whole), weights(interrupted));
        assertEquals(whole.epochs().get(1).trainLoss(), interrupted.epochs().get(1).trainLoss());
    }

    private static float[] weights(Trainer trainer) {
        return trainer.model().parameters().get("linear2.weight").toArray();
    }

    @Test
    void stepsCountAcrossEpochs() {
        var trainer = trainer();
        assertEquals(Trainer.End.FINISHED, trainer.steps(8));
        assertEquals(1, trainer.epochs().size());
        assertEquals("step 8 (epoch 2, 3 of 5)", trainer.position());
    }

    @Test
    void callbacksHearOfEveryStepAndEpoch() {
        var heard = new ArrayList<String>();
        trainer()
                .on(
                        new Trainer.Callback() {
                            @Override
                            public void step(Trainer t, StepReport report) {
                                heard.add("step " + report.step());
                            }

                            @Override
                            public void epoch(Trainer t, EpochReport report) {
                                heard.add("epoch " + report.epoch());
                            }
                        })
                .fit(1);
        assertEquals("[step 1, step 2, step 3, step 4, step 5, epoch 1]", heard.toString());
    }

    @Test
    void settingsAreFixedOnceItRuns() {
        var trainer = trainer();
        trainer.steps(1);
        assertEquals(
                "[trainer] batchSize cannot change after the first step; make a new trainer",
                assertThrows(JaneException.class, () -> trainer.batchSize(3)).getMessage());
    }
}
