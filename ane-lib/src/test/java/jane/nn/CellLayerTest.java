package jane.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;

final class CellLayerTest {
    private static final class Scaled extends CellLayer {
        Scaled(double by) {
            super("Scaled(double by)", new Object[] {by});
        }
    }

    private static final class Forgotten extends CellLayer {
        Forgotten() {
            super("Forgotten()", new Object[] {});
        }
    }

    @Test
    void newObjectsTakeTheNewestRecipeAndOldOnesKeepTheirs() {
        CellLayer.define("Scaled(double by)", (own, args) -> x -> x.mul((double) args[0]));
        var old = new Scaled(2);
        CellLayer.define(
                "Scaled(double by)",
                (own, args) -> {
                    var plus = own.param("plus", Tensor.of(1));
                    return x -> x.mul((double) args[0]).add(plus);
                });
        assertEquals(6, old.apply(Tensor.of(3)).item());
        assertEquals(0, old.parameterCount());
        assertEquals(7, new Scaled(2).apply(Tensor.of(3)).item());
        assertEquals("[plus]", new Scaled(2).parameters().keySet().toString());
        assertEquals("Scaled(2.0)", old.describe());
    }

    @Test
    void layerWithoutARecipeSaysWhatToRun() {
        var e = assertThrows(JaneException.class, Forgotten::new);
        assertEquals(
                "[Forgotten()] this layer has no body in this session; run its %%layer cell first",
                e.getMessage());
    }

    @Test
    void wrongShapeNamesLayerInputAndOp() {
        CellLayer.define("Scaled(double by)", (own, args) -> x -> x.matmul(Tensor.ones(2, 2)));
        var e = assertThrows(JaneException.class, () -> new Scaled(2).apply(Tensor.ones(5, 3)));
        assertEquals(
                "[Scaled(2.0)] an input of shape [5, 3] does not fit: [matmul] inner dims differ: x"
                        + " [5, 3] has 3, y [2, 2] has 2; need x (..., M, K), y (..., K, N)",
                e.getMessage());
    }

    @Test
    void bodyThatReturnsNullIsNamed() {
        CellLayer.define("Scaled(double by)", (own, args) -> x -> null);
        var e = assertThrows(JaneException.class, () -> new Scaled(2).apply(Tensor.ones(2)));
        assertEquals(
                "[Scaled(2.0)] its body returned null for tensor<fp32, [2]>; need a tensor",
                e.getMessage());
    }
}
