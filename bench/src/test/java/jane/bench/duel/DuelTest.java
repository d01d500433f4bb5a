package jane.bench.duel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DataException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DuelTest {
    private static final Duel.Pace SHORT = new Duel.Pace(1, 1, 1);

    @Test
    void bothSidesComputeTheSameProduct() {
        var result = Duel.products(new MatrixShape(13, 257, 31), "").fight(1, 2, SHORT);
        assertTrue(result.difference() <= 1e-4, result::toString);
        for (var side : new Duel.Side[] {result.jane(), result.peer()}) {
            assertTrue(side.runs() >= 6, side::toString);
            assertTrue(side.best() > 0 && side.best() <= side.median(), side::toString);
            assertTrue(side.median() <= side.p90(), side::toString);
            assertTrue(side.memory().now() > 1, side::toString);
            assertTrue(side.memory().peak() >= side.memory().now(), side::toString);
        }
        assertEquals(result.jane().median() / result.peer().median(), result.ratio());
    }

    @Test
    @Tag("soak") // unpacks PyTorch
    void lossesOfAHundredStepsAgreeWithThePeers(@TempDir Path folder) {
        for (var training : Training.values()) {
            var weights = folder.resolve(training.label());
            training.writeWeights(weights);
            var result = Duel.steps(training, weights.toString(), false).fight(100, 1, SHORT);
            assertTrue(result.difference() <= 1e-3, result::toString);
        }
    }

    @Test
    void quantilesAreElements() {
        double[] values = {5, 1, 4, 2, 3};
        assertEquals(1, Duel.quantile(values, 0));
        assertEquals(3, Duel.quantile(values, 0.5));
        assertEquals(5, Duel.quantile(values, 0.9));
        assertEquals(5, Duel.quantile(values, 1));
    }

    @Test
    void aBadShapeOrCaseIsNamed() {
        var shape = assertThrows(DataException.class, () -> MatrixShape.parse("0x1x1"));
        assertEquals("[sgemm] shape '0x1x1'; need MxKxN such as 256x768x768", shape.getMessage());
        var training = assertThrows(DataException.class, () -> Training.named("rnn"));
        assertEquals(
                "[peers] no case 'rnn'; need mlp-adam, mlp-sgd, mlp-adam-relu, mlp-sgd-relu, cnn",
                training.getMessage());
    }
}
