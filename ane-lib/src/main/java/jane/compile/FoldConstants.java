package jane.compile;

import jane.ir.ConstData;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Computes once, by the reference kernels, what depends on constants only. Each result is rounded
 * to its type, as any engine rounds it between ops.
 *
 * <pre>
 * before:  const 8 -> sqrt -> inverse \
 *                                  x -> mul -> y
 * after:   const 0.35355338, x -> mul -> y
 * </pre>
 *
 * <p>Left alone is what would make the program larger by more than a kilobyte or so, and what is
 * long to compute.
 */
final class FoldConstants {
    /** Elements that a result may have even where its operands have fewer. */
    private static final long SMALL = 256;

    /** Floating-point operations worth doing here, naively. */
    private static final long MOST_FLOPS = 10_000_000;

    private final Set<Value> inputs = Collections.newSetFromMap(new IdentityHashMap<>());

    private FoldConstants() {}

    static Graph apply(Graph graph) {
        var rules = new FoldConstants();
        graph.inputs().forEach(p -> rules.inputs.add(p.value()));
        return Rewriter.rewrite(graph, rules::node);
    }

    private List<Value> node(Node<?> node) {
        return isFoldable(node) ? folded(node) : node.outputs();
    }

    private boolean isFoldable(Node<?> node) {
        if (node.inputs().isEmpty() || node.flops() > MOST_FLOPS) {
            return false;
        }
        long before = 0;
        for (var in : node.inputs()) {
            boolean fill = in.node().op() == Movement.FILL && in.shape().size() <= SMALL;
            if (inputs.contains(in) || !in.isConst() && !fill) {
                return false;
            }
            before += in.isConst() ? in.shape().size() : 0;
        }
        long after = node.outputs().stream().mapToLong(v -> v.shape().size()).sum();
        return after <= Math.max(before, SMALL);
    }

    private static <A> List<Value> folded(Node<A> node) {
        var in = node.inputs().stream().map(FoldConstants::contents).toList();
        var out = node.outputs().stream().map(v -> Dense.zeros(v.type())).toList();
        node.op().reference(node.attrs(), in, out);
        var results = new ArrayList<Value>();
        out.forEach(y -> results.add(Leaf.constant(ConstData.of(y.type(), y.data()))));
        return results;
    }

    private static Dense contents(Value v) {
        if (v.isConst()) {
            return Leaf.data(v).dense();
        }
        var filled = Dense.zeros(v.type());
        Arrays.fill(filled.data(), ((Movement.Fill) v.node().attrs()).value());
        return filled;
    }
}
