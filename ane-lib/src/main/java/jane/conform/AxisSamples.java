package jane.conform;

import jane.ir.DType;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Attention;
import jane.op.Contraction;
import jane.op.Einsum;
import jane.op.Likeness;
import jane.op.Losses;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
                        Reductions.REDUCE_MIN,
                        Reductions.REDUCE_SUM_SQUARE,
                        Reductions.REDUCE_L1_NORM,
                        Reductions.REDUCE_L2_NORM,
                        Reductions.REDUCE_LOG_SUM_EXP)) {
            all.put(op, d -> reduce(d, op, Draw.Kind.ANY));
        }
        for (var op : List.of(Reductions.REDUCE_PROD, Reductions.REDUCE_LOG_SUM)) {
            all.put(op, d -> reduce(d, op, Draw.Kind.POSITIVE));
        }
        all.put(Activations.SOFTMAX, AxisSamples::softmax);
        all.put(Movement.FILL, AxisSamples::fill);
        all.put(Likeness.FILL_LIKE, AxisSamples::fillLike);
        all.put(Likeness.RESHAPE_LIKE, AxisSamples::reshapeLike);
        all.put(Likeness.FLATTEN2D, AxisSamples::flatten);
        all.put(Movement.RESHAPE, AxisSamples::reshape);
        all.put(Movement.TRANSPOSE, AxisSamples::transpose);
        all.put(Movement.EXPAND_DIMS, AxisSamples::expandDims);
        all.put(Movement.SQUEEZE, AxisSamples::squeeze);
        all.put(Contraction.MATMUL, AxisSamples::matmul);
        all.put(Contraction.LINEAR, AxisSamples::linear);
        all.put(Einsum.EINSUM, AxisSamples::einsum);
        all.put(Attention.SDPA, AxisSamples::attention);
        all.put(Losses.CROSS_ENTROPY, AxisSamples::crossEntropy);
    }

    private static Node<?> reduce(Draw d, Op<Reductions.Axes> op, Draw.Kind kind) {
        var x = d.input(new TensorType(d.floats(), d.shape(1, 5)), kind);
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

    private static Node<?> fillLike(Draw d) {
        var like = d.input(d.numbers(), d.shape(0, 5));
        var attrs = new Likeness.FillLike(d.floats(), d.pick(0.0, 1.0, -0.5, 0.1, 3e4));
        return Node.of(Likeness.FILL_LIKE, attrs, List.of(like));
    }

    /** The shape of x in one to three parts, each from a tensor that has more dimensions. */
    private static Node<?> reshapeLike(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 3));
        var wanted = new ArrayList<>(x.shape().toList());
        if (d.chance(0.5)) {
            wanted.add(d.between(0, wanted.size()), 1);
        }
        var inputs = new ArrayList<>(List.of(x));
        var begins = new ArrayList<Integer>();
        var ends = new ArrayList<Integer>();
        var masks = new ArrayList<Boolean>();
        for (int from = 0; inputs.size() == 1 || from < wanted.size(); ) {
            int to = d.between(from, wanted.size());
            int before = d.between(0, 1);
            int after = d.between(0, 1 - before);
            var dims = new ArrayList<>(Collections.nCopies(before, 2));
            dims.addAll(wanted.subList(from, to));
            dims.addAll(Collections.nCopies(after, 1));
            boolean open = after == 0 && d.chance(0.5);
            boolean fromBack = before < dims.size() && d.chance(0.3);
            begins.add(fromBack ? before - dims.size() : before);
            ends.add(open ? d.between(-1, 9) : before + to - from);
            masks.add(open);
            inputs.add(d.input(d.numbers(), Shape.of(dims)));
            from = to;
        }
        var attrs = new Likeness.Ranges(begins, ends, masks);
        return Node.of(Likeness.RESHAPE_LIKE, attrs, inputs);
    }

    private static Node<?> flatten(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 5));
        int rank = x.shape().rank();
        int axis = d.chance(0.1) ? rank : d.axis(d.between(0, rank - 1), rank);
        return Node.of(Likeness.FLATTEN2D, new Likeness.Flatten(axis), List.of(x));
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

    private static Node<?> expandDims(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 3));
        int rank = x.shape().rank() + d.between(1, 2);
        var axes = new ArrayList<Integer>();
        for (int axis : d.permutation(rank).subList(0, rank - x.shape().rank())) {
            axes.add(d.axis(axis, rank));
        }
        return Node.of(Movement.EXPAND_DIMS, new Movement.AxisList(axes), List.of(x));
    }

    private static Node<?> squeeze(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 5));
        int rank = x.shape().rank();
        var axes = new ArrayList<Integer>();
        for (int axis = 0; axis < rank; axis++) {
            if (d.chance(x.shape().dim(axis) == 1 ? 0.8 : 0.1)) {
                axes.add(d.axis(axis, rank));
            }
        }
        return Node.of(Movement.SQUEEZE, new Movement.AxisList(axes), List.of(x));
    }

    private static Node<?> matmul(Draw d) {
        return d.chance(0.15) ? matmulOfVectors(d) : matmulOfMatrices(d);
    }

    private static Node<?> matmulOfVectors(Draw d) {
        int k = part(d, d.limit());
        int other = part(d, d.limit() / Math.max(1, k));
        boolean left = d.chance(0.7);
        boolean right = !left || d.chance(0.3);
        var dtype = d.floats();
        var x = d.input(dtype, left ? Shape.of(k) : Shape.of(other, k));
        var y = d.input(dtype, right ? Shape.of(k) : Shape.of(k, other));
        return Node.of(Contraction.MATMUL, new Contraction.Transposed(false, false), List.of(x, y));
    }

    private static Node<?> matmulOfMatrices(Draw d) {
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

    private static Node<?> linear(Draw d) {
        var dtype = d.floats();
        var x = d.input(dtype, d.shape(1, 4));
        int in = x.shape().dim(-1);
        int rows = x.shape().size() / Math.max(1, in);
        int out = part(d, Math.min(d.limit() / Math.max(1, rows), d.limit() / Math.max(1, in)));
        var inputs = new ArrayList<>(List.of(x, d.input(dtype, Shape.of(out, in))));
        d.maybe(inputs, dtype, Shape.of(out));
        return Node.of(Contraction.LINEAR, NoAttrs.NONE, inputs);
    }

    private static Node<?> einsum(Draw d) {
        var equation =
                d.pick(
                        "nchw,nwhu->nchu",
                        "chw,whr->chr",
                        "ij,jk->ik",
                        "ij,kj->ki",
                        "bij,bjk->bik",
                        "i,j->ij",
                        "ij,ij->",
                        "abc,cb->a",
                        "ab,b->a",
                        "bhqd,bhkd->bhqk");
        var dtype = d.floats();
        var dims = new HashMap<Integer, Integer>();
        equation.chars().forEach(c -> dims.put(c, d.pick(1, 2, 3, d.smooth() ? 2 : 5)));
        var parts = equation.split("[,>-]+");
        var inputs = new ArrayList<Value>();
        for (int i = 0; i < 2; i++) {
            inputs.add(d.input(dtype, Shape.of(parts[i].chars().mapToObj(dims::get).toList())));
        }
        return Node.of(Einsum.EINSUM, new Einsum.Equation(equation), inputs);
    }

    private static Node<?> attention(Draw d) {
        var batch = d.chance(0.5) ? List.of(d.between(1, 2)) : List.of(1, d.between(1, 3));
        int length = d.pick(1, 2, 3);
        int sources = d.between(1, 4);
        var q = shape(batch, d.between(1, 4), length);
        var dtype = d.floats();
        var inputs = new ArrayList<Value>();
        inputs.add(d.input(dtype, q));
        inputs.add(d.input(dtype, shape(batch, sources, length)));
        inputs.add(d.input(dtype, shape(batch, sources, d.pick(1, 2, 5))));
        if (d.chance(0.3)) {
            inputs.add(d.input(dtype, d.narrowed(q.with(-1, sources))));
        } else if (d.chance(0.4)) {
            var mask = new TensorType(DType.BOOL, q.with(-1, sources));
            inputs.add(
                    d.placeholder(mask, i -> i % sources == 0 ? 1 : i % 3)); // each row keeps one
        }
        return Node.of(Attention.SDPA, NoAttrs.NONE, inputs);
    }

    private static Shape shape(List<Integer> batch, int... rest) {
        var dims = new ArrayList<>(batch);
        for (int d : rest) {
            dims.add(d);
        }
        return Shape.of(dims);
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
