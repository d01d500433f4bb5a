package jane.tensor;

import jane.compile.Recompute;
import jane.grad.Gradients;
import jane.ir.JaneException;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Gradients as pure functions. */
public final class Grad {
    /** A function's value and its gradients, one per argument. */
    public record ValueAndGrad(Tensor value, List<Tensor> gradients) {}

    private Grad() {}

    /**
     * Gradients of a scalar with respect to leaves it was made from; ordinary tensors, which can be
     * differentiated again.
     *
     * @param xs leaves: tensors from {@code requiresGrad()}, or parameters
     */
    public static List<Tensor> of(Tensor y, List<? extends Tensor> xs) {
        return of(y, xs, Set.of());
    }

    /**
     * As {@link #of(Tensor, List)}, keeping only some of the values that y was made of, and
     * computing the others again where a gradient reads them: see {@link Recompute}.
     *
     * @param kept values on the way to y; none of them to keep everything
     */
    public static List<Tensor> of(Tensor y, List<? extends Tensor> xs, Set<Value> kept) {
        var leaves = Capture.leaves(List.of(y));
        var values = new ArrayList<Value>();
        for (var x : xs) {
            var leaf = x.operand();
            if (!leaf.isTracked() || !leaf.links().isEmpty()) {
                throw new JaneException(
                        "gradient",
                        "%s is not a leaf that wants a gradient; need a Parameter or the result of"
                                + " requiresGrad()",
                        leaf.type());
            }
            values.add(leaf.value());
        }
        var gradients = Gradients.of(y.value(), values);
        if (!kept.isEmpty()) {
            var known = new HashSet<Value>();
            leaves.forEach(leaf -> known.add(leaf.value()));
            gradients = Recompute.rewrite(gradients, kept, known);
        }
        var links = new ArrayList<>(leaves);
        return gradients.stream().map(g -> new Tensor(g, List.copyOf(links), true)).toList();
    }

    /** A function's value and its gradients at {@code arguments}, which stay as they are. */
    public static ValueAndGrad valueAndGrad(
            Function<List<Tensor>, Tensor> f, List<? extends Tensor> arguments) {
        List<Tensor> leaves = arguments.stream().map(Tensor::requiresGrad).toList();
        var y = f.apply(leaves);
        return new ValueAndGrad(y, of(y, leaves));
    }

    /** The gradient of a function of one tensor. */
    public static Function<Tensor, Tensor> grad(Function<Tensor, Tensor> f) {
        return x -> {
            // A tracked argument is used as it is, so that grad(grad(f)) sees through.
            if (x.isTracked() && x.operand().links().isEmpty()) {
                return of(f.apply(x), List.of(x)).get(0);
            }
            var leaf = x.requiresGrad();
            return of(f.apply(leaf), List.of(leaf)).get(0);
        };
    }
}
