package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareEqualTest {
    private final Value x = Leaf.input(TensorType.fp32(2, 2));

    private List<String> shared(Value y) {
        return Graphs.ops(ShareEqual.apply(Graphs.of(List.of(x), y)));
    }

    @Test
    void equalNodesAreComputedOnce() {
        assertEquals(
                List.of("exp", "add"),
                shared(Elementwise.add(Elementwise.exp(x), Elementwise.exp(x))));
    }

    @Test
    void sharingGoesUpChainsAndTakesConstantsAlong() {
        var one = Elementwise.exp(Elementwise.scale(x, 2));
        var two = Elementwise.exp(Elementwise.scale(x, 2));
        assertEquals(List.of("const", "mul", "exp", "add"), shared(Elementwise.add(one, two)));
    }

    @Test
    void otherAttributesTypesOrOrderAreNotEqual() {
        assertEquals(
                List.of("reduce_sum", "reduce_sum", "add"),
                shared(
                        Elementwise.add(
                                Reductions.sum(x, List.of(0), true),
                                Reductions.sum(x, List.of(1), true))));
        assertEquals(
                List.of("const", "sub", "sub", "add"),
                shared(
                        Elementwise.add(
                                Elementwise.sub(x, Leaf.scalar(DType.FP32, 1)),
                                Elementwise.sub(Leaf.scalar(DType.FP32, 1), x))));
        assertEquals(
                List.of("fill", "fill", "add"),
                shared(
                        Elementwise.add(
                                Movement.fill(x.type(), 0.0), Movement.fill(x.type(), -0.0))));
    }

    @Test
    void anInputIsNeverSharedWithAnEqualComputation() {
        var fed = Elementwise.exp(x);
        var graph = Graphs.of(List.of(x, fed), Elementwise.add(fed, Elementwise.exp(x)));
        assertEquals(List.of("exp", "add"), Graphs.ops(ShareEqual.apply(graph)));
    }
}
