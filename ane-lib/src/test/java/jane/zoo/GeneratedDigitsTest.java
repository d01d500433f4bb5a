package jane.zoo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.nn.Flatten;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Trainer;
import org.junit.jupiter.api.Test;

/** How hard the generated digits are: too hard for a linear model, easy for a convolution. */
class GeneratedDigitsTest {
    private static double accuracy(Layer model, int epochs) {
        var task = DigitsTask.generated(1);
        var trainer = Trainer.of(model, Loss.crossEntropy(), Adam.of(1e-3), task.train()).seed(1);
        trainer.fit(epochs);
        return trainer.score(task.test()).accuracy();
    }

    @Test
    void aLinearModelStaysUnder92Percent() {
        Session.current().seed(1);
        double accuracy = accuracy(new Sequential(new Flatten(), new Linear(784, 10)), 15);
        assertTrue(accuracy > 0.8 && accuracy < 0.92, "accuracy " + accuracy);
    }

    @Test
    void aCnnPasses98PercentOnShapesNotSeenInTraining() {
        Session.current().seed(1);
        double accuracy = accuracy(Models.digitsCnn(), 6);
        assertTrue(accuracy >= 0.98, "accuracy " + accuracy);
    }
}
