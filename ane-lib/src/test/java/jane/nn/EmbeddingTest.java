package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
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
    void badIdsAndSizesAreRefused() {
        assertEquals(
                "[gather] index 3 at position 1 is out of range; need 0 to 2",
                assertThrows(JaneException.class, () -> table().forward(Tensor.of(0, 3)).toArray())
                        .getMessage());
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
}
