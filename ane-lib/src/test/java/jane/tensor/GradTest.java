package jane.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradTest {
    @Test
    void backwardAccumulatesUntilZeroed() {
        var w = Tensor.of(1, 2, 3).requiresGrad();
        w.square().sum().backward();
        assertArrayEquals(new float[] {2, 4, 6}, w.grad().orElseThrow().toArray());
        w.square().sum().backward();
        assertArrayEquals(new float[] {4, 8, 12}, w.grad().orElseThrow().toArray());
        w.zeroGrad();
        assertTrue(w.grad().isEmpty());
    }

    @Test
    void aValueUsedTwiceGetsBothGradients() {
        var x = Tensor.scalar(3).requiresGrad();
        var y = x.mul(x).add(x);
        y.mul(y).backward(); // (x^2 + x)^2, slope 2 (x^2 + x)(2x + 1)
        assertEquals(2 * 12 * 7, x.grad().orElseThrow().item());
    }

    @Test
    void lookingAtTheLossFirstDoesNotLoseItsHistory() {
        var x = Tensor.scalar(2).requiresGrad();
        var loss = x.pow(3);
        assertEquals(8, loss.item(), 1e-5);
        loss.backward();
        assertEquals(12, x.grad().orElseThrow().item(), 1e-4);
    }

    @Test
    void backwardReachesParameters() {
        var p = Parameter.of("p", Tensor.of(2, 3));
        p.mul(Tensor.of(10, 100)).sum().backward();
        assertArrayEquals(new float[] {10, 100}, p.grad().orElseThrow().toArray());
    }

    @Test
    void detachStopsTheGradient() {
        var x = Tensor.scalar(5).requiresGrad();
        x.mul(x.detach()).backward();
        assertEquals(5, x.grad().orElseThrow().item());
        var y = Tensor.scalar(5).requiresGrad();
        var pending = y.mul(2);
        pending.mul(pending.detach()).backward();
        assertEquals(20, y.grad().orElseThrow().item());
    }

    @Test
    void gradOfGradIsTheSecondDerivative() {
        var second = Grad.grad(Grad.grad(x -> x.pow(3)));
        assertEquals(12, second.apply(Tensor.scalar(2)).item(), 1e-4);
    }

    @Test
    void valueAndGradLeavesItsArgumentsAlone() {
        var a = Tensor.of(1, 2);
        var b = Tensor.of(3, 4);
        var result = Grad.valueAndGrad(x -> x.get(0).mul(x.get(1)).sum(), List.of(a, b));
        assertEquals(11, result.value().item());
        assertArrayEquals(new float[] {3, 4}, result.gradients().get(0).toArray());
        assertArrayEquals(new float[] {1, 2}, result.gradients().get(1).toArray());
        assertTrue(a.grad().isEmpty());
    }

    @Test
    void saysWhenNothingWantsAGradient() {
        var error = assertThrows(JaneException.class, () -> Tensor.ones(2).sum().backward());
        assertEquals(
                "[backward] nothing this value is made of wants a gradient; call requiresGrad() on"
                        + " a tensor, or use a Parameter",
                error.getMessage());
        var w = Tensor.ones(2).requiresGrad();
        assertEquals(
                "[gradient] the value to differentiate has shape [2]; need one element: take its"
                        + " mean() or sum() first",
                assertThrows(JaneException.class, () -> w.mul(2).backward()).getMessage());
    }
}
