package jane.op;

import jane.ir.DType;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of the ops that treat axes differently: reductions, movement, products, losses. */
final class AxisSamples {
    private AxisSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        for (var op :
                List.of(
                        Reductions.REDUCE_SUM,
                        Reductions.REDUCE_MEAN,
                        Reductions.REDUCE_MAX,
                        Reductions.REDUCE_MIN)) {
            all.put(op, d -> reduce(d, op));
        }
        all.put(Activations.SOFTMAX, AxisSamples::softmax);
        all.put(Movement.FILL, AxisSamples::fill);
        all.put(Movement.RESHAPE, AxisSamples::reshape);
        all.put(Movement.TRANSPOSE, AxisSamples::transpose);
        all.put(Movement.SLICE, AxisSamples::slice);
        all.put(Movement.CONCAT, AxisSamples::concat);
        all.put(Movement.PAD, AxisSamples::pad);
        all.put(Indexing.GATHER, AxisSamples::gather);
        all.put(Indexing.SCATTER, AxisSamples::scatter);
        all.put(Contraction.MATMUL, AxisSamples::matmul);
        all.put(Losses.CROSS_ENTROPY, AxisSamples::crossEntropy);
    }

    private static Node<?> reduce(Draw d, Op<Reductions.Axes> op) {
        var x = d.input(d.floats(), d.shape(1, 5));
        int rank = x.shape().rank();
        var axes = new ArrayList<Integer>();
        for (int axis : d.permutation(rank).subList(0, d.between(1, rank))) {
            axes.add(d.axis(axis, rank));
        }
        return Node.of(op, new Reductions.Axes(axes, d.chance(0.5)), List.of(x));
    }

    private static Node<?> softmax(Draw d) {
        var x = d.input(d.floats(), d.shape(1, 5));
        int rank = x.shape().rank();
        int axis = d.axis(d.between(0, rank - 1), rank);
        return Node.of(Activations.SOFTMAX, new Activations.Axis(axis), List.of(x));
    }

    private static Node<?> fill(Draw d) {
        var type = new TensorType(d.floats(), d.shape(1, 5));
        double value = type.dtype().round(d.pick(0.0, 1.0, -0.5, 0.1, 3e4));
        return Node.of(Movement.FILL, new Movement.Fill(type, value), List.of());
    }

    private static Node<?> reshape(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        var dims = new ArrayList<Integer>();
        int rest = x.shape().size();
        for (int divisor : List.of(257, 17, 13, 7, 5, 3, 2)) {
            if (rest > 0 && rest % divisor == 0 && dims.size() < 3 && d.chance(0.6)) {
                dims.add(divisor);
                rest /= divisor;
            }
        }
        if (rest != 1 || d.chance(0.5)) {
            dims.add(d.between(0, dims.size()), rest);
        }
        if (d.chance(0.3)) {
            dims.add(d.between(0, dims.size()), 1);
        }
        if (!dims.isEmpty() && rest > 0 && d.chance(0.25)) {
            dims.set(d.between(0, dims.size() - 1), -1);
        }
        return Node.of(Movement.RESHAPE, new Movement.Dims(dims), List.of(x));
    }

    private static Node<?> transpose(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        int rank = x.shape().rank();
        var perm = d.permutation(rank).stream().map(axis -> d.axis(axis, rank)).toList();
        return Node.of(Movement.TRANSPOSE, new Movement.Dims(perm), List.of(x));
    }

    private static Node<?> slice(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        var begin = new ArrayList<Integer>();
        var end = new ArrayList<Integer>();
        var stride = new ArrayList<Integer>();
        for (int dim : x.shape().toList()) {
            int from = d.chance(0.4) ? 0 : d.between(0, dim);
            begin.add(from);
            end.add(d.chance(0.5) ? dim : d.between(Math.min(dim, from + 1), dim));
            stride.add(d.chance(0.5) ? 1 : d.between(1, 4));
        }
        return Node.of(Movement.SLICE, new Movement.Slice(begin, end, stride), List.of(x));
    }

    private static Node<?> concat(Draw d) {
        var dtype = d.numbers();
        var shape = d.shape(1, 5);
        int axis = d.between(0, shape.rank() - 1);
        boolean interleave = d.chance(0.4);
        int count = shape.size() > 700 ? 2 : d.between(1, 4);
        var values = new ArrayList<Value>();
        for (int i = 0; i < count; i++) {
            int length = interleave || shape.size() > 700 ? shape.dim(axis) : d.between(0, 4);
            values.add(d.input(dtype, shape.with(axis, length)));
        }
        var attrs = new Movement.Concat(d.axis(axis, shape.rank()), interleave);
        return Node.of(Movement.CONCAT, attrs, values);
    }

    private static Node<?> pad(Draw d) {
        var x = d.input(d.floats(), d.shape(1, 4));
        int covered = d.between(1, x.shape().rank());
        int most = x.shape().size() > 300 ? 1 : 3;
        var amounts = new ArrayList<Integer>();
        for (int i = 0; i < 2 * covered; i++) {
            amounts.add(d.chance(0.4) ? 0 : d.between(0, most));
        }
        double value = d.pick(0.0, 0.0, -1.5, 2.0, d.smooth() ? 0.5 : Double.NEGATIVE_INFINITY);
        return Node.of(Movement.PAD, new Movement.Pad(amounts, "constant", value), List.of(x));
    }

    private static Node<?> gather(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        int rank = x.shape().rank();
        int axis = d.between(0, rank - 1);
        int size = x.shape().dim(axis);
        int room = d.limit() / Math.max(1, x.shape().with(axis, 1).size());
        var dims = new ArrayList<Integer>();
        for (int i = d.between(0, 2); i > 0; i--) {
            dims.add(part(d, room));
            room /= Math.max(1, dims.get(dims.size() - 1));
        }
        var shape = Shape.of(dims);
        shape = size == 0 && shape.size() > 0 ? Shape.of(0) : shape;
        var indices = d.indices(shape, size);
        var attrs = new Indexing.Gather(d.axis(axis, rank), 0, d.chance(0.3));
        return Node.of(Indexing.GATHER, attrs, List.of(x, indices));
    }

    private static Node<?> scatter(Draw d) {
        var dtype = d.numbers();
        var data = d.input(dtype, d.shape(1, 4));
        int rank = data.shape().rank();
        int axis = d.between(0, rank - 1);
        int size = data.shape().dim(axis);
        int room = d.limit() / Math.max(1, data.shape().with(axis, 1).size());
        var shape = Shape.of(size == 0 ? 0 : part(d, room));
        var indices = d.indices(shape, size);
        var updates = d.input(dtype, data.shape().with(axis, shape.size()));
        var attrs = new Indexing.Scatter(d.axis(axis, rank), "add", d.chance(0.3));
        return Node.of(Indexing.SCATTER, attrs, List.of(data, indices, updates));
    }

    private static Node<?> matmul(Draw d) {
        boolean tx = d.chance(0.4);
        boolean ty = d.chance(0.4);
        var batch = d.chance(0.5) ? Shape.SCALAR : batch(d);
        int room = d.limit() / Math.max(1, batch.size());
        int m = part(d, room);
        int k = part(d, room / Math.max(1, m));
        int n = part(d, Math.min(room / Math.max(1, m), room / Math.max(1, k)));
        boolean whole = d.chance(0.5);
        var xs = new ArrayList<>((whole ? batch : d.narrowed(batch)).toList());
        xs.addAll(tx ? List.of(k, m) : List.of(m, k));
        var ys = new ArrayList<>((whole ? d.narrowed(batch) : batch).toList());
        ys.addAll(ty ? List.of(n, k) : List.of(k, n));
        var dtype = d.floats();
        var x = d.input(dtype, Shape.of(xs));
        var y = d.input(dtype, Shape.of(ys));
        return Node.of(Contraction.MATMUL, new Contraction.Transposed(tx, ty), List.of(x, y));
    }

    private static Shape batch(Draw d) {
        var dims = new ArrayList<Integer>();
        int rank = d.between(1, 3);
        for (int i = 0; i < rank; i++) {
            dims.add(d.chance(0.03) ? 0 : d.between(1, 3));
        }
        return Shape.of(dims);
    }

    private static int part(Draw d, int room) {
        int size = d.size();
        return size <= room ? size : d.between(1, Math.max(1, Math.min(room, 4)));
    }

    private static Node<?> crossEntropy(Draw d) {
        var shape = d.shape(1, 4);
        shape = shape.dim(-1) == 0 ? shape.with(-1, 3) : shape;
        DType dtype = d.floats();
        var logits = d.input(dtype, shape);
        var target = d.input(new TensorType(dtype, shape), Draw.Kind.PROBABILITY);
        return Node.of(Losses.CROSS_ENTROPY, NoAttrs.NONE, List.of(logits, target));
    }
}
