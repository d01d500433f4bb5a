package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Movement;

/**
 * Replaces nodes whose results have no elements by fills: they take no time and no memory, however
 * long their other axes are. A node that reads integers stays, since it may refuse one.
 */
final class Empties {
    private Empties() {}

    static Graph fill(Graph graph) {
        return Rewriter.rewrite(
                graph,
                node ->
                        isFree(node)
                                ? node.outputs().stream()
                                        .map(v -> Movement.fill(v.type(), 0))
                                        .toList()
                                : node.outputs());
    }

    private static boolean isFree(Node<?> node) {
        return node.op() != Leaf.CONST
                && node.outputs().stream().allMatch(Empties::isEmpty)
                && node.inputs().stream().noneMatch(v -> v.dtype().isInt());
    }

    private static boolean isEmpty(Value v) {
        return v.shape().size() == 0;
    }
}
