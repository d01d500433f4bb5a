package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeparateOutputsTest {
    private final Value x = Leaf.input(TensorType.fp32(3));

    private List<String> separated(Value... outputs) {
        var graph = Graphs.of(List.of(x), outputs);
        var after = SeparateOutputs.apply(graph);
        Graphs.assertSameBits(graph, after, new SplittableRandom(4));
        assertEquals(
                outputs.length, after.outputs().stream().map(p -> p.value()).distinct().count());
        return Graphs.ops(after);
    }

    @Test
    void outputsOfTheirOwnStay() {
        var y = Elementwise.exp(x);
        assertEquals(List.of("exp"), separated(y));
        var graph = Graphs.of(List.of(x), y);
        assertSame(y, SeparateOutputs.apply(graph).outputs().get(0).value());
    }

    @Test
    void anOutputThatIsAnInputIsCopied() {
        assertEquals(List.of("identity"), separated(x));
    }

    @Test
    void theSecondNameOfAValueIsACopy() {
        var y = Elementwise.exp(x);
        assertEquals(List.of("exp", "identity", "identity"), separated(y, y, y));
    }

    @Test
    void anOutputThatIsAConstantIsCopied() {
        assertEquals(List.of("const", "identity"), separated(Leaf.scalar(DType.FP32, 2)));
    }
}
