package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilParser;
import jane.mil.MilPrinter;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A graph and the text printed from it break the same rules. */
final class ReadersTest {
    static List<Graph> graphs() {
        return List.of(convolution(), attention(), patches(), wide());
    }

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    private static Graph convolution() {
        var x = input(2, 4, 8, 40);
        var w = CostRows.weight(8, 4, 1, 17);
        var y = Convolution.conv(x, w, Convolution.Conv.of(1, 8, 1, 1));
        return CostRows.graph(x, Elementwise.scale(Reductions.mean(y, List.of(1), true), 0));
    }

    private static Graph attention() {
        var x = input(1, 2, 33, 16);
        var turned = Movement.transpose(x, List.of(0, 1, 3, 2));
        var scores = Activations.softmax(Contraction.matmul(x, turned), 1);
        return CostRows.graph(x, Reductions.sumAll(Elementwise.square(scores)));
    }

    private static Graph patches() {
        var lines =
                Mil.chain(
                        4,
                        "fp16[129, 3, 16] s%1$d = slice_by_size(x = x, begin = ints(0, 0, %2$d),"
                                + " size = ints(129, 3, 16))");
        lines.add("fp16[129, 12, 16] y = concat(values = (s1, s2, s3, s4), axis = int(1))");
        return MilParser.parse(Mil.of("ios18", "fp16[129, 3, 20] x -> y", lines));
    }

    private static Graph wide() {
        var x = Leaf.input(new TensorType(DType.FP32, Shape.of(2, 70_000)));
        return CostRows.graph(x, Elementwise.add(x, x));
    }

    private static List<String> broken(List<Violation> violations) {
        return violations.stream()
                .map(v -> v.rule() + " " + v.severity() + " " + v.op() + ": " + v.found())
                .map(s -> s.replaceAll("'\\w+'", "'?'"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void graphAndTextBreakTheSameRules(Graph graph) {
        var program = MilPrinter.print(graph);
        for (String name : List.of("m1", "m5", "m3/inmem", "strict", "strict/inmem")) {
            var target = Target.named(name);
            assertEquals(broken(target.check(graph)), broken(target.check(program)), name);
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void positionsInAGraphAreThoseOfItsNodes(Graph graph) {
        for (var violation : Target.named("strict").check(graph)) {
            if (violation.position() >= 0) {
                var node = graph.nodes().get(violation.position());
                assertEquals(node.op().spelling().get().milOp(), violation.op());
            }
        }
    }
}
