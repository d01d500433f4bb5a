package jane.op;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Orders along an axis, and the places of extremes. Of equals the first comes first; a NaN is
 * larger than everything. Indices have no gradient; picked values have.
 */
public final class Sorting {
    /** The axis, whether it stays with length 1, and the dtype of the indices. */
    public record Arg(int axis, boolean keepDims, DType output) {}

    /** The axis and the direction. */
    public record Order(int axis, boolean ascending) {}

    /**
     * How many to pick (-1: all) along which axis, from which end, whether in order, whether their
     * indices are a second result, and of which dtype.
     */
    public record TopK(
            int k, int axis, boolean ascending, boolean sort, boolean indices, DType output) {
        /** The largest k along an axis, with int32 indices. */
        public static TopK of(int k, int axis) {
            return new TopK(k, axis, false, true, true, DType.INT32);
        }
    }

    /** Index of the largest along an axis; of a NaN if there is one. */
    public static final Op<Arg> REDUCE_ARGMAX = arg("reduce_argmax", true);

    /** Index of the smallest along an axis; of a NaN if there is one. */
    public static final Op<Arg> REDUCE_ARGMIN = arg("reduce_argmin", false);

    /** Indices that put an axis in order. */
    public static final Op<Order> ARGSORT =
            OpDef.<Order>named("argsort")
                    .type(
                            (a, in) -> {
                                in.get(0).shape().axis(a.axis(), "argsort");
                                return List.of(Types.numbers("argsort", in.get(0)).as(DType.INT32));
                            })
                    .notDifferentiable()
                    .mil(
                            Spelling.<Order>of("argsort")
                                    .operand("x")
                                    .integer("axis", Order::axis, -1)
                                    .bool("ascending", Order::ascending, false)
                                    .build(a -> new Order(a.integer("axis"), a.bool("ascending"))))
                    .reference(
                            (a, in, out) -> {
                                int axis = out.shape().axis(a.axis(), "argsort");
                                lines(
                                        in.get(0),
                                        axis,
                                        a.ascending(),
                                        (at, order) -> {
                                            int step = step(out.shape(), axis);
                                            for (int k = 0; k < order.size(); k++) {
                                                out.data()[at + k * step] = order.get(k);
                                            }
                                        });
                            })
                    .flops(n -> sorting(n.in(0).shape(), n.attrs().axis()))
                    .build();

    /** The k largest or smallest along an axis, in order, and their indices. */
    public static final Op<TopK> TOPK =
            OpDef.<TopK>named("topk")
                    .type((a, in) -> topkType(a, in.get(0)))
                    .vjps((n, dy) -> List.of(topkVjp(n, dy.get(0))))
                    .mil(
                            Spelling.<TopK>of("topk")
                                    .operand("x")
                                    .integer("k", TopK::k, 1)
                                    .integer("axis", TopK::axis, -1)
                                    .bool("ascending", TopK::ascending, false)
                                    .bool("sort", TopK::sort, true)
                                    .bool("return_indices", TopK::indices, true)
                                    .maybe(
                                            "output_indices_dtype",
                                            Literal.Kind.STRING,
                                            Sorting::outputName)
                                    .build(Sorting::readTopK))
                    .references(Sorting::pick)
                    .flops(n -> sorting(n.in(0).shape(), n.attrs().axis()))
                    .build();

    static final List<Op<?>> ALL = List.of(REDUCE_ARGMAX, REDUCE_ARGMIN, ARGSORT, TOPK);

    private Sorting() {}

    /** int32 index of the largest along an axis, which goes. */
    public static Value argmax(Value x, int axis) {
        return Node.of(REDUCE_ARGMAX, new Arg(axis, false, DType.INT32), List.of(x)).out();
    }

    /** int32 index of the smallest along an axis, which goes. */
    public static Value argmin(Value x, int axis) {
        return Node.of(REDUCE_ARGMIN, new Arg(axis, false, DType.INT32), List.of(x)).out();
    }

    /** int32 indices that put an axis in order. */
    public static Value argsort(Value x, int axis, boolean ascending) {
        return Node.of(ARGSORT, new Order(axis, ascending), List.of(x)).out();
    }

    /** The values picked and, if asked for, their indices. */
    public static List<Value> topk(Value x, TopK attrs) {
        return Node.of(TOPK, attrs, List.of(x)).outputs();
    }

    private static Op<Arg> arg(String name, boolean largest) {
        return OpDef.<Arg>named(name)
                .type((a, in) -> List.of(argType(name, a, in.get(0))))
                .notDifferentiable()
                .mil(
                        Spelling.<Arg>of(name)
                                .operand("x")
                                .integer("axis", Arg::axis, -1)
                                .bool("keep_dims", Arg::keepDims, false)
                                .string("output_dtype", a -> a.output().mil(), "int32")
                                .build(
                                        a ->
                                                new Arg(
                                                        a.integer("axis"),
                                                        a.bool("keep_dims"),
                                                        DType.ofMil(a.string("output_dtype")))))
                .reference(
                        (a, in, out) -> {
                            var x = in.get(0);
                            int axis = x.shape().axis(a.axis(), name);
                            int step = step(x.shape(), axis);
                            int size = x.shape().dim(axis);
                            for (int i = 0; i < out.data().length; i++) {
                                int first = i / step * step * size + i % step;
                                out.data()[i] = extreme(x, first, size, step, largest);
                            }
                        })
                .flops(n -> n.in(0).shape().size())
                .build();
    }

