package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.List;

/**
 * Broadcasts as late as can be. A gradient stretches what a sum left before it computes with it;
 * elementwise ops stretch their operands anyway, and those on nothing else can run before that.
 *
 * <pre>
 * mul(x, stretched(n))   ->  mul(x, n)
 * mul(stretched(n), 2)   ->  stretched(mul(n, 2))
 * </pre>
 */
final class Stretches {
    private Stretches() {}

    /** {@code graph} with broadcasts moved behind what needs none. */
    static Graph later(Graph graph) {
        return Rewriter.rewrite(graph, Stretches::later);
    }

    private static List<Value> later(Node<?> node) {
        boolean takes =
                PlanNodes.fuses(node)
                        && node.inputs().size() <= 2
                        && node.out().dtype().isFloat()
                        && node.inputs().stream().anyMatch(Stretches::isStretched);
        if (!takes) {
            return node.outputs();
        }
        var inputs = new ArrayList<Value>();
        for (var v : node.inputs()) {
            inputs.add(PlanNodes.stretched(v.node()).orElse(v));
        }
        var result = node.withInputs(inputs).out();
        return List.of(result.shape().equals(node.out().shape()) ? result : stretch(result, node));
    }

    private static boolean isStretched(Value v) {
        return PlanNodes.stretched(v.node()).isPresent();
    }

    private static Value stretch(Value v, Node<?> like) {
        return Elementwise.mul(v, Movement.fill(like.out().type(), 1));
    }
}
