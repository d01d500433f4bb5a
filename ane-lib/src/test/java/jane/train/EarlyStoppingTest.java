package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Toy;
import jane.ir.JaneException;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.optim.Sgd;
import jane.tensor.Session;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    /** Learns for 8 steps (two epochs), then runs away. */
    private static Trainer trainer() {
        Session.current().seed(3);
        return Trainer.of(
                        new Linear(2, 2),
                        Loss.crossEntropy(),
                        Sgd.of(step -> step <= 8 ? 0.5 : 200),
                        Toy.moons(128, 0.2, 1))
                .batchSize(32)
                .validation(Toy.moons(64, 0.2, 2));
    }

    @Test
    void stopsAfterItsPatienceAndRestoresTheBestWeights() {
        var trainer = trainer();
        var stopping = EarlyStopping.patience(3);
        var weights = new ArrayList<float[]>();
        trainer.on(
                        new Trainer.Callback() {
                            @Override
                            public void epoch(Trainer t, EpochReport report) {
                                weights.add(t.model().parameters().get("weight").toArray());
                            }
                        })
                .on(stopping);
        assertEquals(Trainer.End.STOPPED, trainer.fit(50));
        assertTrue(stopping.stopped());
        assertEquals(2, stopping.bestEpoch());
        assertEquals(5, trainer.epochs().size());
        assertArrayEquals(weights.get(1), trainer.model().parameters().get("weight").toArray());
        assertEquals(
                trainer.epochs().get(1).validation().orElseThrow().loss(), stopping.bestLoss());
        assertTrue(
                stopping.toString()
                        .endsWith("in epoch 2; stopped after 3 more, best weights restored"),
                stopping.toString());
    }

    @Test
    void aSmallGainIsNoGain() {
        var trainer = trainer();
        var stopping = EarlyStopping.patience(1).minDelta(10);
        trainer.on(stopping).fit(50);
        assertEquals(2, trainer.epochs().size());
        assertEquals(1, stopping.bestEpoch());
    }

    @Test
    void withoutValidationOrAnEpochItSaysSo() {
        var trainer =
                Trainer.of(
                        new Linear(2, 2), Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(8, 0.1, 1));
        var stopping = EarlyStopping.patience(2);
        assertFalse(stopping.stopped());
        assertEquals("early stopping: no epoch has ended yet", stopping.toString());
        assertRefused(
                "[early stopping] no epoch has ended yet; nothing to restore",
                () -> stopping.restore(trainer.model()));
        assertRefused(
                "[early stopping] epoch 1 has no validation loss to watch; call validation(data)"
                        + " on the trainer",
                () -> trainer.on(stopping).fit(1));
        assertRefused(
                "[early stopping] patience of 0 epochs; need 1 or more",
                () -> EarlyStopping.patience(0));
    }

    private static void assertRefused(String message, Runnable f) {
        assertEquals(message, assertThrows(JaneException.class, f::run).getMessage());
    }
}
