package jane.compile;

import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Slicing;
import java.util.ArrayList;
import java.util.Collections;
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
 * <p>In G groups the patches are [N, G, C/G K L, H' W'] and the weight [1, G, O/G, C/G K L]. A
 * transposed convolution goes the other way: what the product gives for a tap is laid where the tap
 * is, and all are added up. Done before differentiation, so that both gradients are products too.
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
            var made = takes(fresh) ? List.of(products(fresh)) : fresh.outputs();
            for (int i = 0; i < made.size(); i++) {
                now.putIfAbsent(node.outputs().get(i), made.get(i));
            }
        }
        return results.stream().map(v -> now.getOrDefault(v, v)).toList();
    }

    /** Whether a node is such a convolution. */
    static boolean takes(Node<?> node) {
        return node.attrs() instanceof Convolution.Conv && !node.in(1).isConst();
    }

    /** Elements of the kernel. */
    static int taps(Node<?> node) {
        return size(node.in(1).shape(), 2);
    }

    /** The same as products. */
    static Value products(Node<?> node) {
        var simple = node.lower().get(0); // without a bias, say
        if (simple.node() != node) {
            return rewrite(List.of(simple), Set.copyOf(node.inputs())).get(0);
        }
        var a = (Convolution.Conv) node.attrs();
        return node.op() == Convolution.CONV ? ofPatches(node, a) : ofTaps(node, a);
    }

    private static Value ofPatches(Node<?> node, Convolution.Conv a) {
        var w = node.in(1).shape();
        var y = node.out().shape();
        int positions = size(y, 2);
        var x = Padding.pad(node.in(0), Convolution.padding(node), 0);
        var taps = new ArrayList<Value>();
        for (int tap = 0; tap < size(w, 2); tap++) {
            var windows = windows(x, tap, w, y, a);
            taps.add(Movement.reshape(windows, Shape.of(y.dim(0), x.shape().dim(1), 1, positions)));
        }
        var all = taps.size() == 1 ? taps.get(0) : Joining.concat(taps, 2);
        int inner = size(w, 1);
        var patches = Movement.reshape(all, matrices(y.dim(0), a, inner, positions));
        var weight = Movement.reshape(node.in(1), matrices(1, a, y.dim(1) / a.groups(), inner));
        return Movement.reshape(Contraction.matmul(weight, patches), y);
    }

    /** What a tap of the kernel sees of the padded image, window by window: [N, C, H', W']. */
    private static Value windows(Value x, int tap, Shape w, Shape y, Convolution.Conv a) {
        var begin = begin(tap, w, a);
        for (int axis = 2; axis < w.rank(); axis++) {
            int stride = a.strides().get(axis - 2);
            int end = begin.get(axis) + (y.dim(axis) - 1) * stride + 1;
            x = Slicing.slice(x, axis, begin.get(axis), end, stride);
        }
        return x;
    }

    private static Value ofTaps(Node<?> node, Convolution.Conv a) {
        var x = node.in(0).shape();
        var w = node.in(1).shape();
        int positions = size(x, 2);
        int inner = x.dim(1) / a.groups();
        var weight = Movement.reshape(node.in(1), matrices(1, a, inner, size(w, 1)));
        var image = Movement.reshape(node.in(0), matrices(x.dim(0), a, inner, positions));
        var product = Contraction.matmul(weight, image, true, false);
        int outputs = node.out().shape().dim(1);
        var all = Movement.reshape(product, Shape.of(x.dim(0), outputs, size(w, 2), positions));
        var whole = uncut(node.out().shape(), a);
        var y = laid(all, 0, node, whole);
        for (int tap = 1; tap < size(w, 2); tap++) {
            y = Elementwise.add(y, laid(all, tap, node, whole));
        }
        for (int i = 0; i < a.strides().size() && a.padType().equals("custom"); i++) {
            int begin = a.pad().get(2 * i);
            y = Slicing.slice(y, 2 + i, begin, begin + node.out().shape().dim(2 + i), 1);
        }
        return y;
    }

    /** A tap's part of the product where it belongs in the result, among zeros. */
    private static Value laid(Value all, int tap, Node<?> node, Shape whole) {
        var a = (Convolution.Conv) node.attrs();
        var x = node.in(0).shape();
        var begin = begin(tap, node.in(1).shape(), a);
        var end = new ArrayList<>(List.of(x.dim(0), whole.dim(1)));
        var stride = new ArrayList<>(List.of(1, 1));
        for (int axis = 2; axis < x.rank(); axis++) {
            stride.add(a.strides().get(axis - 2));
            end.add(begin.get(axis) + (x.dim(axis) - 1) * stride.get(axis) + 1);
        }
        var place = new Slicing.Slice(begin, end, stride);
        return Slicing.spread(Slicing.slice(all, 2, tap, tap + 1, 1), place, whole);
    }

    /** A transposed convolution's result with what its padding cuts off. */
    private static Shape uncut(Shape y, Convolution.Conv a) {
        var dims = y.toArray();
        for (int i = 0; i < a.strides().size() && a.padType().equals("custom"); i++) {
            dims[2 + i] += a.pad().get(2 * i) + a.pad().get(2 * i + 1);
        }
        return Shape.of(dims);
    }

    /** Where a tap begins on each axis of the padded image. */
    private static List<Integer> begin(int tap, Shape w, Convolution.Conv a) {
        var begin = new ArrayList<>(Collections.nCopies(w.rank(), 0));
        for (int axis = w.rank() - 1; axis >= 2; axis--) {
            begin.set(axis, tap % w.dim(axis) * a.dilations().get(axis - 2));
            tap /= w.dim(axis);
        }
        return begin;
    }

    private static int size(Shape shape, int from) {
        return shape.slice(from, shape.rank()).size();
    }

    /** One matrix for a sample, or one for each group of it. */
    private static Shape matrices(int batch, Convolution.Conv a, int rows, int columns) {
        return a.groups() > 1
                ? Shape.of(batch, a.groups(), rows, columns)
                : Shape.of(batch, rows, columns);
    }
}
