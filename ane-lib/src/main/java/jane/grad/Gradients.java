package jane.grad;

import jane.ir.ShapeException;
import jane.ir.Value;
import jane.op.Movement;
import jane.op.Reverse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reverse mode: the graph of the gradients from the graph of a value. The result is made of
 * ordinary nodes, so it can be printed, compiled, and differentiated again.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * The gradients of a scalar.
     *
     * @param y one element, float
     * @param xs values that y may depend on; where it does not, the gradient is zeros
     * @return one value per x, of its shape
     */
    public static List<Value> of(Value y, List<Value> xs) {
        if (y.shape().size() != 1) {
            throw new ShapeException(
                    "gradient",
                    "the value to differentiate has shape %s; need one element: take its mean() or"
                            + " sum() first",
                    y.shape());
        }
        return of(y, Movement.fill(y.type(), 1), xs);
    }

    /**
     * Vector-Jacobian products: the gradients of {@code sum(dy * y)}.
     *
     * @param dy cotangent of y, of its type
     */
    public static List<Value> of(Value y, Value dy, List<Value> xs) {
        if (!y.dtype().isFloat() || !dy.type().equals(y.type())) {
            throw new ShapeException(
                    "gradient",
                    "value %s with cotangent %s; need one float type",
                    y.type(),
                    dy.type());
        }
        for (var x : xs) {
            if (!x.dtype().isFloat()) {
                throw new ShapeException(
                        "gradient",
                        "cannot differentiate by a value of %s; need fp16 or fp32",
                        x.type());
            }
        }
        var found = Reverse.run(List.of(y), List.of(dy), xs, Set.of());
        var gradients = new ArrayList<Value>();
        for (int i = 0; i < xs.size(); i++) {
            var x = xs.get(i);
            gradients.add(found.get(i).orElseGet(() -> Movement.fill(x.type(), 0)));
        }
        return gradients;
    }
}
