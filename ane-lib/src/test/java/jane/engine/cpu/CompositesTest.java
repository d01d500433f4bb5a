package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Normalisation;
import jane.op.Rectifiers;
import jane.op.Reductions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Ops that are others composed. */
final class CompositesTest {
    private static final Engine ENGINE = new CpuEngine(2);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private static Graph graph(Value x, Value y) {
        return Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
    }

    @Test
    void aNormInHalfPrecisionDoesNotOverflowInBetween() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 4)));
        var y = Normalisation.layerNorm(x, List.of(1), 1e-5);
        var values = Dense.of(x.type(), 1000, -1000, 1000, -1000); // squares are beyond fp16
        var result = Runs.run(ENGINE, graph(x, y), Map.of("x", values)).get("y");
        Runs.assertClose(Dense.of(y.type(), 1, -1, 1, -1), result, 0, "layer_norm");
    }

    @Test
    void theTailOfSoftplusKeepsItsDigits() {
        var x = Leaf.input(TensorType.fp32(6));
        var values = Dense.of(x.type(), -80, -30, -16, -3, 0, 5);
        var result = Runs.run(ENGINE, graph(x, Rectifiers.softplus(x)), Map.of("x", values));
        for (int i = 0; i < values.data().length; i++) {
            double expected = Math.log1p(Math.exp(values.get(i)));
            assertEquals(expected, result.get("y").get(i), 1e-6 * expected, "of " + values.get(i));
        }
    }

    @Test
    void aLinearLayerIsOneProduct() {
        var x = Leaf.input(TensorType.fp32(5, 8));
        var w = Leaf.input(TensorType.fp32(6, 8));
        var ports = List.of(new Graph.Port("x", x), new Graph.Port("w", w));
        var y = new Graph.Port("y", Contraction.linear(x, w));
        try (var executable = ENGINE.compile(Runs.program(Graph.of(ports, List.of(y))))) {
            assertEquals(List.of("matmul   5x8x6 -> tensor<fp32, [5, 6]> y"), executable.plan());
        }
    }

    @Test
    void equalExpressionsOfTwoDefinitionsRunOnce() {
        var x = Leaf.input(TensorType.fp32(4, 8));
        var a = Normalisation.layerNorm(x, List.of(1), 1e-5);
        var b = Normalisation.layerNorm(x, List.of(1), 1e-5);
        var both = graph(x, Contraction.matmul(a, b, false, true));
        var once = graph(x, Contraction.matmul(a, a, false, true));
        assertEquals(
                Composites.expand(once).nodes().size(), Composites.expand(both).nodes().size());
    }

    @Test
    void whatMayOverflowInItsDefinitionStays() {
        var x = Leaf.input(TensorType.fp32(4));
        var y = Reductions.sum(x, List.of(0), false);
        var l2 =
                Node.of(Reductions.REDUCE_L2_NORM, (Reductions.Axes) y.node().attrs(), List.of(x))
                        .out();
        var nodes = Composites.expand(graph(x, l2)).nodes();
        assertTrue(nodes.stream().anyMatch(n -> n.op() == Reductions.REDUCE_L2_NORM));
    }
}
