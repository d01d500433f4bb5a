package jane.compile;

import jane.ir.Node;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradient checkpointing: gradients that read no forward value but a few kept ones, and compute the
 * others again from these. The numbers are the same to the bit; memory is traded for time.
 *
 * <pre>
 * before:  x -> a -> b -> kept -> ... -> loss         da reads a, db reads b
 * after:   x -> a -> b -> kept -> ... -> loss         x -> identity -> a' -> b', da reads a', ...
 * </pre>
 *
 * <p>The identity keeps {@code a'} apart from {@code a}, which else would be shared, as equal nodes
 * are. Source: Chen et al., "Training deep nets with sublinear memory cost", 2016.
 */
public final class Recompute {
    private final Set<Value> kept;
    private final Set<Value> cut;
    private final Set<Value> forward = new HashSet<>(); // values compare by identity
    private final Map<Value, Value> again = new HashMap<>();
    private final Map<Value, Value> now = new HashMap<>();

    private Recompute(Set<Value> kept, Set<Value> leaves) {
        this.kept = kept;
        cut = new HashSet<>(leaves);
        cut.addAll(kept);
        for (var node : Topology.order(List.copyOf(kept), leaves)) {
            if (!node.out().isConst()) {
                forward.addAll(node.outputs());
            }
        }
    }

    /**
     * The gradients rewritten.
     *
     * @param kept forward values that are not computed again; what lies behind none of them, such
     *     as the loss after the last, is not either
     * @param leaves inputs of the graph
     */
    public static List<Value> rewrite(List<Value> gradients, Set<Value> kept, Set<Value> leaves) {
        return new Recompute(kept, leaves).run(gradients, leaves);
    }

    private List<Value> run(List<Value> gradients, Set<Value> leaves) {
        for (var node : Topology.order(gradients, leaves)) {
            if (forward.containsAll(node.outputs()) || node.out().isConst()) {
                continue;
            }
            var inputs = node.inputs().stream().map(this::read).toList();
            var fresh = inputs.equals(node.inputs()) ? node : node.withInputs(inputs);
            for (int i = 0; i < fresh.outputs().size(); i++) {
                now.put(node.outputs().get(i), fresh.outputs().get(i));
            }
        }
        return gradients.stream().map(this::read).toList();
    }

    /** What a gradient reads in the place of a value. */
    private Value read(Value v) {
        if (!forward.contains(v) || kept.contains(v)) {
            return now.getOrDefault(v, v);
        }
        for (var node : Topology.order(List.of(v), cut)) {
            if (!node.out().isConst() && !again.containsKey(node.out())) {
                repeat(node);
            }
        }
        return again.get(v);
    }

    private void repeat(Node<?> node) {
        var inputs = new ArrayList<Value>();
        for (var in : node.inputs()) {
            if (kept.contains(in)) {
                again.computeIfAbsent(in, Elementwise::identity);
            }
            inputs.add(again.getOrDefault(in, in));
        }
        var fresh = node.withInputs(inputs);
        for (int i = 0; i < fresh.outputs().size(); i++) {
            again.put(node.outputs().get(i), fresh.outputs().get(i));
        }
    }
}
