package jane.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final double[] GRADIENTS = {0.5, -1.25, 2, 0.1, -0.3};

    /** Follows GRADIENTS from 1 with the optimizer's graph. */
    private static double follow(Optimizer optimizer) {
        var p = Tensor.scalar(1);
        var state = new HashMap<String, Tensor>();
        optimizer.states().forEach(name -> state.put(name, Tensor.scalar(0)));
        for (int step = 1; step <= GRADIENTS.length; step++) {
            var scalars = new HashMap<String, Tensor>();
            optimizer.scalars(step).forEach((k, v) -> scalars.put(k, Tensor.scalar(v)));
            var update =
                    optimizer.update(
                            p, Tensor.scalar(GRADIENTS[step - 1]), Map.copyOf(state), scalars);
            p = update.next().eval();
            update.state().forEach((k, v) -> state.put(k, v.eval()));
        }
        return p.item();
    }

    @Test
    void sgdFollowsTheGradient() {
        double p = 1;
        for (double g : GRADIENTS) {
            p -= 0.1 * g;
        }
        assertEquals(p, follow(Sgd.of(0.1)), 1e-6);
    }

    @Test
    void momentumAndNesterovMatchTheirRecurrences() {
        double heavy = 1;
        double ahead = 1;
        double v = 0;
        for (double g : GRADIENTS) {
            v = 0.9 * v + g;
            heavy -= 0.1 * v;
            ahead -= 0.1 * (g + 0.9 * v);
        }
        assertEquals(heavy, follow(Sgd.of(0.1).momentum(0.9)), 1e-6);
        assertEquals(ahead, follow(Sgd.of(0.1).momentum(0.9).nesterov()), 1e-6);
    }

    @Test
    void adamAndAdamWMatchTheirRecurrences() {
        for (double decay : new double[] {0, 0.1}) {
            double p = 1;
            double m = 0;
            double v = 0;
            for (int t = 1; t <= GRADIENTS.length; t++) {
                double g = GRADIENTS[t - 1];
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                double mHat = m / (1 - Math.pow(0.9, t));
                double vHat = v / (1 - Math.pow(0.999, t));
                p -= 0.01 * decay * p;
                p -= 0.01 * mHat / (Math.sqrt(vHat) + 1e-8);
            }
            assertEquals(p, follow(Adam.w(0.01, decay)), 1e-6);
        }
    }

    @Test
    void aScheduleGivesTheRateOfEachStep() {
        var sgd = Sgd.of(step -> step == 1 ? 0.5 : 0);
        assertEquals(1 - 0.5 * GRADIENTS[0], follow(sgd), 1e-6);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertEquals(
                "[learning rate] -1.0; need a finite number, 0 or more",
                assertThrows(JaneException.class, () -> Sgd.of(-1)).getMessage());
        assertEquals(
                "[Sgd] nesterov without momentum; call momentum(0.9) first",
                assertThrows(JaneException.class, () -> Sgd.of(1).nesterov()).getMessage());
        assertEquals(
                "[Adam] betas 0.9 and 1.0; need 0 to 1 (exclusive)",
                assertThrows(JaneException.class, () -> Adam.of(1).betas(0.9, 1)).getMessage());
    }
}
