package jane.compile;

import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Joining;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Slicing;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Convolutions whose weight is no constant as products of matrices: the Neural Engine takes a
 * weight that changes in a matmul, but in a conv for a batch of one at most.
 *
 * <pre>
 * x [N, C, H, W], w [O, C, K, L] -> conv -> y [N, O, H', W']
 *
 * x -> pad -> one slice per tap -> stack [N, C, K L, H' W'] -> reshape [N, C K L, H' W'] \
 *                                                      w -> reshape [1, O, C K L] -> matmul -> y
 * </pre>
 *
 * <p>Done before differentiation, so that both gradients are products too. Convolutions in groups,
 * with a bias, or over one or three image axes are left as they are.
 */
public final class TrainableConvolution {
    private TrainableConvolution() {}

    /**
     * The values with such convolutions replaced.
     *
     * @param known values to begin at, as if they were placeholders
     */
    public static List<Value> rewrite(List<Value> results, Set<Value> known) {
        Map<Value, Value> now = new IdentityHashMap<>();
        for (var node : Topology.order(results, known)) {
            var inputs = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
            var fresh = inputs.equals(node.inputs()) ? node : node.withInputs(inputs);
            var made = isTrainable(fresh) ? List.of(products(fresh)) : fresh.outputs();
            for (int i = 0; i < made.size(); i++) {
                now.putIfAbsent(node.outputs().get(i), made.get(i));
            }
        }
        return results.stream().map(v -> now.getOrDefault(v, v)).toList();
    }

    private static boolean isTrainable(Node<?> node) {
        return node.op() == Convolution.CONV
                && node.attrs() instanceof Convolution.Conv a
                && a.groups() == 1
                && node.inputs().size() == 2
                && node.out().shape().rank() == 4
                && !node.in(1).isConst()
                && (a.padType().equals("custom") || a.padType().equals("valid"));
    }

    private static Value products(Node<?> node) {
        var a = (Convolution.Conv) node.attrs();
        var w = node.in(1).shape();
        var y = node.out().shape();
        var x = a.padType().equals("custom") ? Padding.pad(node.in(0), a.pad(), 0) : node.in(0);
        int positions = y.dim(2) * y.dim(3);
        var taps = new ArrayList<Value>();
        for (int i = 0; i < w.dim(2); i++) {
            for (int j = 0; j < w.dim(3); j++) {
                var rows = window(x, 2, i * a.dilations().get(0), a.strides().get(0), y.dim(2));
                var tap = window(rows, 3, j * a.dilations().get(1), a.strides().get(1), y.dim(3));
                taps.add(Movement.reshape(tap, Shape.of(y.dim(0), w.dim(1), 1, positions)));
            }
        }
        int inner = w.dim(1) * taps.size();
        var all = taps.size() == 1 ? taps.get(0) : Joining.concat(taps, 2);
        var patches = Movement.reshape(all, Shape.of(y.dim(0), inner, positions));
        var weight = Movement.reshape(node.in(1), Shape.of(1, y.dim(1), inner));
        return Movement.reshape(Contraction.matmul(weight, patches), y);
    }

    private static Value window(Value x, int axis, int begin, int stride, int count) {
        int end = begin + (count - 1) * stride + 1;
        boolean all = begin == 0 && stride == 1 && end == x.shape().dim(axis);
        return all ? x : Slicing.slice(x, axis, begin, end, stride);
    }
}
