package jane.compile;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.target.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Replaces what a target would refuse as it stands, or compute wrongly, by its definition in
 * simpler ops: attention with a mask, norms, gelu and whatever else has one.
 *
 * <pre>
 * before:  q, k, v, mask -> scaled_dot_product_attention -> y                (ANE-C10 on m4, m5)
 * after:   q -> mul -> matmul <- k, add <- mask, softmax -> matmul <- v -> y
 * </pre>
 *
 * <p>Ops with no definition stay and run on the processor. A convolution whose weight is no
 * constant becomes slices and a product; of a step's this was done before it was differentiated, by
 * {@link TrainableConvolution}.
 */
final class DecomposeFor {
    /** Definitions inside of definitions are few. */
    private static final int MOST_ROUNDS = 8;

    /** A convolution with more is one as wide as an image: a gradient's, not a layer's. */
    private static final int MOST_TAPS = 49;

    private DecomposeFor() {}

    static Graph apply(Graph graph, Target target) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var refused = refused(graph, target);
            if (refused.isEmpty()) {
                return graph;
            }
            // The rewriter hands over nodes on rewritten inputs: counted, they are the same again.
            var at = new int[1];
            var now = graph;
            graph =
                    Rewriter.rewrite(
                            graph,
                            node ->
                                    refused.contains(now.nodes().get(at[0]++))
                                            ? definition(node)
                                            : node.outputs());
        }
        return graph;
    }

    /** Nodes in the target's arithmetic that break a rule and have a definition. */
    private static Set<Node<?>> refused(Graph graph, Target target) {
        var refused = new HashSet<Node<?>>(); // nodes compare by identity
        for (var violation : target.check(graph)) {
            if (violation.isError() && violation.position() >= 0) {
                var node = graph.nodes().get(violation.position());
                if (isDefined(node)) {
                    refused.add(node);
                }
            }
        }
        return refused;
    }

    private static boolean isDefined(Node<?> node) {
        return !node.out().isConst()
                && Placement.foreign(node).isEmpty()
                && definition(node).get(0).node() != node;
    }

    private static List<Value> definition(Node<?> node) {
        return TrainableConvolution.takes(node) && TrainableConvolution.taps(node) <= MOST_TAPS
                ? List.of(TrainableConvolution.products(node))
                : node.lower();
    }
}
