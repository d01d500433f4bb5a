package jane.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    @Test
    void computesWhenLookedAt() {
        var x = Tensor.of(new float[][] {{1, 2}, {3, 4}});
        assertArrayEquals(new float[] {7, 10, 15, 22}, x.matmul(x).toArray());
        assertEquals(10, x.sum().item());
        assertArrayEquals(new float[] {4, 6}, x.sum(0).toArray());
        assertEquals(4, x.max().item());
    }

    @Test
    void broadcastsAlongMissingAndUnitAxes() {
        var column = Tensor.of(Shape.of(2, 1), 10, 20);
        var row = Tensor.of(1, 2, 3);
        assertArrayEquals(new float[] {11, 12, 13, 21, 22, 23}, column.add(row).toArray());
    }

    @Test
    void aLoopWithAnotherScalarEachTimeCompilesOnce() {
        var x = Tensor.of(1, 2, 3);
        x.mul(0.5).add(1).eval();
        long before = Session.current().compiled();
        for (int i = 0; i < 20; i++) {
            assertEquals(i + 1, x.mul(i).add(1).get(0));
        }
        assertEquals(before, Session.current().compiled());
    }

    @Test
    void aLookedAtTensorForgetsWhatItWasMadeOf() {
        var x = Tensor.ones(3);
        for (int i = 0; i < 5000; i++) {
            x = x.add(1);
            if (i % 100 == 0) {
                x.eval();
                assertTrue(x.links().isEmpty());
            }
        }
        assertEquals(5001, x.get(2));
    }

    @Test
    void readersOfAPendingOperandStillFindItAfterItWasLookedAt() {
        var a = Tensor.ones(2).add(1);
        var b = a.mul(3);
        a.eval();
        assertEquals(6, b.get(1));
    }

    @Test
    void deepPendingGraphsDoNotOverflowTheStack() {
        var x = Tensor.ones(1);
        for (int i = 0; i < 3000; i++) {
            x = x.add(x.mul(0));
        }
        assertEquals(1, x.item());
    }

    @Test
    void randomTensorsRepeatAfterTheSameSeed() {
        var first = Tensor.randn(4, 5).toArray();
        var second = Tensor.randn(4, 5).toArray();
        Session.current().seed(1);
        assertArrayEquals(first, Tensor.randn(4, 5).toArray());
        assertArrayEquals(second, Tensor.randn(4, 5).toArray());
        assertTrue(first[0] != second[0]);
    }

    @Test
    void halfPrecisionRoundsWhatItHolds() {
        var x = Tensor.of(new TensorType(DType.FP16, Shape.of(2)), 2049, 0.1f);
        assertEquals(2048, x.get(0));
        assertEquals(DType.FP16, x.add(x).dtype());
    }

    @Test
    void printsValuesAndSummarisesMany() {
        assertEquals(
                "tensor([[1.0, 2.5000],\n        [-3.0, 1.0000e-05]], tensor<fp32, [2, 2]>)",
                Tensor.of(new float[][] {{1, 2.5f}, {-3, 1e-5f}}).toString());
        assertEquals("tensor(3.0, fp32)", Tensor.scalar(3).toString());
        assertEquals(
                "tensor([0.0, 1.0, 2.0, ..., 997.0, 998.0, 999.0], tensor<fp32, [1000]>)",
                Tensor.arange(1000).toString());
        assertEquals(
                "tensor([true, false], tensor<bool, [2]>)",
                Tensor.of(1, 3).lt(Tensor.of(2, 2)).toString());
    }

    @Test
    void aPlaceholderCannotBeLookedAt() {
        var x = Tensor.placeholder(TensorType.fp32(2));
        var error = assertThrows(JaneException.class, () -> x.add(1).toArray());
        assertEquals(
                "[tensor] a placeholder of type tensor<fp32, [2]> has no values to look at: it"
                        + " stands for a batch while a step is built; look at the step's outputs"
                        + " instead",
                error.getMessage());
    }

    @Test
    void shapesThatDoNotFitAreRefusedAtTheOperation() {
        var error =
                assertThrows(
                        JaneException.class, () -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3)));
        assertEquals(
                "[matmul] inner dims differ: x [2, 3] has 3, y [2, 3] has 2; need x (..., M, K),"
                        + " y (..., K, N)",
                error.getMessage());
        assertEquals(
                "[item] shape [2] has 2 elements; need one: sum() or mean() it, or use get()",
                assertThrows(JaneException.class, () -> Tensor.ones(2).item()).getMessage());
        assertEquals(
                "[tensor] row 1 has 1 values, row 0 has 2; need rows of one length",
                assertThrows(JaneException.class, () -> Tensor.of(new float[][] {{1, 2}, {3}}))
                        .getMessage());
    }

    @Test
    void aParameterUpdateLeavesOlderReadersTheirValues() {
        var p = Parameter.of("p", Tensor.of(1, 2));
        var reader = p.mul(10);
        p.set(Tensor.of(5, 6));
        assertArrayEquals(new float[] {10, 20}, reader.toArray());
        assertArrayEquals(new float[] {50, 60}, p.mul(10).toArray());
        var kept = p.detach();
        p.set(Tensor.of(0, 0));
        assertArrayEquals(new float[] {5, 6}, kept.toArray());
    }

    @Test
    void emptyTensorsComputeToo() {
        var empty = Tensor.zeros(0, 3);
        assertEquals(0, empty.sum().item());
        assertArrayEquals(new float[0], empty.add(1).toArray());
        assertArrayEquals(new float[] {0, 0, 0}, empty.sum(0).toArray());
    }

    @Test
    void aSessionRefusesThreadsThatItsProcessorCannotHave() {
        var session = Session.current();
        var before = session.engine();
        assertTrue(
                assertThrows(JaneException.class, () -> session.use(before, 100_000))
                        .getMessage()
                        .startsWith("[engine] 100000 threads; need 1 to "));
        assertSame(before, session.engine());
    }
}
