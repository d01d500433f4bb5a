package jane.engine.cpu;

import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * In which order of axes a result lies. A reshape of a transposed value has to copy it, as when the
 * heads of attention are joined, unless the value is computed in the transposed order to begin
 * with: products and fused kernels write any strides.
 *
 * <pre>
 * y = matmul(p, v)       (B, heads, T, E), strides as of (B, T, heads, E)
 * t = transpose(y)       (B, T, heads, E), dense
 * r = reshape(t)         (B, T, heads * E), the same memory
 * </pre>
 */
final class Layouts {
    private final Map<Value, List<Node<?>>> readers = new IdentityHashMap<>();
    private final Set<Value> outputs = new HashSet<>(); // values compare by identity

    Layouts(Graph graph) {
        for (var node : graph.nodes()) {
            for (var in : node.inputs()) {
                readers.computeIfAbsent(in, v -> new ArrayList<>()).add(node);
            }
        }
        graph.outputs().forEach(p -> outputs.add(p.value()));
    }

    /** Memory for {@code value}, dense in the order of axes that saves a copy, if there is one. */
    View of(Value value, Function<TensorType, View> fresh) {
        boolean free =
                (value.node().op() == Contraction.MATMUL || PlanNodes.fuses(value.node()))
                        && value.shape().size() > 0
                        && !outputs.contains(value)
                        && readersOf(value).stream().noneMatch(n -> n.op() == Movement.RESHAPE);
        return (free ? transposed(value) : Optional.<Node<?>>empty())
                .map(t -> fresh.apply(t.out().type()).transpose(inverse(perm(t))))
                .orElseGet(() -> fresh.apply(value.type()));
    }

    /** The transposition of {@code value} that a reshape would have to copy. */
    private Optional<Node<?>> transposed(Value value) {
        var dense = View.dense(Storage.scratch(0, value.type()));
        for (var reader : readersOf(value)) {
            if (reader.op() != Movement.TRANSPOSE) {
                continue;
            }
            var view = dense.transpose(perm(reader));
            for (var next : readersOf(reader.out())) {
                if (next.op() == Movement.RESHAPE
                        && view.reshape(next.out().shape().toArray()).isEmpty()) {
                    return Optional.of(reader);
                }
            }
        }
        return Optional.empty();
    }

    private List<Node<?>> readersOf(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    private static int[] perm(Node<?> transpose) {
        var shape = transpose.in(0).shape();
        return ((Movement.Dims) transpose.attrs())
                .dims().stream().mapToInt(p -> shape.axis(p, "transpose")).toArray();
    }

    private static int[] inverse(int[] perm) {
        var inverse = new int[perm.length];
        for (int i = 0; i < perm.length; i++) {
            inverse[perm[i]] = i;
        }
        return inverse;
    }
}
