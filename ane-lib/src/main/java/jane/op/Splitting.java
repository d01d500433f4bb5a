package jane.op;

import jane.ir.DType;
import jane.ir.DataException;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A tensor divided, read backward, and seen through sliding windows. */
public final class Splitting {
    /** The axis to divide and the length of each part. */
    public record Split(List<Integer> sizes, int axis) {
        public Split {
            sizes = List.copyOf(sizes);
        }
    }

    /** Windows of {@code size} along an axis, {@code stride} apart. */
    public record Windows(int axis, int size, int stride) {}

    /** The axis to read backward, and the one that counts the lengths. */
    public record Sequences(int axis, int batch) {}

    /** Parts side by side along one axis, one result each. */
    public static final Op<Split> SPLIT =
            OpDef.<Split>named("split")
                    .type((a, in) -> parts(a, in.get(0)))
                    .vjps((n, dy) -> List.of(Joining.concat(dy, n.attrs().axis())))
                    .mil(
                            Spelling.<Split>of("split")
                                    .operand("x")
                                    .maybe("num_splits", Literal.Kind.INT, a -> Optional.empty())
                                    .intsOr("split_sizes", Split::sizes)
                                    .integer("axis", Split::axis)
                                    .build(Splitting::readSplit))
                    .definedAll(Splitting::slices)
                    .references(Splitting::divide)
                    .cost(Cost::none, n -> 2 * Cost.written(n))
                    .build();

