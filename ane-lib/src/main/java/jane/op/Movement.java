package jane.op;

import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Ops that move values without changing them. */
public final class Movement {
    /** The result's shape, or a permutation, as a list. */
    public record Dims(List<Integer> dims) {
        public Dims {
            dims = List.copyOf(dims);
        }
    }

    /** The type and value of a {@code fill}; the value is rounded to the type. */
    public record Fill(TensorType type, double value) {
        public Fill {
            value = type.dtype().round(value);
        }
    }

    /** Begin (inclusive), end (exclusive) and step per axis, counted from the front. */
    public record Slice(List<Integer> begin, List<Integer> end, List<Integer> stride) {
        public Slice {
            begin = List.copyOf(begin);
            end = List.copyOf(end);
            stride = List.copyOf(stride);
        }
    }

    /** The axis to join along; interleaved: one slice of each operand in turn. */
    public record Concat(int axis, boolean interleave) {}

    /** Amounts before and after per axis, for the last axes, and the value to put there. */
    public record Pad(List<Integer> pad, String mode, double value) {
        public Pad {
            pad = List.copyOf(pad);
        }
    }

    /** A mask that text leaves out, which masks nothing. */
    private static final Literal NO_MASK = new Literal.Bools(List.of());

    /** One value everywhere. MIL infers the dtype from the value. */
    public static final Op<Fill> FILL =
            OpDef.<Fill>named("fill")
                    .type((a, in) -> List.of(a.type()))
                    .vjp((n, dy) -> List.of())
                    .mil(
                            Spelling.<Fill>of("fill")
                                    .attr(
                                            "shape",
                                            Literal.Kind.INTS,
                                            a -> new Literal.Ints(a.type().shape().toList()))
                                    .attr(
                                            "value",
                                            Literal.Kind.FLOAT,
                                            a -> new Literal.Float(a.value()),
                                            new Literal.Float(0))
                                    .build(
                                            a ->
                                                    new Fill(
                                                            a.result()
                                                                    .as(Shape.of(a.ints("shape"))),
                                                            a.number("value"))))
                    .reference((a, in, out) -> Arrays.fill(out.data(), a.value()))
                    .flops(n -> 0)
                    .build();

    /** The same elements in row-major order under another shape; one -1 is inferred. */
    public static final Op<Dims> RESHAPE =
            OpDef.<Dims>named("reshape")
                    .type((a, in) -> List.of(in.get(0).as(reshaped(a, in.get(0).shape()))))
                    .vjp((n, dy) -> List.of(reshape(dy, n.in(0).shape())))
                    .mil(
                            Spelling.<Dims>of("reshape")
                                    .operand("x")
                                    .attr(
                                            "shape",
                                            Literal.Kind.INTS,
                                            a -> new Literal.Ints(a.dims()))
                                    .build(a -> new Dims(a.ints("shape"))))
                    .reference(
                            (a, in, out) ->
                                    System.arraycopy(
                                            in.get(0).data(), 0, out.data(), 0, out.data().length))
                    .flops(n -> 0)
                    .build();

    /** Axes in another order: {@code y.dim(i) = x.dim(perm[i])}. */
    public static final Op<Dims> TRANSPOSE =
            OpDef.<Dims>named("transpose")
                    .type((a, in) -> List.of(in.get(0).as(permuted(a, in.get(0).shape()))))
                    .vjp((n, dy) -> List.of(transpose(dy, inverse(n))))
                    .mil(
                            Spelling.<Dims>of("transpose")
                                    .operand("x")
                                    .attr(
                                            "perm",
                                            Literal.Kind.INTS,
                                            a -> new Literal.Ints(a.dims()))
                                    .build(a -> new Dims(a.ints("perm"))))
                    .reference(
                            (a, in, out) -> {
                                var x = in.get(0);
                                for (int i = 0; i < out.data().length; i++) {
                                    var to = Index.unravel(i, out.shape());
                                    var from = new int[to.length];
                                    for (int k = 0; k < to.length; k++) {
                                        from[x.shape().axis(a.dims().get(k), "transpose")] = to[k];
                                    }
                                    out.data()[i] = x.get(Index.ravel(from, x.shape()));
                                }
                            })
                    .flops(n -> 0)
                    .build();

