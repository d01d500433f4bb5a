package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Movement;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
    private final Value x = Leaf.input(TensorType.fp32(2));

    private List<String> folded(Value y) {
        return Graphs.ops(FoldConstants.apply(Graphs.of(List.of(x), y)));
    }

    @Test
    void aChainOfConstantsIsOneConstantRoundedToItsType() {
        var eight = Leaf.scalar(DType.FP16, 8);
        var third = Elementwise.div(Elementwise.sqrt(eight), Leaf.scalar(DType.FP16, 3));
        var graph = FoldConstants.apply(Graphs.of(List.of(x), third));
        assertEquals(List.of("const"), Graphs.ops(graph));
        double root = DType.FP16.round(Math.sqrt(8));
        var value = Leaf.data(graph.outputs().get(0).value());
        assertEquals(DType.FP16.round(root / 3), value.get(0));
    }

    @Test
    void whatReadsAnInputStays() {
        assertEquals(List.of("exp"), folded(Elementwise.exp(x)));
        var fed = Leaf.scalar(DType.FP32, 2);
        var graph = Graphs.of(List.of(fed), Elementwise.exp(fed)); // a constant fed as an input
        assertEquals(List.of("exp"), Graphs.ops(FoldConstants.apply(graph)));
    }

    @Test
    void smallFillsAreConstants() {
        assertEquals(
                List.of("const", "add"),
                folded(Elementwise.add(x, Elementwise.exp(Movement.fill(x.type(), 2)))));
    }

    @Test
    void aProgramDoesNotGrow() {
        var pair = Leaf.constant(ConstData.of(TensorType.fp32(2), 1, 2));
        assertEquals(List.of("const", "tile"), folded(Joining.tile(pair, List.of(1000))));
        var wide = Movement.fill(new TensorType(DType.FP32, Shape.of(1000)), 1);
        assertEquals(List.of("fill", "exp"), folded(Elementwise.exp(wide)));
        assertEquals(List.of("const"), folded(Joining.tile(pair, List.of(100))));
    }
}
