package jane.op;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

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
            reduce("reduce_sum", Types::numbers, 0, Double::sum)
                    .vjp((n, dy) -> List.of(spread(n, dy)))
                    .build();

    /** Mean; NaN over nothing. */
    public static final Op<Axes> REDUCE_MEAN =
            reduce("reduce_mean", Types::floats, 0, Double::sum)
                    .vjp((n, dy) -> List.of(Elementwise.scale(spread(n, dy), 1.0 / count(n))))
                    .reference(
                            (a, in, out) -> {
                                loop(a, in.get(0), out, x -> x, 0, Double::sum);
                                double n = (double) in.get(0).shape().size() / out.shape().size();
                                map(out, sum -> sum / n);
                            })
                    .build();

    /** Largest; NaN if any is; -inf over nothing. Ties share the gradient evenly. */
    public static final Op<Axes> REDUCE_MAX =
            reduce("reduce_max", Types::numbers, Double.NEGATIVE_INFINITY, Math::max)
                    .vjp(Reductions::extremeVjp)
                    .build();

    /** Smallest; NaN if any is; +inf over nothing. Ties share the gradient evenly. */
    public static final Op<Axes> REDUCE_MIN =
            reduce("reduce_min", Types::numbers, Double.POSITIVE_INFINITY, Math::min)
                    .vjp(Reductions::extremeVjp)
                    .build();

    /** Product; 1 over nothing. The gradient holds beside zeros too. */
    public static final Op<Axes> REDUCE_PROD =
            reduce("reduce_prod", Types::numbers, 1, (x, y) -> x * y)
                    .vjp(Reductions::productVjp)
                    .build();

    /** Sum of squares. */
    public static final Op<Axes> REDUCE_SUM_SQUARE =
            of("reduce_sum_square", Types::numbers, x -> x * x, y -> y)
                    .is(n -> sum(n, Elementwise.square(n.in(0))))
                    .build();

    /** Sum of magnitudes. */
    public static final Op<Axes> REDUCE_L1_NORM =
            of("reduce_l1_norm", Types::numbers, Math::abs, y -> y)
                    .is(n -> sum(n, Elementwise.abs(n.in(0))))
                    .build();

    /** Root of the sum of squares; its gradient at 0 is 0. */
    public static final Op<Axes> REDUCE_L2_NORM =
            of("reduce_l2_norm", Types::floats, x -> x * x, Math::sqrt)
                    .vjp(Reductions::lengthVjp)
                    .defined(n -> Elementwise.sqrt(sum(n, Elementwise.square(n.in(0)))))
                    .build();

    /** Logarithm of the sum. */
    public static final Op<Axes> REDUCE_LOG_SUM =
            of("reduce_log_sum", Types::floats, x -> x, Math::log)
                    .is(n -> Elementwise.log(sum(n, n.in(0))))
                    .build();

    /** Logarithm of the sum of {@code e^x}, in a form that does not overflow. */
    public static final Op<Axes> REDUCE_LOG_SUM_EXP =
            reduce("reduce_log_sum_exp", Types::floats, Double.NEGATIVE_INFINITY, Math::max)
                    .vjp(
                            (n, dy) -> {
                                var shares = Elementwise.sub(n.in(0), keep(n, n.out()));
                                var dx = Elementwise.mul(keep(n, dy), Elementwise.exp(shares));
                                return List.of(dx);
                            })
                    .defined(Reductions::logSumExp)
                    .reference(Reductions::logSumExp)
                    .flops(n -> 3L * n.in(0).shape().size())
                    .build();

    static final List<Op<?>> ALL =
            List.of(
                    REDUCE_SUM,
                    REDUCE_MEAN,
                    REDUCE_MAX,
                    REDUCE_MIN,
                    REDUCE_PROD,
                    REDUCE_SUM_SQUARE,
                    REDUCE_L1_NORM,
                    REDUCE_L2_NORM,
                    REDUCE_LOG_SUM,
                    REDUCE_LOG_SUM_EXP);

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

    /** The sum over the node's axes of something of its input's shape. */
    private static Value sum(Node<Axes> n, Value x) {
        return sum(x, n.attrs().axes(), n.attrs().keepDims());
    }

    private static OpDef.Builder<Axes> reduce(
            String name,
            BiFunction<String, TensorType, TensorType> dtypes,
            double start,
            DoubleBinaryOperator f) {
        return OpDef.<Axes>named(name)
                .type((a, in) -> List.of(type(name, a, dtypes.apply(name, in.get(0)))))
                .mil(
                        Spelling.<Axes>of(name)
                                .operand("x")
                                .intsOr("axes", Axes::axes)
                                .bool("keep_dims", Axes::keepDims, false)
                                .build(
                                        a ->
                                                new Axes(
                                                        a.intsOr("axes", all(a.shape(0))),
                                                        a.bool("keep_dims"))))
                .reference((a, in, out) -> loop(a, in.get(0), out, x -> x, start, f))
                .flops(n -> n.in(0).shape().size());
    }

    /** {@code last(sum of each(x))}. */
    private static OpDef.Builder<Axes> of(
            String name,
            BiFunction<String, TensorType, TensorType> dtypes,
            DoubleUnaryOperator each,
            DoubleUnaryOperator last) {
        return reduce(name, dtypes, 0, Double::sum)
                .reference(
                        (a, in, out) -> {
                            loop(a, in.get(0), out, each, 0, Double::sum);
                            map(out, last);
                        })
                .flops(n -> 2L * n.in(0).shape().size());
    }

    private static TensorType type(String name, Axes a, TensorType x) {
        Splitting.distinct(name, a.axes(), x);
        if (a.keepDims()) {
            return x.as(reduced(a, x.shape()));
        }
        var gone = a.axes().stream().map(axis -> x.shape().axis(axis, name)).toList();
        var kept = all(x.shape()).stream().filter(i -> !gone.contains(i)).map(x.shape()::dim);
        return x.as(Shape.of(kept.toList()));
    }

    private static Shape reduced(Axes a, Shape x) {
        var dims = x.toArray();
        a.axes().forEach(axis -> dims[x.axis(axis, "reduce")] = 1);
        return Shape.of(dims);
    }

    private static void loop(
            Axes a,
            Dense x,
            Dense y,
            DoubleUnaryOperator each,
            double start,
            DoubleBinaryOperator f) {
        Arrays.fill(y.data(), start);
        var kept = reduced(a, x.shape());
        for (int i = 0; i < x.data().length; i++) {
            int at = Index.broadcast(Index.unravel(i, x.shape()), kept);
            y.data()[at] = f.applyAsDouble(y.data()[at], each.applyAsDouble(x.get(i)));
        }
    }

    private static void map(Dense y, DoubleUnaryOperator f) {
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = f.applyAsDouble(y.data()[i]);
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
        return Movement.reshape(v, reduced(n.attrs(), n.in(0).shape()));
    }

    private static Value spread(Node<Axes> n, Value dy) {
        return Broadcasting.broadcastTo(keep(n, dy), n.in(0).shape());
    }

    private static List<Value> extremeVjp(Node<Axes> n, Value dy) {
        var x = n.in(0);
        if (x.shape().size() == 0) {
            return List.of(Elementwise.zerosLike(x)); // no ties to share among
        }
        var hit = Logic.equal(x, keep(n, n.out()));
        var ties = sum(Logic.cast(hit, x.dtype()), n.attrs().axes(), true);
        var share = Elementwise.div(keep(n, dy), ties);
        return List.of(Logic.select(hit, share, Elementwise.zerosLike(x)));
    }

    /**
     * The product of the others: along each axis of those before and those after, times that of the
     * lines beside. No division, so that it and its own gradient hold beside zeros too.
     */
    private static List<Value> productVjp(Node<Axes> n, Value dy) {
        var dx = keep(n, dy);
        var lines = n.in(0);
        for (int axis : n.attrs().axes()) {
            var others = Elementwise.mul(running(lines, axis, false), running(lines, axis, true));
            dx = Elementwise.mul(dx, others);
            lines = apply(REDUCE_PROD, lines, List.of(axis), true);
        }
        return List.of(dx);
    }

    /** For each element the product of those before it along an axis, or of those after it. */
    private static Value running(Value x, int axis, boolean after) {
        int size = x.shape().dim(axis);
        var product = shifted(x, axis, Math.min(1, size), after);
        for (long by = 1; by < size - 1; by *= 2) {
            product = Elementwise.mul(product, shifted(product, axis, (int) by, after));
        }
        return product;
    }

    /** Each element from {@code by} places before it, or after it; 1 where there is none. */
    private static Value shifted(Value x, int axis, int by, boolean after) {
        int size = x.shape().dim(axis);
        var kept = Slicing.slice(x, axis, after ? by : 0, after ? size : size - by, 1);
        return Padding.pad(kept, axis, after ? 0 : by, after ? by : 0, 1);
    }

    private static List<Value> lengthVjp(Node<Axes> n, Value dy) {
        var y = keep(n, n.out());
        var isZero = Logic.equal(y, Elementwise.like(y, 0));
        var safe = Logic.select(isZero, Elementwise.like(y, 1), y); // 0 / 1 there
        return List.of(Elementwise.mul(n.in(0), Elementwise.div(keep(n, dy), safe)));
    }

    private static Value logSumExp(Node<Axes> n) {
        var x = n.in(0);
        var top = Elementwise.stopGradient(max(x, n.attrs().axes(), true));
        var rest = Elementwise.log(sum(n, Elementwise.exp(Elementwise.sub(x, top))));
        return Elementwise.add(Movement.reshape(top, rest.shape()), rest);
    }

    private static void logSumExp(Axes a, List<Dense> in, Dense out) {
        var x = in.get(0);
        loop(a, x, out, v -> v, Double.NEGATIVE_INFINITY, Math::max);
        var top = out.data().clone();
        Arrays.fill(out.data(), 0);
        var kept = reduced(a, x.shape());
        for (int i = 0; i < x.data().length; i++) {
            int at = Index.broadcast(Index.unravel(i, x.shape()), kept);
            out.data()[at] += Math.exp(x.get(i) - (Double.isInfinite(top[at]) ? 0 : top[at]));
        }
        for (int i = 0; i < top.length; i++) {
            out.data()[i] = Math.log(out.data()[i]) + (Double.isInfinite(top[i]) ? 0 : top[i]);
        }
    }
}
