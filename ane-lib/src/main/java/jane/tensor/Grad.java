package jane.tensor;

import jane.compile.Recompute;
import jane.compile.ScaleLoss;
import jane.grad.Gradients;
import jane.ir.JaneException;
import jane.ir.Value;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
        return of(y, xs, kept, Optional.empty());
    }

    /**
     * As {@link #of(Tensor, List, Set)}, with the loss scaled on the way: see {@link ScaleLoss}.
     *
     * @param scale of the type of y
     */
    public static List<Tensor> scaled(
            Tensor y, List<? extends Tensor> xs, Set<Value> kept, Tensor scale) {
        return of(y, xs, kept, Optional.of(scale));
    }

    private static List<Tensor> of(
            Tensor y, List<? extends Tensor> xs, Set<Value> kept, Optional<Tensor> scale) {
        var made = new ArrayList<>(List.of(y));
        scale.ifPresent(made::add);
        var leaves = Capture.leaves(made);
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
        var known = new HashSet<Value>(); // values compare by identity
        leaves.forEach(leaf -> known.add(leaf.value()));
        List<Value> gradients;
        if (scale.isPresent()) {
            var one = Movement.fill(y.type(), 1);
            var plain = Gradients.of(y.value(), one, values);
            gradients = ScaleLoss.rewrite(plain, one, scale.get().value(), known);
        } else {
            gradients = Gradients.of(y.value(), values);
        }
        if (!kept.isEmpty()) {
            gradients = Recompute.rewrite(gradients, kept, known);
        }
        var links = List.copyOf(leaves);
        return gradients.stream().map(g -> new Tensor(g, links, true)).toList();
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
