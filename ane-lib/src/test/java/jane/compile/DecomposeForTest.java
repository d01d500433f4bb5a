package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Attention;
import jane.op.Convolution;
import jane.op.Ops;
import jane.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecomposeForTest {
    private static Value half(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    private static Graph attention(Value q, List<Value> mask) {
        var inputs = new ArrayList<>(List.of(q, half(1, 64, 8, 16), half(1, 64, 8, 16)));
        inputs.addAll(mask);
        var y = Node.of(Attention.SDPA, NoAttrs.NONE, inputs).out();
        return Graphs.of(inputs, y);
    }

    @Test
    void maskedAttentionIsDecomposedWhereTheMaskIsIgnored() {
        var graph = attention(half(1, 64, 8, 16), List.of(half(1, 1, 8, 8)));
        for (var name : List.of("m3", "m4", "m5", "strict")) {
            var target = Target.named(name);
            var after = Passes.run(graph, target);
            assertTrue(Graphs.ops(after).containsAll(List.of("matmul", "add", "softmax")), name);
            assertTrue(target.check(after).stream().noneMatch(v -> v.isError()), name);
            Graphs.assertClose(graph, after, new SplittableRandom(1));
        }
        var m1 = Graphs.ops(Passes.run(graph, Target.named("m1")));
        assertEquals(List.of("scaled_dot_product_attention"), m1);
    }

    @Test
    void attentionThatTheTargetTakesStays() {
        var graph = attention(half(1, 64, 8, 16), List.of());
        assertEquals(
                List.of("scaled_dot_product_attention"),
                Graphs.ops(Passes.run(graph, Target.named("m5"))));
    }

    @Test
    void aConvolutionWithAWeightThatChangesBecomesAProductFromABatchOfTwoOn() {
        for (int batch : new int[] {1, 2}) {
            var x = half(batch, 8, 9, 10);
            var w = half(6, 4, 3, 3);
            var y = Convolution.conv(x, w, half(6), Convolution.Conv.of(1, 1, 1, 2));
            var graph = Graphs.of(List.of(x, w, y.node().in(2)), y);
            for (var name : List.of("m1", "m5", "strict")) {
                var target = Target.named(name);
                var after = Passes.run(graph, target);
                assertEquals(batch == 1, Graphs.ops(after).contains("conv"), name);
                assertTrue(target.check(after).stream().noneMatch(v -> v.isError()), name);
                Graphs.assertClose(graph, after, new SplittableRandom(2));
            }
        }
    }

    @Test
    void whatRunsInFp32AnywayIsLeftWhole() {
        var wide = new TensorType(DType.FP32, Shape.of(1, 4, 8, 16));
        var inputs = List.of(Leaf.input(wide), Leaf.input(wide), Leaf.input(wide));
        var graph = Graphs.of(inputs, Node.of(Attention.SDPA, NoAttrs.NONE, inputs).out());
        assertEquals(
                List.of("scaled_dot_product_attention"),
                Graphs.ops(Passes.run(graph, Target.named("strict"))));
    }

    @Test
    void noOpWithADefinitionIsLeftToBreakARule() {
        var target = Target.named("strict");
        int decomposed = 0;
        for (var op : Ops.all()) {
            var sample =
                    OpSamples.sample(
                            op, OpSamples.Mode.SMOOTH, new SplittableRandom(op.name().hashCode()));
            var inputs = sample.inputs().stream().map(Graph.Port::value).toList();
            var wide = Graphs.of(inputs, sample.node().outputs().toArray(new Value[0]));
            var after = Passes.run(wide, target);
            for (var violation : target.check(after)) {
                if (violation.isError() && violation.position() >= 0) {
                    var node = after.nodes().get(violation.position());
                    boolean defined =
                            !node.out().isConst()
                                    && Placement.foreign(node).isEmpty()
                                    && node.lower().get(0).node() != node;
                    assertTrue(!defined, () -> op.name() + ": " + violation);
                }
            }
            decomposed += Graphs.ops(after).equals(Graphs.ops(wide)) ? 0 : 1;
        }
        assertTrue(decomposed >= 3, "decomposed: " + decomposed);
    }
}
