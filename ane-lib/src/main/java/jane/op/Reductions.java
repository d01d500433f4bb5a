package jane.op;

import jane.ir.Dense;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** Sums, means and extremes over axes. Shapes: the reduced axes become 1, or go. */
public final class Reductions {
    /** Axes to reduce (negative counts from the end) and whether they stay with length 1. */
    public record Axes(List<Integer> axes, boolean keepDims) {
        public Axes {
            axes = List.copyOf(axes);
        }
    }

    /** Sum; 0 over nothing. */
    public static final Op<Axes> REDUCE_SUM =
            reduce("reduce_sum", 0, Double::sum, (n, dy) -> spread(n, dy));

    /** Mean; NaN over nothing. */
    public static final Op<Axes> REDUCE_MEAN =
            reduce(
                    "reduce_mean",
                    0,
                    Double::sum,
                    (n, dy) -> Elementwise.scale(spread(n, dy), 1.0 / count(n)));

    /** Largest; NaN if any is; -inf over nothing. Ties share the gradient evenly. */
    public static final Op<Axes> REDUCE_MAX =
            reduce("reduce_max", Double.NEGATIVE_INFINITY, Math::max, Reductions::extremeVjp);

    /** Smallest; NaN if any is; +inf over nothing. Ties share the gradient evenly. */
    public static final Op<Axes> REDUCE_MIN =
            reduce("reduce_min", Double.POSITIVE_INFINITY, Math::min, Reductions::extremeVjp);

    static final List<Op<?>> ALL = List.of(REDUCE_SUM, REDUCE_MEAN, REDUCE_MAX, REDUCE_MIN);

    private Reductions() {}

    /** Sum over {@code axes}. */
    public static Value sum(Value x, List<Integer> axes, boolean keepDims) {
        return apply(REDUCE_SUM, x, axes, keepDims);
    }

    /** Mean over {@code axes}. */
    public static Value mean(Value x, List<Integer> axes, boolean keepDims) {
        return apply(REDUCE_MEAN, x, axes, keepDims);
    }

    /** Largest over {@code axes}. */
    public static Value max(Value x, List<Integer> axes, boolean keepDims) {
        return apply(REDUCE_MAX, x, axes, keepDims);
    }

    /** Smallest over {@code axes}. */
    public static Value min(Value x, List<Integer> axes, boolean keepDims) {
        return apply(REDUCE_MIN, x, axes, keepDims);
    }

    /** Sum over everything, rank 0. */
    public static Value sumAll(Value x) {
        return x.shape().rank() == 0 ? x : sum(x, all(x.shape()), false);
    }

    /** Every axis of a shape. */
    public static List<Integer> all(Shape shape) {
        return java.util.stream.IntStream.range(0, shape.rank()).boxed().toList();
    }

    private static Value apply(Op<Axes> op, Value x, List<Integer> axes, boolean keepDims) {
        return Node.of(op, new Axes(axes, keepDims), List.of(x)).out();
    }

    private static Op<Axes> reduce(
            String name,
            double start,
            DoubleBinaryOperator f,
            java.util.function.BiFunction<Node<Axes>, Value, Value> vjp) {
        return OpDef.<Axes>named(name)
                .type((a, in) -> List.of(type(name, a, in.get(0))))
                .vjp((n, dy) -> List.of(vjp.apply(n, dy)))
                .mil(
                        Spelling.<Axes>of(name)
                                .operand("x")
                                .attr("axes", Literal.Kind.INTS, a -> new Literal.Ints(a.axes()))
                                .attr(
                                        "keep_dims",
                                        Literal.Kind.BOOL,
                                        a -> new Literal.Bool(a.keepDims()),
                                        new Literal.Bool(false))
                                .build(a -> new Axes(a.ints("axes"), a.bool("keep_dims"))))
                .reference((a, in, out) -> loop(a, in.get(0), out, start, f, name))
                .flops(n -> n.in(0).shape().size())
                .build();
    }

    private static TensorType type(String name, Axes a, TensorType x) {
        Types.floats(name, x);
        var reduced = reduced(name, a, x.shape());
        return x.as(a.keepDims() ? reduced : dropped(name, a, x.shape()));
    }

    private static Shape reduced(String name, Axes a, Shape x) {
        var seen = new HashSet<Integer>();
        var dims = x.toArray();
        for (int axis : a.axes()) {
            int at = x.axis(axis, name);
            if (!seen.add(at)) {
                throw new ShapeException(
                        name, "axes %s name axis %d twice; need each once", a.axes(), at);
            }
            dims[at] = 1;
        }
        return Shape.of(dims);
    }

    private static Shape dropped(String name, Axes a, Shape x) {
        var gone = new HashSet<Integer>();
        a.axes().forEach(axis -> gone.add(x.axis(axis, name)));
        var kept = all(x).stream().filter(i -> !gone.contains(i)).map(x::dim).toList();
        return Shape.of(kept);
    }

    private static void loop(
            Axes a, Dense x, Dense y, double start, DoubleBinaryOperator f, String name) {
        Arrays.fill(y.data(), start);
        var kept = reduced(name, a, x.shape());
        for (int i = 0; i < x.data().length; i++) {
            int at = Index.broadcast(Index.unravel(i, x.shape()), kept);
            y.data()[at] = f.applyAsDouble(y.data()[at], x.get(i));
        }
        if (name.equals("reduce_mean")) {
            for (int i = 0; i < y.data().length; i++) {
                y.data()[i] /= (double) x.shape().size() / kept.size();
            }
        }
    }

    /** How many elements each result is made of. */
    private static double count(Node<Axes> n) {
        double count = 1;
        for (int axis : n.attrs().axes()) {
            count *= n.in(0).shape().dim(axis);
        }
        return count;
    }

    private static Value keep(Node<Axes> n, Value v) {
        return Movement.reshape(v, reduced(n.op().name(), n.attrs(), n.in(0).shape()));
    }

    private static Value spread(Node<Axes> n, Value dy) {
        return Broadcasting.broadcastTo(keep(n, dy), n.in(0).shape());
    }

    private static Value extremeVjp(Node<Axes> n, Value dy) {
        var x = n.in(0);
        if (x.shape().size() == 0) {
            return Elementwise.zerosLike(x); // no ties to share among
        }
        var hit = Logic.equal(x, keep(n, n.out()));
        var ties = sum(Logic.cast(hit, x.dtype()), n.attrs().axes(), true);
        var share = Elementwise.div(keep(n, dy), ties);
        return Logic.select(hit, share, Elementwise.zerosLike(x));
    }
}
