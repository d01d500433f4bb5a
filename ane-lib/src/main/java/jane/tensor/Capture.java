package jane.tensor;

import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the tensors that others are made of. */
public final class Capture {
    /** A tensor and the graph value that stood for it when it was used. */
    public record Leaf(Tensor tensor, Value value) {}

    private Capture() {}

    /**
     * Everything {@code tensors} are made of that is not itself made of something tracked:
     * parameters, data and placeholders, each once, in the order of first use.
     */
    public static List<Leaf> leaves(List<Tensor> tensors) {
        return walk(tensors, t -> t.links().isEmpty() || !t.isTracked() && t.isComputed());
    }

    /** What must be known to compute {@code tensors}: their nearest computed ancestors. */
    static List<Leaf> pending(List<Tensor> tensors) {
        return walk(tensors, t -> t.links().isEmpty() || t.isComputed());
    }

    private static List<Leaf> walk(List<Tensor> tensors, Predicate<Tensor> stop) {
        Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        var leaves = new ArrayList<Leaf>();
        var stack = new ArrayDeque<Leaf>();
        tensors.forEach(t -> stack.add(new Leaf(t, t.value())));
        while (!stack.isEmpty()) {
            var next = stack.poll();
            if (!seen.add(next.value())) {
                continue;
            }
            if (stop.test(next.tensor())) {
                leaves.add(next);
            } else {
                stack.addAll(next.tensor().links());
            }
        }
        return leaves;
    }
}
