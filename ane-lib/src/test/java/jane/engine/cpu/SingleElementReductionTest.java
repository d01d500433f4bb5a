package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.Buffer;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Reductions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reduction to one number of what a fused kernel makes: also those that no fused kernel totals.
 */
class SingleElementReductionTest {
    static List<Op<Reductions.Axes>> reductions() {
        return List.of(
                Reductions.REDUCE_SUM,
                Reductions.REDUCE_MEAN,
                Reductions.REDUCE_MAX,
                Reductions.REDUCE_MIN,
                Reductions.REDUCE_PROD,
                Reductions.REDUCE_SUM_SQUARE,
                Reductions.REDUCE_L1_NORM,
                Reductions.REDUCE_L2_NORM,
                Reductions.REDUCE_LOG_SUM,
                Reductions.REDUCE_LOG_SUM_EXP);
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void agreesWithTheReference(Op<Reductions.Axes> op) {
        var type = TensorType.fp32(2, 3);
        var x = Leaf.input(type);
        var axes = new Reductions.Axes(List.of(0, 1), false);
        var y = Node.of(op, axes, List.of(Activations.relu(x))).out();
        var graph = Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
        try (var engine = new CpuEngine(1);
                var executable = engine.compile(MilPrinter.print(graph));
                Buffer in = engine.allocate(type);
                Buffer out = engine.allocate(y.type())) {
            in.put(new float[] {1, 2, -3, 0.5f, 4, 0});
            executable.bind(Map.of("x", in, "y", out)).run();
            var expected = graph.reference(Map.of("x", in.dense())).get("y").get(0);
            assertEquals(expected, out.get(0), 1e-6 * Math.abs(expected));
        }
    }

    private static void agree(Value x, Graph.Port... outputs) {
        var graph = Graph.of(List.of(new Graph.Port("x", x)), List.of(outputs));
        try (var engine = new CpuEngine(1)) {
            var feeds = Map.of("x", Dense.of(x.type(), 1, 2, -3, 0.5));
            var found = Runs.run(engine, graph, feeds);
            var expected = graph.reference(feeds);
            expected.forEach(
                    (name, y) -> assertArrayEquals(y.data(), found.get(name).data(), 1e-5, name));
        }
    }

    @Test
    void twoOfOneInputAgreeWithTheReference() {
        var x = Leaf.input(TensorType.fp32(2, 2));
        var low = Reductions.min(x, List.of(0, 1), true);
        var high = Reductions.max(x, List.of(0, 1), false);
        agree(
                x,
                new Graph.Port("low", Elementwise.exp(low)),
                new Graph.Port("high", Elementwise.exp(high)));
    }

    @Test
    void anOperandIsTotalledBeforeAResultTakesItsPlace() {
        var x = Leaf.input(TensorType.fp32(2, 2));
        var h = Contraction.matmul(x, x);
        var squares = Contraction.matmul(Elementwise.square(h), x); // square(h) overwrites h
        var mean = Reductions.mean(h, List.of(0, 1), false);
        agree(x, new Graph.Port("squares", squares), new Graph.Port("mean", Elementwise.exp(mean)));
    }
}