    private static int extreme(Dense x, int first, int size, int step, boolean largest) {
        int best = 0;
        for (int k = 1; k < size && !Double.isNaN(x.get(first + best * step)); k++) {
            double v = x.get(first + k * step);
            double held = x.get(first + best * step);
            if (Double.isNaN(v) || (largest ? v > held : v < held)) {
                best = k;
            }
        }
        return best;
    }

    private static TensorType argType(String op, Arg a, TensorType x) {
        Types.numbers(op, x);
        int axis = x.shape().axis(a.axis(), op);
        if (x.shape().dim(axis) == 0) {
            throw new ShapeException(
                    op, "axis %d of shape %s is empty; need 1 or more", axis, x.shape());
        }
        indexType(op, a.output());
        var dims = new ArrayList<>(x.shape().with(axis, 1).toList());
        if (!a.keepDims()) {
            dims.remove(axis);
        }
        return new TensorType(a.output(), Shape.of(dims));
    }

    private static void indexType(String op, DType dtype) {
        if (dtype != DType.INT32 && dtype != DType.UINT16) {
            throw new ShapeException(op, "indices of type %s; need int32 or uint16", dtype);
        }
    }

    private static Optional<Literal> outputName(TopK a) {
        return a.indices()
                ? Optional.of(new Literal.Str(a.output().mil()))
                : Optional.empty(); // MIL takes a dtype only for indices that are returned
    }

    private static TopK readTopK(Spelling.Args a) {
        return new TopK(
                a.integer("k"),
                a.integer("axis"),
                a.bool("ascending"),
                a.bool("sort"),
                a.bool("return_indices"),
                a.has("output_indices_dtype")
                        ? DType.ofMil(a.string("output_indices_dtype"))
                        : DType.INT32);
    }

    private static List<TensorType> topkType(TopK a, TensorType x) {
        Types.numbers("topk", x);
        int axis = x.shape().axis(a.axis(), "topk");
        int size = x.shape().dim(axis);
        if (a.k() < -1 || a.k() > size) {
            throw new ShapeException(
                    "topk",
                    "k = %d on axis %d of shape %s; need 0 to %d, or -1 for all",
                    a.k(),
                    axis,
                    x.shape(),
                    size);
        }
        indexType("topk", a.output());
        var values = x.as(x.shape().with(axis, a.k() == -1 ? size : a.k()));
        return a.indices() ? List.of(values, values.as(a.output())) : List.of(values);
    }

    private static void pick(TopK a, List<Dense> in, List<Dense> out) {
        var x = in.get(0);
        var y = out.get(0);
        int axis = x.shape().axis(a.axis(), "topk");
        int size = x.shape().dim(axis);
        int count = y.shape().dim(axis);
        int step = step(x.shape(), axis);
        lines(
                x,
                axis,
                a.ascending(),
                (at, order) -> {
                    int to = at / step / size * step * count + at % step;
                    for (int k = 0; k < count; k++) {
                        y.data()[to + k * step] = x.get(at + order.get(k) * step);
                        if (a.indices()) {
                            out.get(1).data()[to + k * step] = order.get(k);
                        }
                    }
                });
    }

    private static Value topkVjp(Node<TopK> n, Value dy) {
        var a = n.attrs();
        var whole = new TopK(a.k(), a.axis(), a.ascending(), a.sort(), true, DType.INT32);
        var indices =
                a.indices() && a.output() == DType.INT32
                        ? n.outputs().get(1)
                        : topk(n.in(0), whole).get(1);
        return Indexing.scatterAlongAxis(Elementwise.zerosLike(n.in(0)), indices, dy, a.axis());
    }

    /** Elements from one index of an axis to the next. */
    private static int step(Shape shape, int axis) {
        return shape.slice(axis + 1, shape.rank()).size();
    }

    /** Gives each line along an axis: where it begins, and its indices in order. */
    private static void lines(
            Dense x, int axis, boolean ascending, BiConsumer<Integer, List<Integer>> line) {
        int size = x.shape().dim(axis);
        int step = step(x.shape(), axis);
        for (int i = 0; i < x.data().length; i++) {
            if (i / step % size == 0) {
                int first = i;
                Comparator<Integer> up =
                        (p, q) -> compare(x.get(first + p * step), x.get(first + q * step));
                var order = ascending ? up : up.reversed();
                line.accept(i, IntStream.range(0, size).boxed().sorted(order).toList());
            }
        }
    }

    private static int compare(double a, double b) {
        if (a == b) {
            return 0; // a zero equals the other zero
        }
        return Double.compare(a, b);
    }

    private static long sorting(Shape x, int axis) {
        int size = Math.max(2, x.dim(axis));
        return (long) x.size() * (Integer.SIZE - Integer.numberOfLeadingZeros(size - 1));
    }
}
