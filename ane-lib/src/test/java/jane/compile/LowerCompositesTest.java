package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Elementwise;
import jane.op.Losses;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LowerCompositesTest {
    @Test
    void crossEntropyBecomesItsStableForm() {
        var logits = Leaf.input(TensorType.fp32(4, 3));
        var target = Leaf.input(TensorType.fp32(4, 3));
        var graph = Graphs.of(List.of(logits, target), Losses.crossEntropy(logits, target));
        assertEquals(List.of("cross_entropy"), Graphs.ops(graph));
        var lowered = LowerComposites.apply(graph);
        assertEquals(
                List.of(
                        "const",
                        "equal",
                        "reduce_max",
                        "sub",
                        "exp",
                        "reduce_sum",
                        "log",
                        "sub",
                        "mul",
                        "select",
                        "reduce_sum"),
                Graphs.ops(lowered));
        Graphs.assertSameBits(graph, lowered, new SplittableRandom(1));
    }

    @Test
    void stopGradientGoes() {
        var x = Leaf.input(TensorType.fp32(3));
        var graph = Graphs.of(List.of(x), Elementwise.exp(Elementwise.stopGradient(x)));
        assertEquals(List.of("stop_gradient", "exp"), Graphs.ops(graph));
        assertEquals(List.of("exp"), Graphs.ops(LowerComposites.apply(graph)));
    }
}
