package jane.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.ConstData;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Contraction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BakeWeightsTest {
    private final Graph graph = graph();
    private final ConstData w = ConstData.of(TensorType.fp32(2, 2), 1, 2, 3, 4);

    private static Graph graph() {
        var x = Leaf.input(TensorType.fp32(1, 2));
        var w = Leaf.input(TensorType.fp32(2, 2));
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                List.of(new Graph.Port("y", Contraction.matmul(x, w))));
    }

    @Test
    void aBakedWeightIsAConstantAndNoInput() {
        var baked = BakeWeights.apply(graph, Map.of("w", w));
        assertEquals(List.of("x"), baked.inputs().stream().map(Graph.Port::name).toList());
        assertEquals(List.of("const", "matmul"), Graphs.ops(baked));
        var y = baked.reference(Map.of("x", Dense.of(TensorType.fp32(1, 2), 1, 10))).get("y");
        assertArrayEquals(new double[] {31, 42}, y.data());
    }

    @Test
    void anotherNameOrTypeIsRefused() {
        var e = assertThrows(JaneException.class, () -> BakeWeights.apply(graph, Map.of("v", w)));
        assertTrue(e.getMessage().contains("names among the inputs [x, w]"), e.getMessage());
        assertThrows(JaneException.class, () -> BakeWeights.apply(graph, Map.of("x", w)));
    }
}
