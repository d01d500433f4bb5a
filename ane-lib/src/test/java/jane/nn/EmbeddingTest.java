package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    private static Embedding table() {
        var layer = new Embedding(3, 2);
        layer.parameters().get("weight").set(Tensor.of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
        return layer;
    }

    @Test
    void looksUpFloatAndIntegerIds() {
        var ids = Tensor.of(Shape.of(2, 2), 2, 0, 1, 2);
        var expected = new float[] {5, 6, 1, 2, 3, 4, 5, 6};
        assertArrayEquals(expected, table().forward(ids).toArray());
        assertArrayEquals(expected, table().forward(ids.cast(DType.INT32)).toArray());
        assertEquals(Shape.of(2, 2, 2), table().forward(ids).shape());
    }

    @Test
    void gradientAddsUpWhereAnIdRepeats() {
        var layer = table();
        var y = layer.forward(Tensor.of(2, 0, 2));
        y.mul(Tensor.of(Shape.of(3, 2), 1, 10, 2, 20, 3, 30)).sum().backward();
        assertArrayEquals(
                new float[] {2, 20, 0, 0, 4, 40},
                layer.parameters().get("weight").grad().orElseThrow().toArray());
    }

    @Test
    void badSizesAndTypesAreRefused() {
        assertEquals(
                "[Embedding] 0 vectors of 4; need 1 to 16777216 vectors of 1 or more",
                assertThrows(JaneException.class, () -> new Embedding(0, 4)).getMessage());
        assertEquals(
                "[Embedding(5000 of 1)] ids are fp16; need fp32 or int32 for 5000 vectors",
                assertThrows(
                                JaneException.class,
                                () ->
                                        new Embedding(5000, 1)
                                                .forward(Tensor.ones(2).cast(DType.FP16)))
                        .getMessage());
    }

    private static String refusal(Tensor ids) {
        return assertThrows(DataException.class, () -> table().forward(ids)).getMessage();
    }

    @Test
    void anIdThatIsNoRowIsRefusedBeforeItIsLookedUp() {
        var needed = "; need whole numbers 0 to 2";
        assertEquals(
                "[Embedding(3 of 2)] id 0.5 at [1] of [2]" + needed, refusal(Tensor.of(1, 0.5f)));
        assertEquals("[Embedding(3 of 2)] id 3 at [1] of [2]" + needed, refusal(Tensor.of(0, 3)));
        assertEquals(
                "[Embedding(3 of 2)] id -1 at [1, 0] of [2, 2]" + needed,
                refusal(Tensor.of(Shape.of(2, 2), 0, 2, -1, 7)));
        for (var id : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0.25f, 2.0000002f, 3e9f}) {
            assertEquals(
                    "[Embedding(3 of 2)] id " + id + " at [] of []" + needed,
                    refusal(Tensor.of(new TensorType(DType.FP32, Shape.of()), new float[] {id})));
        }
        assertEquals(
                "[Embedding(3 of 2)] id 9 at [0] of [2]" + needed,
                refusal(Tensor.of(9, 1).cast(DType.INT32).eval()));
        assertEquals(
                "[Embedding(3 of 2)] id 1.5 at [0] of [1]" + needed,
                refusal(Tensor.of(1.5f).cast(DType.FP16).eval()));
    }

    @Test
    void minusZeroIsZeroAndNoIdsAreNoVectors() {
        assertArrayEquals(new float[] {1, 2}, table().forward(Tensor.of(-0.0f)).toArray());
        assertEquals(Shape.of(0, 2), table().forward(Tensor.zeros(0)).shape());
    }

    /** What the documentation says of ids that are not known when the layer is called. */
    @Test
    void idsThatAProgramComputesAreCutTowardsZeroAndThenHeldAgainstTheTable() {
        var half = Tensor.of(3, 5, -1).mul(0.5); // 1.5, 2.5, -0.5
        assertArrayEquals(new float[] {3, 4, 5, 6, 1, 2}, table().forward(half).toArray());
        var beyond = table().forward(Tensor.of(1, 2).add(1));
        assertEquals(
                "[gather] index 3 at position 1 is out of range; need 0 to 2",
                assertThrows(DataException.class, beyond::toArray).getMessage());
    }
}
