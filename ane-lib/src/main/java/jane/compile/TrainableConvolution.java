package jane.compile;

import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Broadcasting;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
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
 * x -> pad -> one slice per tap -> concat [N, C, K L, H' W'] -> reshape [N, C K L, H' W'] \
 *                                                       w -> reshape [1, O, C K L] -> matmul -> y
 * </pre>
 *
 * <p>In G groups the patches are [N, G, C/G K L, H' W'] and the weight [1, G, O/G, C/G K L]. Done
 * before differentiation, so that both gradients are products too. Transposed convolutions are left
 * as they are.
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
            boolean trainable = node.op() == Convolution.CONV && !fresh.in(1).isConst();
            var made = trainable ? List.of(products(fresh)) : fresh.outputs();
            for (int i = 0; i < made.size(); i++) {
                now.putIfAbsent(node.outputs().get(i), made.get(i));
            }
        }
        return results.stream().map(v -> now.getOrDefault(v, v)).toList();
    }

    private static Value products(Node<?> node) {
        var a = (Convolution.Conv) node.attrs();
        var w = node.in(1).shape();
        var y = node.out().shape();
        int positions = y.slice(2, y.rank()).size();
        int inner = w.slice(1, w.rank()).size();
        var x = Padding.pad(node.in(0), Convolution.padding(node), 0);
        var taps = new ArrayList<Value>();
        for (int tap = 0; tap < w.slice(2, w.rank()).size(); tap++) {
            var windows = windows(x, tap, w, y, a);
            taps.add(Movement.reshape(windows, Shape.of(y.dim(0), x.shape().dim(1), 1, positions)));
        }
        var all = taps.size() == 1 ? taps.get(0) : Joining.concat(taps, 2);
        boolean grouped = a.groups() > 1;
        var patches = dims(y.dim(0), a.groups(), inner, positions, grouped);
        var weight = dims(1, a.groups(), y.dim(1) / a.groups(), inner, grouped);
        var product =
                Contraction.matmul(
                        Movement.reshape(node.in(1), weight), Movement.reshape(all, patches));
        var result = Movement.reshape(product, y);
        return node.inputs().size() < 3
                ? result
                : Elementwise.add(result, Broadcasting.alongChannels(node.in(2), y));
    }

    private static Shape dims(int batch, int groups, int rows, int columns, boolean grouped) {
        return grouped ? Shape.of(batch, groups, rows, columns) : Shape.of(batch, rows, columns);
    }

    /** What a tap of the kernel sees of the padded image, window by window: [N, C, H', W']. */
    private static Value windows(Value x, int tap, Shape w, Shape y, Convolution.Conv a) {
        for (int axis = w.rank() - 1; axis >= 2; axis--) {
            int at = tap % w.dim(axis) * a.dilations().get(axis - 2);
            tap /= w.dim(axis);
            int stride = a.strides().get(axis - 2);
            int end = at + (y.dim(axis) - 1) * stride + 1;
            boolean all = at == 0 && stride == 1 && end == x.shape().dim(axis);
            x = all ? x : Slicing.slice(x, axis, at, end, stride);
        }
        return x;
    }
}
