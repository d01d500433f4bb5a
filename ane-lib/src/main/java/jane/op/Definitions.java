package jane.op;

import jane.ir.Graph;
import jane.ir.Op;
import jane.ir.Rewriter;
import java.util.function.Predicate;

/** Ops in terms of others, for engines that have no kernel for all. */
public final class Definitions {
    private Definitions() {}

    /**
     * {@code graph} with each op that is defined by simpler ones replaced by them, and these in
     * turn.
     *
     * @param kept ops to leave as they are
     */
    public static Graph expand(Graph graph, Predicate<Op<?>> kept) {
        var changed = new boolean[] {true};
        while (changed[0]) {
            changed[0] = false;
            graph =
                    Rewriter.rewrite(
                            graph,
                            node -> {
                                var results = kept.test(node.op()) ? node.outputs() : node.lower();
                                changed[0] |= !results.equals(node.outputs());
                                return results;
                            });
        }
        return graph;
    }
}
