package jane.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.op.Rounding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectedTest {
    private static final double CHIP = 0x1p-9;

    /** A chip without subnormal halves rounds 6e-5 up to 0, and one with them to 1. */
    @Test
    void aStepBesideASubnormalHalfIsNotJudgedOnAChip() {
        var type = new TensorType(DType.FP16, Shape.of(3));
        var x = Leaf.input(type);
        var ceil = Node.of(Rounding.CEIL, NoAttrs.NONE, List.of(x)).out();
        var graph = Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", ceil)));
        var feeds = Map.of("x", Dense.of(type, 0.5, 0x1.8p-15, 1));
        var sketch = new Sketch(new Style(false, DType.FP16, true), graph, feeds);
        assertEquals(2, Expected.of(sketch, CHIP, 3).get("y").judged());
        assertEquals(3, Expected.of(sketch, 0x1p-20, 3).get("y").judged());
    }
}