    /** The axes backward. */
    public static final Op<Movement.AxisList> REVERSE =
            OpDef.<Movement.AxisList>named("reverse")
                    .type((a, in) -> List.of(distinct("reverse", a.axes(), in.get(0))))
                    .vjp((n, dy) -> List.of(reverse(dy, n.attrs().axes())))
                    .mil(
                            Spelling.<Movement.AxisList>of("reverse")
                                    .operand("x")
                                    .intsOr("axes", Movement.AxisList::axes)
                                    .build(
                                            a ->
                                                    new Movement.AxisList(
                                                            a.intsOr(
                                                                    "axes",
                                                                    Reductions.all(a.shape(0))))))
                    .reference(
                            (a, in, out) -> {
                                var shape = out.shape();
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, shape);
                                    for (int axis : a.axes()) {
                                        int k = shape.axis(axis, "reverse");
                                        at[k] = shape.dim(k) - 1 - at[k];
                                    }
                                    out.data()[i] = in.get(0).get(Index.ravel(at, shape));
                                }
                            })
                    .cost(Cost::none, Cost::moved)
                    .build();

    /**
     * The first {@code lengths[i]} elements along one axis backward, at index i of another; the
     * rest stays. Shapes: lengths (x.dim(batch)) int32. A length that the axis does not have is a
     * {@link jane.ir.DataException} when the op runs.
     */
    public static final Op<Sequences> REVERSE_SEQUENCE =
            OpDef.<Sequences>named("reverse_sequence")
                    .type((a, in) -> List.of(sequences(a, in.get(0), in.get(1))))
                    .vjp((n, dy) -> List.of(backward(dy, n.in(1), n.attrs()), dy))
                    .mil(
                            Spelling.<Sequences>of("reverse_sequence")
                                    .operand("x")
                                    .operand("lengths")
                                    .integer("seq_axis", Sequences::axis, 0)
                                    .integer("batch_axis", Sequences::batch, 0)
                                    .build(
                                            a ->
                                                    new Sequences(
                                                            a.integer("seq_axis"),
                                                            a.integer("batch_axis"))))
                    .reference(Splitting::turn)
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** All windows along an axis, which becomes two: which window, and where in it. */
    public static final Op<Windows> SLIDING_WINDOWS =
            OpDef.<Windows>named("sliding_windows")
                    .type((a, in) -> List.of(windowed(a, in.get(0))))
                    .is(Splitting::windows)
                    .mil(
                            Spelling.<Windows>of("sliding_windows")
                                    .operand("x")
                                    .integer("axis", Windows::axis)
                                    .integer("size", Windows::size)
                                    .integer("stride", Windows::stride, 1)
                                    .build(
                                            a ->
                                                    new Windows(
                                                            a.integer("axis"),
                                                            a.integer("size"),
                                                            a.integer("stride"))))
                    .reference(
                            (a, in, out) -> {
                                int axis = in.get(0).shape().axis(a.axis(), "sliding_windows");
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, out.shape());
                                    var from = new int[at.length - 1];
                                    for (int k = 0; k < from.length; k++) {
                                        from[k] = at[k <= axis ? k : k + 1];
                                    }
                                    from[axis] = at[axis] * a.stride() + at[axis + 1];
                                    out.data()[i] =
                                            in.get(0).get(Index.ravel(from, in.get(0).shape()));
                                }
                            })
                    .cost(Cost::none, Cost::moved)
                    .build();

    static final List<Op<?>> ALL = List.of(SPLIT, REVERSE, REVERSE_SEQUENCE, SLIDING_WINDOWS);

    private Splitting() {}

    /** Parts of these sizes along {@code axis}. */
    public static List<Value> split(Value x, List<Integer> sizes, int axis) {
        return Node.of(SPLIT, new Split(sizes, axis), List.of(x)).outputs();
    }

    /** {@code axes} backward. */
    public static Value reverse(Value x, List<Integer> axes) {
        return Node.of(REVERSE, new Movement.AxisList(axes), List.of(x)).out();
    }

    private static Value backward(Value x, Value lengths, Sequences a) {
        return Node.of(REVERSE_SEQUENCE, a, List.of(x, lengths)).out();
    }

    private static TensorType sequences(Sequences a, TensorType x, TensorType lengths) {
        String op = "reverse_sequence";
        int axis = x.shape().axis(a.axis(), op);
        int batch = x.shape().axis(a.batch(), op);
        var need = new TensorType(DType.INT32, Shape.of(x.shape().dim(batch)));
        if (axis == batch || !lengths.equals(need)) {
            throw new ShapeException(
                    op,
                    "lengths %s, seq_axis = %d and batch_axis = %d for input %s; need two axes and"
                            + " a length for each index of batch_axis: %s",
                    lengths,
                    a.axis(),
                    a.batch(),
                    x.shape(),
                    need);
        }
        return x;
    }

    private static void turn(Sequences a, List<Dense> in, Dense out) {
        var shape = out.shape();
        int axis = shape.axis(a.axis(), "reverse_sequence");
        int batch = shape.axis(a.batch(), "reverse_sequence");
        for (int i = 0; i < shape.dim(batch); i++) {
            double length = in.get(1).get(i);
            if (length < 0 || length > shape.dim(axis)) {
                throw new DataException(
                        "reverse_sequence",
                        "length %d at position %d; need 0 to %d",
                        (long) length,
                        i,
                        shape.dim(axis));
            }
        }
        for (int i = 0; i < out.data().length; i++) {
            var at = Index.unravel(i, shape);
            int length = (int) in.get(1).get(at[batch]);
            at[axis] = at[axis] < length ? length - 1 - at[axis] : at[axis];
            out.data()[i] = in.get(0).get(Index.ravel(at, shape));
        }
    }

    private static List<TensorType> parts(Split a, TensorType x) {
        int axis = x.shape().axis(a.axis(), "split");
        Types.atLeast("split", "split_sizes", a.sizes(), 0);
        long sum = a.sizes().stream().mapToLong(Integer::longValue).sum();
        if (a.sizes().isEmpty() || sum != x.shape().dim(axis)) {
            throw new ShapeException(
                    "split",
                    "split_sizes = %s for axis %d of shape %s; need one or more that add up to %d",
                    a.sizes(),
                    axis,
                    x.shape(),
                    x.shape().dim(axis));
        }
        return a.sizes().stream().map(size -> x.as(x.shape().with(axis, size))).toList();
    }

    private static Split readSplit(Spelling.Args a) {
        int axis = a.integer("axis");
        if (a.has("split_sizes")) {
            var sizes = a.ints("split_sizes");
            if (a.has("num_splits") && a.integer("num_splits") != sizes.size()) {
                throw new ShapeException(
                        "split",
                        "num_splits = %d but split_sizes = %s; need one number",
                        a.integer("num_splits"),
                        sizes);
            }
            return new Split(sizes, axis);
        }
        if (!a.has("num_splits")) {
            throw new ShapeException("split", "no num_splits and no split_sizes; need one of them");
        }
        int count = a.integer("num_splits");
        int dim = a.shape(0).dim(a.shape(0).axis(axis, "split"));
        if (count < 1 || dim % count != 0 || count > Math.max(dim, 1)) {
            throw new ShapeException(
                    "split",
                    "num_splits = %d for axis %d of shape %s; need a divisor of %d",
                    count,
                    axis,
                    a.shape(0),
                    dim);
        }
        if (count != a.results().size()) { // before a list as long as the text says is made
            throw new ShapeException(
                    "split",
                    "num_splits = %d for %d results; need one number",
                    count,
                    a.results().size());
        }
        return new Split(Collections.nCopies(count, dim / count), axis);
    }

    private static List<Value> slices(Node<Split> n) {
        var parts = new ArrayList<Value>();
        int begin = 0;
        for (int size : n.attrs().sizes()) {
            parts.add(Slicing.slice(n.in(0), n.attrs().axis(), begin, begin + size, 1));
            begin += size;
        }
        return parts;
    }

    private static void divide(Split a, List<Dense> in, List<Dense> out) {
        int axis = in.get(0).shape().axis(a.axis(), "split");
        int begin = 0;
        for (var y : out) {
            for (int i = 0; i < y.data().length; i++) {
                var at = Index.unravel(i, y.shape());
                at[axis] += begin;
                y.data()[i] = in.get(0).get(Index.ravel(at, in.get(0).shape()));
            }
            begin += y.shape().dim(axis);
        }
    }

    /** {@code x} if {@code axes} are axes of it, none twice. */
    static TensorType distinct(String op, List<Integer> axes, TensorType x) {
        var seen = new boolean[x.shape().rank()];
        for (int axis : axes) {
            int at = x.shape().axis(axis, op);
            if (seen[at]) {
                throw new ShapeException(
                        op, "axes %s name axis %d twice; need each once", axes, at);
            }
            seen[at] = true;
        }
        return x;
    }

    private static TensorType windowed(Windows a, TensorType x) {
        return Types.numbers("sliding_windows", x).as(windowed(a, x.shape()));
    }

    private static Shape windowed(Windows a, Shape x) {
        int axis = x.axis(a.axis(), "sliding_windows");
        if (a.size() < 1 || a.stride() < 1 || a.size() > x.dim(axis)) {
            throw new ShapeException(
                    "sliding_windows",
                    "windows of %d, %d apart, on axis %d of shape %s; need a size of 1 to %d and a"
                            + " stride of 1 or more",
                    a.size(),
                    a.stride(),
                    axis,
                    x,
                    x.dim(axis));
        }
        var dims = new ArrayList<>(x.toList());
        dims.set(axis, (x.dim(axis) - a.size()) / a.stride() + 1);
        dims.add(axis + 1, a.size());
        return Shape.of(dims);
    }

    private static Value windows(Node<Windows> n) {
        var a = n.attrs();
        var x = n.in(0);
        int axis = x.shape().axis(a.axis(), "sliding_windows");
        int count = n.out().shape().dim(axis);
        var indices = new double[count * a.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i / a.size() * a.stride() + i % a.size();
        }
        var at = Indexing.constant(new TensorType(DType.INT32, Shape.of(count, a.size())), indices);
        return Indexing.gather(x, at, axis);
    }
}
