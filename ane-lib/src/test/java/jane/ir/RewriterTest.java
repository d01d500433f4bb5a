package jane.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.op.Elementwise;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewriterTest {
    private final Value x = Leaf.input(TensorType.fp32(2));
    private final Value h = Elementwise.exp(x);
    private final Value y = Elementwise.square(h);
    private final Graph graph =
            Graph.named(
                    List.of(new Graph.Port("x", x)),
                    List.of(new Graph.Port("y", y)),
                    Map.of(h, "hidden"));

    private static List<String> ops(Graph graph) {
        return graph.nodes().stream().map(n -> n.op().name()).toList();
    }

    @Test
    void keepingEveryNodeKeepsTheGraph() {
        var same = Rewriter.rewrite(graph, Node::outputs);
        assertEquals(graph.structure(), same.structure());
        assertSame(y, same.outputs().get(0).value());
        assertEquals(graph.names(), same.names());
    }

    @Test
    void readersOfAReplacedValueReadTheNewOne() {
        var changed =
                Rewriter.rewrite(
                        graph,
                        node ->
                                node.op() == Elementwise.EXP
                                        ? List.of(Elementwise.abs(node.in(0)))
                                        : node.outputs());
        assertEquals(List.of("abs", "square"), ops(changed));
        assertEquals(List.of("exp", "square"), ops(graph));
        assertEquals("hidden", changed.names().get(changed.nodes().get(0).out()));
    }

    @Test
    void aNodeMayGoAltogether() {
        var changed =
                Rewriter.rewrite(
                        graph,
                        node ->
                                node.op() == Elementwise.SQUARE
                                        ? List.of(node.in(0))
                                        : node.outputs());
        assertEquals(List.of("exp"), ops(changed));
        assertEquals("y", changed.outputs().get(0).name());
    }

    @Test
    void anInputInTheMiddleStaysAnInput() {
        var cut = Graph.of(List.of(new Graph.Port("h", h)), List.of(new Graph.Port("y", y)));
        var same = Rewriter.rewrite(cut, Node::outputs);
        assertEquals(List.of("square"), ops(same));
        assertSame(h, same.inputs().get(0).value());
    }

    @Test
    void refusesAReplacementOfAnotherType() {
        var other = Leaf.scalar(DType.FP32, 1);
        assertEquals(
                "[exp] a pass turned tensor<fp32, [2]> into fp32; need the same type",
                assertThrows(
                                ShapeException.class,
                                () -> Rewriter.rewrite(graph, node -> List.of(other)))
                        .getMessage());
    }
}
