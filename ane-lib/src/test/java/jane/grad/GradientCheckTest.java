package jane.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.Dense;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Elementwise;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
    @Test
    void saysWhereAndByHowMuchTheyDiffer() {
        var x = Leaf.input(TensorType.fp32(2));
        // x + stop(x) has slope 2, of which the rule sees 1
        var y = Elementwise.add(x, Elementwise.stopGradient(x));
        var point = Map.of(x, Dense.of(x.type(), 0.5, 2));
        var error =
                assertThrows(
                        JaneException.class,
                        () -> GradientCheck.check(y, point, new SplittableRandom(1)));
        var number = "-?[0-9.E-]+";
        var form =
                "\\[gradient check\\] input x0, element 0 at 0.5: the gradient rule gives "
                        + number
                        + ", finite differences give "
                        + number
                        + "; need agreement to "
                        + number;
        assertTrue(error.getMessage().matches(form), error.getMessage());
        assertEquals("gradient check", error.where());
    }

    @Test
    void leavesThePointAsItWas() {
        var x = Leaf.input(TensorType.fp32(2));
        var at = Dense.of(x.type(), 0.1, 0.7);
        GradientCheck.check(Elementwise.exp(x), Map.of(x, at), new SplittableRandom(1));
        assertArrayEquals(new double[] {0.1, 0.7}, at.data());
    }

    @Test
    void nanIsNotAgreement() {
        var x = Leaf.input(TensorType.fp32(1));
        var y = Elementwise.sqrt(x);
        var point = Map.of(x, Dense.of(x.type(), -1));
        assertThrows(
                JaneException.class, () -> GradientCheck.check(y, point, new SplittableRandom(1)));
    }
}
