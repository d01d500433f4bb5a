package jane.compile;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes equal nodes once: the same op and attributes on the same inputs.
 *
 * <pre>
 * before:  x -> exp \            after:  x -> exp -> add -> y
 *          x -> exp -> add -> y
 * </pre>
 *
 * <p>An {@code identity} is never shared: what reads it reads a value of its own, which is how
 * recomputation has a value computed twice.
 */
final class ShareEqual {
    /** Inputs compare by identity, which is what {@link Value} does. */
    private record Key(Op<?> op, Object attrs, List<Value> inputs) {}

    private ShareEqual() {}

    static Graph apply(Graph graph) {
        Map<Key, Node<?>> first = new HashMap<>();
        return Rewriter.rewrite(
                graph,
                node ->
                        node.op() == Elementwise.IDENTITY
                                ? node.outputs()
                                : first.computeIfAbsent(
                                                new Key(node.op(), node.attrs(), node.inputs()),
                                                k -> node)
                                        .outputs());
    }
}
