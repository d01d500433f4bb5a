package jane.compile;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Rewriter;

/**
 * Replaces ops that MIL cannot spell by their definition, until none is left.
 *
 * <pre>
 * before:  logits, target -> cross_entropy -> loss
 * after:   logits -> max, sub, exp, sum, log, sub -> mul <- target, sum -> loss
 * </pre>
 */
final class LowerComposites {
    private LowerComposites() {}

    static Graph apply(Graph graph) {
        while (graph.nodes().stream().anyMatch(LowerComposites::isComposite)) {
            graph =
                    Rewriter.rewrite(
                            graph, node -> isComposite(node) ? node.lower() : node.outputs());
        }
        return graph;
    }

    private static boolean isComposite(Node<?> node) {
        return node.op() != Leaf.CONST && node.op().spelling().isEmpty();
    }
}