    /** Every {@code stride}-th element from {@code begin} to {@code end} on each axis. */
    public static final Op<Slice> SLICE =
            OpDef.<Slice>named("slice_by_index")
                    .type((a, in) -> List.of(in.get(0).as(sliced(a, in.get(0).shape()))))
                    .vjp(Movement::sliceVjp)
                    .mil(
                            Spelling.<Slice>of("slice_by_index")
                                    .operand("x")
                                    .attr("begin", Literal.Kind.INTS, a -> ints(a.begin()))
                                    .attr("end", Literal.Kind.INTS, a -> ints(a.end()))
                                    .attr(
                                            "stride",
                                            Literal.Kind.INTS,
                                            a -> ints(a.stride()),
                                            ints(List.of()))
                                    .attr("begin_mask", Literal.Kind.BOOLS, unmasked(), NO_MASK)
                                    .attr("end_mask", Literal.Kind.BOOLS, unmasked(), NO_MASK)
                                    .attr("squeeze_mask", Literal.Kind.BOOLS, unmasked(), NO_MASK)
                                    .build(Movement::readSlice))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, out.shape());
                                    for (int k = 0; k < at.length; k++) {
                                        at[k] = a.begin().get(k) + at[k] * a.stride().get(k);
                                    }
                                    out.data()[i] =
                                            in.get(0).get(Index.ravel(at, in.get(0).shape()));
                                }
                            })
                    .flops(n -> 0)
                    .build();

    /** Operands side by side along one axis, or in turn when interleaved. */
    public static final Op<Concat> CONCAT =
            OpDef.<Concat>named("concat")
                    .type((a, in) -> List.of(joined(a, in)))
                    .vjp(Movement::concatVjp)
                    .mil(
                            Spelling.<Concat>of("concat")
                                    .variadic("values")
                                    .attr("axis", Literal.Kind.INT, a -> new Literal.Int(a.axis()))
                                    .attr(
                                            "interleave",
                                            Literal.Kind.BOOL,
                                            a -> new Literal.Bool(a.interleave()),
                                            new Literal.Bool(false))
                                    .build(
                                            a ->
                                                    new Concat(
                                                            a.integer("axis"),
                                                            a.bool("interleave"))))
                    .reference(Movement::join)
                    .flops(n -> 0)
                    .build();

    /** A border of one value around the last axes. */
    public static final Op<Pad> PAD =
            OpDef.<Pad>named("pad")
                    .type((a, in) -> List.of(in.get(0).as(padded(a, in.get(0).shape()))))
                    .vjp(Movement::padVjp)
                    .mil(
                            Spelling.<Pad>of("pad")
                                    .operand("x")
                                    .attr("pad", Literal.Kind.INTS, a -> ints(a.pad()))
                                    .attr(
                                            "mode",
                                            Literal.Kind.STRING,
                                            a -> new Literal.Str(a.mode()),
                                            new Literal.Str("constant"))
                                    .attr(
                                            "constant_val",
                                            Literal.Kind.FLOAT,
                                            a -> new Literal.Float(a.value()),
                                            new Literal.Float(0))
                                    .build(
                                            a ->
                                                    new Pad(
                                                            a.ints("pad"),
                                                            a.string("mode"),
                                                            a.number("constant_val"))))
                    .reference(
                            (a, in, out) -> {
                                Arrays.fill(out.data(), a.value());
                                var before = before(a, out.shape().rank());
                                for (int i = 0; i < in.get(0).data().length; i++) {
                                    var at = Index.unravel(i, in.get(0).shape());
                                    for (int k = 0; k < at.length; k++) {
                                        at[k] += before[k];
                                    }
                                    out.data()[Index.ravel(at, out.shape())] = in.get(0).get(i);
                                }
                            })
                    .flops(n -> 0)
                    .build();

    static final List<Op<?>> ALL = List.of(FILL, RESHAPE, TRANSPOSE, SLICE, CONCAT, PAD);

    private Movement() {}

    /** A tensor of {@code value}. */
    public static Value fill(TensorType type, double value) {
        Types.floats("fill", type);
        return type.shape().rank() == 0
                ? Leaf.scalar(type.dtype(), value)
                : Node.of(FILL, new Fill(type, value), List.of()).out();
    }

    /** The same elements under another shape; {@code x} itself if it has that shape. */
    public static Value reshape(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : reshape(x, shape.toList());
    }

    /** The same elements under another shape; one dimension may be -1. */
    public static Value reshape(Value x, List<Integer> dims) {
        return Node.of(RESHAPE, new Dims(reshaped(new Dims(dims), x.shape()).toList()), List.of(x))
                .out();
    }

    /** Axes in another order. */
    public static Value transpose(Value x, List<Integer> perm) {
        return Node.of(TRANSPOSE, new Dims(perm), List.of(x)).out();
    }

    /** The last two axes exchanged. */
    public static Value transpose(Value x) {
        if (x.shape().rank() < 2) {
            throw new ShapeException(
                    "transpose", "input has shape %s; need rank 2 or more", x.shape());
        }
        var perm = new ArrayList<>(Reductions.all(x.shape()));
        Collections.swap(perm, perm.size() - 1, perm.size() - 2);
        return transpose(x, perm);
    }

    /** A slice over all axes. */
    public static Value slice(
            Value x, List<Integer> begin, List<Integer> end, List<Integer> stride) {
        return Node.of(SLICE, new Slice(begin, end, stride), List.of(x)).out();
    }

    /** Elements {@code begin} to {@code end} (exclusive) on one axis; all of the others. */
    public static Value slice(Value x, int axis, int begin, int end, int stride) {
        int at = x.shape().axis(axis, "slice");
        if (begin == 0 && stride == 1 && end == x.shape().dim(at)) {
            return x;
        }
        var from = new ArrayList<>(Collections.nCopies(x.shape().rank(), 0));
        var to = new ArrayList<>(x.shape().toList());
        var step = new ArrayList<>(Collections.nCopies(x.shape().rank(), 1));
        from.set(at, begin);
        to.set(at, end);
        step.set(at, stride);
        return slice(x, from, to, step);
    }

    /** Operands side by side along {@code axis}. */
    public static Value concat(List<Value> values, int axis) {
        return values.size() == 1
                ? values.get(0)
                : Node.of(CONCAT, new Concat(axis, false), values).out();
    }

    /** One slice of each operand in turn along {@code axis}. */
    public static Value interleave(List<Value> values, int axis) {
        return values.size() == 1
                ? values.get(0)
                : Node.of(CONCAT, new Concat(axis, true), values).out();
    }

    /** {@code before} and {@code after} copies of {@code value} around one axis. */
    public static Value pad(Value x, int axis, int before, int after, double value) {
        int at = x.shape().axis(axis, "pad");
        var amounts = new ArrayList<>(Collections.nCopies(2 * (x.shape().rank() - at), 0));
        amounts.set(0, before);
        amounts.set(1, after);
        return pad(x, amounts, value);
    }

    /** Amounts before and after for each of the last axes; {@code x} itself if all are 0. */
    public static Value pad(Value x, List<Integer> amounts, double value) {
        return amounts.stream().allMatch(p -> p == 0)
                ? x
                : Node.of(PAD, new Pad(amounts, "constant", x.dtype().round(value)), List.of(x))
                        .out();
    }

    private static Literal ints(List<Integer> values) {
        return new Literal.Ints(values);
    }

    private static Shape reshaped(Dims a, Shape x) {
        long known = 1;
        int free = -1;
        for (int i = 0; i < a.dims().size(); i++) {
            int d = a.dims().get(i);
            if (d == -1 && free < 0) {
                free = i;
            } else if (d < 0) {
                throw new ShapeException(
                        "reshape",
                        "shape %s: need dimensions of 0 or more and at most one -1",
                        a.dims());
            } else {
                known = Math.min(known * d, Integer.MAX_VALUE + 1L); // more never fits
            }
        }
        var dims = a.dims().stream().mapToInt(Integer::intValue).toArray();
        if (free >= 0) {
            dims[free] = known == 0 ? 0 : (int) (x.size() / known);
            known *= dims[free];
        }
        if (known != x.size()) {
            throw new ShapeException(
                    "reshape",
                    "cannot view %s (%d elements) as %s; need the same number of elements",
                    x,
                    x.size(),
                    a.dims());
        }
        return Shape.of(dims);
    }

    private static Shape permuted(Dims a, Shape x) {
        Types.length("transpose", "perm", a.dims(), x.rank());
        var dims = new int[x.rank()];
        var seen = new boolean[x.rank()];
        for (int i = 0; i < dims.length; i++) {
            int from = x.axis(a.dims().get(i), "transpose");
            if (seen[from]) {
                throw new ShapeException(
                        "transpose", "perm %s names axis %d twice; need each once", a.dims(), from);
            }
            seen[from] = true;
            dims[i] = x.dim(from);
        }
        return Shape.of(dims);
    }

    private static List<Integer> inverse(Node<Dims> n) {
        var shape = n.in(0).shape();
        var inverse = new ArrayList<>(Reductions.all(shape));
        for (int i = 0; i < shape.rank(); i++) {
            inverse.set(shape.axis(n.attrs().dims().get(i), "transpose"), i);
        }
        return inverse;
    }

    private static Shape sliced(Slice a, Shape x) {
        Types.length("slice_by_index", "begin", a.begin(), x.rank());
        Types.length("slice_by_index", "end", a.end(), x.rank());
        Types.length("slice_by_index", "stride", a.stride(), x.rank());
        Types.atLeast("slice_by_index", "stride", a.stride(), 1);
        var dims = new int[x.rank()];
        for (int i = 0; i < dims.length; i++) {
            int begin = a.begin().get(i);
            int end = a.end().get(i);
            if (begin < 0 || end < begin || end > x.dim(i)) {
                throw new ShapeException(
                        "slice_by_index",
                        "axis %d: %d to %d of shape %s; need 0 <= begin <= end <= %d",
                        i,
                        begin,
                        end,
                        x,
                        x.dim(i));
            }
            int stride = a.stride().get(i);
            dims[i] = begin == end ? 0 : (end - begin - 1) / stride + 1;
        }
        return Shape.of(dims);
    }

    private static Function<Slice, Literal> unmasked() {
        return a -> new Literal.Bools(Collections.nCopies(a.begin().size(), false));
    }

    private static Slice readSlice(Spelling.Args a) {
        for (var mask : List.of("begin_mask", "end_mask", "squeeze_mask")) {
            if (a.bools(mask).contains(true)) {
                throw new ShapeException(
                        "slice_by_index",
                        "%s = %s; need all false: write the bounds out, and reshape after",
                        mask,
                        a.bools(mask));
            }
        }
        var stride = a.ints("stride");
        return new Slice(
                a.ints("begin"),
                a.ints("end"),
                stride.isEmpty() ? Collections.nCopies(a.ints("begin").size(), 1) : stride);
    }

    private static List<Value> sliceVjp(Node<Slice> n, Value dy) {
        var whole = n.in(0).shape();
        for (int axis = 0; axis < whole.rank(); axis++) {
            int begin = n.attrs().begin().get(axis);
            dy = dilate(dy, axis, n.attrs().stride().get(axis));
            int room = whole.dim(axis) - begin;
            dy = slice(dy, axis, 0, Math.min(room, dy.shape().dim(axis)), 1);
            dy = pad(dy, axis, begin, room - dy.shape().dim(axis), 0);
        }
        return List.of(dy);
    }

    /** Each slice along {@code axis} followed by {@code stride - 1} slices of zeros. */
    static Value dilate(Value x, int axis, int stride) {
        if (x.shape().dim(axis) <= 1) {
            return x; // zeros after the last slice are padding, and a stride may be huge
        }
        var parts = new ArrayList<Value>(Collections.nCopies(stride, Elementwise.zerosLike(x)));
        parts.set(0, x);
        return interleave(parts, axis);
    }

    private static TensorType joined(Concat a, List<TensorType> in) {
        if (in.isEmpty()) {
            throw new ShapeException("concat", "no operands; need one or more");
        }
        var first = in.get(0);
        int axis = first.shape().axis(a.axis(), "concat");
        long total = 0;
        for (var x : in) {
            Types.sameDtype("concat", first, x);
            boolean fits =
                    x.shape().rank() == first.shape().rank()
                            && x.shape().with(axis, 0).equals(first.shape().with(axis, 0))
                            && (!a.interleave() || x.shape().equals(first.shape()));
            if (!fits) {
                throw new ShapeException(
                        "concat",
                        "shapes %s and %s do not join along axis %d; need equal dimensions%s",
                        first.shape(),
                        x.shape(),
                        axis,
                        a.interleave() ? "" : " on the other axes");
            }
            total += x.shape().dim(axis);
        }
        return first.as(first.shape().with(axis, length("concat", total)));
    }

    private static void join(Concat a, List<Dense> in, Dense out) {
        int axis = out.shape().axis(a.axis(), "concat");
        for (int i = 0; i < out.data().length; i++) {
            var at = Index.unravel(i, out.shape());
            int which = 0;
            if (a.interleave()) {
                which = at[axis] % in.size();
                at[axis] /= in.size();
            } else {
                while (at[axis] >= in.get(which).shape().dim(axis)) {
                    at[axis] -= in.get(which++).shape().dim(axis);
                }
            }
            out.data()[i] = in.get(which).get(Index.ravel(at, in.get(which).shape()));
        }
    }

    private static List<Value> concatVjp(Node<Concat> n, Value dy) {
        int axis = dy.shape().axis(n.attrs().axis(), "concat");
        var parts = new ArrayList<Value>();
        int begin = 0;
        for (int i = 0; i < n.inputs().size(); i++) {
            int length = n.in(i).shape().dim(axis);
            if (n.attrs().interleave()) {
                int count = n.inputs().size();
                parts.add(slice(dy, axis, Math.min(i, count * length), count * length, count));
            } else {
                parts.add(slice(dy, axis, begin, begin + length, 1));
            }
            begin += length;
        }
        return parts;
    }

    private static int[] before(Pad a, int rank) {
        var before = new int[rank];
        int covered = a.pad().size() / 2;
        for (int i = 0; i < covered; i++) {
            before[rank - covered + i] = a.pad().get(2 * i);
        }
        return before;
    }

    private static Shape padded(Pad a, Shape x) {
        int covered = a.pad().size() / 2;
        if (a.pad().size() % 2 != 0 || covered > x.rank()) {
            throw new ShapeException(
                    "pad",
                    "pad %s for shape %s; need a before and an after for at most %d axes",
                    a.pad(),
                    x,
                    x.rank());
        }
        Types.atLeast("pad", "pad", a.pad(), 0);
        if (!a.mode().equals("constant")) {
            throw new ShapeException("pad", "mode \"%s\"; need \"constant\"", a.mode());
        }
        var dims = x.toArray();
        for (int i = 0; i < covered; i++) {
            int at = x.rank() - covered + i;
            dims[at] = length("pad", (long) dims[at] + a.pad().get(2 * i) + a.pad().get(2 * i + 1));
        }
        return Shape.of(dims);
    }

    private static int length(String op, long length) {
        if (length > Integer.MAX_VALUE) {
            throw new ShapeException(
                    op, "the result has %d elements on one axis; need at most 2^31 - 1", length);
        }
        return (int) length;
    }

    private static List<Value> padVjp(Node<Pad> n, Value dy) {
        var x = n.in(0).shape();
        var before = before(n.attrs(), x.rank());
        for (int i = 0; i < before.length; i++) {
            dy = slice(dy, i, before[i], before[i] + x.dim(i), 1);
        }
        return List.of(dy);
    }
}
