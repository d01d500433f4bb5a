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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Parts of a tensor. Any dtype. */
public final class Slicing {
    /**
     * Begin (inclusive), end (exclusive) and step per axis, counted from the front. A step backward
     * ends after index {@code end}, which is -1 to reach the front. A squeezed axis goes; it has
     * one index.
     */
    public record Slice(
            List<Integer> begin, List<Integer> end, List<Integer> stride, List<Boolean> squeeze) {
        public Slice {
            begin = List.copyOf(begin);
            end = List.copyOf(end);
            stride = List.copyOf(stride);
            squeeze = List.copyOf(squeeze);
        }

        /** A slice that keeps every axis. */
        public Slice(List<Integer> begin, List<Integer> end, List<Integer> stride) {
            this(begin, end, stride, Collections.nCopies(begin.size(), false));
        }

        /** Whether it keeps every axis and steps forward. */
        public boolean isPlain() {
            return !squeeze.contains(true) && stride.stream().allMatch(s -> s > 0);
        }

        /** How many indices axis {@code i} keeps. */
        int count(int i) {
            int span = stride.get(i) > 0 ? end.get(i) - begin.get(i) : begin.get(i) - end.get(i);
            return span <= 0 ? 0 : (span - 1) / Math.abs(stride.get(i)) + 1;
        }
    }

    /** Where a part begins per axis, and its size; -1 is the rest of the axis. */
    public record Part(List<Integer> begin, List<Integer> size) {
        public Part {
            begin = List.copyOf(begin);
            size = List.copyOf(size);
        }
    }

    /** Amounts cut off height (top, bottom) and width (left, right), the last two axes. */
    public record Crop(List<Integer> height, List<Integer> width) {
        public Crop {
            height = List.copyOf(height);
            width = List.copyOf(width);
        }
    }

    /** A mask that text leaves out, which masks nothing. */
    private static final Literal NO_MASK = new Literal.Bools(List.of());

    /** Every {@code stride}-th element from {@code begin} to {@code end} on each axis. */
    public static final Op<Slice> SLICE =
            OpDef.<Slice>named("slice_by_index")
                    .type((a, in) -> List.of(sliced("slice_by_index", a, in.get(0))))
                    .vjp((n, dy) -> List.of(spread(dy, n.attrs(), n.in(0).shape())))
                    .mil(spelling(Spelling.<Slice>of("slice_by_index").operand("x")))
                    .reference(Slicing::take)
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** {@code size} elements from {@code begin} on each axis. */
    public static final Op<Part> SLICE_BY_SIZE =
            slicing("slice_by_size", (Part a, TensorType x) -> bounds(a, x))
                    .mil(
                            Spelling.<Part>of("slice_by_size")
                                    .operand("x")
                                    .ints("begin", Part::begin)
                                    .ints("size", Part::size)
                                    .build(a -> new Part(a.ints("begin"), a.ints("size"))))
                    .build();

    /** The image without its borders. Shapes: x (..., H, W), rank 3 or more. */
    public static final Op<Crop> CROP =
            slicing("crop", (Crop a, TensorType x) -> bounds(a, x))
                    .mil(
                            Spelling.<Crop>of("crop")
                                    .operand("x")
                                    .ints("crop_height", Crop::height)
                                    .ints("crop_width", Crop::width)
                                    .build(
                                            a ->
                                                    new Crop(
                                                            a.ints("crop_height"),
                                                            a.ints("crop_width"))))
                    .build();

    static final List<Op<?>> ALL = List.of(SLICE, SLICE_BY_SIZE, CROP);

    private Slicing() {}

    /** A slice that says in its own way where it begins and ends. */
    private static <A> OpDef.Builder<A> slicing(
            String name, BiFunction<A, TensorType, Slice> bounds) {
        return OpDef.<A>named(name)
                .type((a, in) -> List.of(sliced(name, bounds.apply(a, in.get(0)), in.get(0))))
                .is(n -> slice(n.in(0), bounds.apply(n.attrs(), n.in(0).type())))
                .reference((a, in, out) -> take(bounds.apply(a, in.get(0).type()), in, out))
                .cost(Cost::none, Cost::moved);
    }

    /** A slice over all axes. */
    public static Value slice(
            Value x, List<Integer> begin, List<Integer> end, List<Integer> stride) {
        return slice(x, new Slice(begin, end, stride));
    }

    /** {@code size} elements from {@code begin} on each axis. */
    public static Value part(Value x, List<Integer> begin, List<Integer> size) {
        return Node.of(SLICE_BY_SIZE, new Part(begin, size), List.of(x)).out();
    }

    static Value slice(Value x, Slice a) {
        return Node.of(SLICE, a, List.of(x)).out();
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

    /** Ends a spelling with the bounds and masks of a slice of input 0. */
    static Spelling<Slice> spelling(Spelling.Builder<Slice> op) {
        return op.ints("begin", a -> notBelow0(a.begin()))
                .ints("end", a -> notBelow0(a.end()))
                .intsOr("stride", Slice::stride)
                .attr(
                        "begin_mask",
                        Literal.Kind.BOOLS,
                        a -> mask(a, i -> a.begin().get(i) < 0),
                        NO_MASK)
                .attr(
                        "end_mask",
                        Literal.Kind.BOOLS,
                        a -> mask(a, i -> a.end().get(i) < 0),
                        NO_MASK)
                .attr(
                        "squeeze_mask",
                        Literal.Kind.BOOLS,
                        a -> new Literal.Bools(a.squeeze()),
                        NO_MASK)
                .build(a -> readSlice(op.milOp(), a));
    }

    private static List<Integer> notBelow0(List<Integer> bounds) {
        return bounds.stream().map(b -> Math.max(b, 0)).toList();
    }

    private static Literal mask(Slice a, IntPredicate open) {
        return new Literal.Bools(
                IntStream.range(0, a.begin().size()).mapToObj(open::test).toList());
    }

    /** The type of a slice of {@code x}. */
    static TensorType sliced(String op, Slice a, TensorType type) {
        var x = type.shape();
        Types.length(op, "begin", a.begin(), x.rank());
        Types.length(op, "end", a.end(), x.rank());
        Types.length(op, "stride", a.stride(), x.rank());
        Types.length(op, "squeeze_mask", a.squeeze(), x.rank());
        if (a.stride().contains(0)) {
            throw new ShapeException(
                    op, "stride = %s contains 0; need 1 or more, or -1 or less", a.stride());
        }
        var dims = new ArrayList<Integer>();
        for (int i = 0; i < x.rank(); i++) {
            checkBounds(op, a, x, i);
            if (!a.squeeze().get(i)) {
                dims.add(a.count(i));
            } else if (a.count(i) != 1) {
                throw new ShapeException(
                        op,
                        "axis %d of shape %s is squeezed but has %d indices; need one",
                        i,
                        x,
                        a.count(i));
            }
        }
        return type.as(Shape.of(dims));
    }

    private static void checkBounds(String op, Slice a, Shape x, int i) {
        int begin = a.begin().get(i);
        int end = a.end().get(i);
        boolean forward = a.stride().get(i) > 0;
        boolean fits =
                forward
                        ? begin >= 0 && end >= begin && end <= x.dim(i)
                        : end >= -1 && begin >= end && begin < x.dim(i);
        if (!fits) {
            throw new ShapeException(
                    op,
                    "axis %d: %d to %d of shape %s; need %s",
                    i,
                    begin,
                    end,
                    x,
                    forward
                            ? "0 <= begin <= end <= " + x.dim(i)
                            : "-1 <= end <= begin < " + x.dim(i) + " for a step backward");
        }
    }

    /** The slice that text means, as Python has it: negative from the end, masked to the end. */
    private static Slice readSlice(String op, Spelling.Args a) {
        var x = a.shape(0);
        var stride = a.intsOr("stride", Collections.nCopies(x.rank(), 1));
        Types.length(op, "begin", a.ints("begin"), x.rank());
        Types.length(op, "end", a.ints("end"), x.rank());
        Types.length(op, "stride", stride, x.rank());
        for (var mask : List.of("begin_mask", "end_mask", "squeeze_mask")) {
            if (!a.bools(mask).isEmpty()) {
                Types.length(op, mask, a.bools(mask), x.rank());
            }
        }
        var begin = new ArrayList<Integer>();
        var end = new ArrayList<Integer>();
        var step = new ArrayList<>(stride);
        var squeeze = new ArrayList<Boolean>();
        for (int i = 0; i < x.rank(); i++) {
            boolean forward = step.get(i) > 0;
            int low = forward ? 0 : -1;
            int high = forward ? x.dim(i) : x.dim(i) - 1;
            squeeze.add(masked(a, "squeeze_mask", i));
            int from = fromFront(a.ints("begin").get(i), x.dim(i));
            if (squeeze.get(i)) {
                from = masked(a, "begin_mask", i) ? 0 : from;
                begin.add(from);
                end.add(from + 1);
                step.set(i, 1);
                continue;
            }
            int to = fromFront(a.ints("end").get(i), x.dim(i));
            from = masked(a, "begin_mask", i) ? (forward ? 0 : high) : clamp(from, low, high);
            to = masked(a, "end_mask", i) ? (forward ? high : -1) : clamp(to, low, high);
            begin.add(from);
            end.add(forward ? Math.max(from, to) : Math.min(from, to));
        }
        return new Slice(begin, end, step, squeeze);
    }

    private static boolean masked(Spelling.Args a, String mask, int i) {
        return !a.bools(mask).isEmpty() && a.bools(mask).get(i);
    }

    private static int fromFront(int index, int dim) {
        return index < 0 ? index + dim : index;
    }

    private static int clamp(int index, int low, int high) {
        return Math.max(low, Math.min(high, index));
    }

    private static void take(Slice a, List<Dense> in, Dense out) {
        var x = in.get(0);
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] = x.get(place(a, i, out.shape(), x.shape()));
        }
    }

    /** Where in {@code whole} element {@code i} of a slice of shape {@code part} is. */
    static int place(Slice a, int i, Shape part, Shape whole) {
        var to = Index.unravel(i, part);
        var from = new int[whole.rank()];
        int k = 0;
        for (int axis = 0; axis < from.length; axis++) {
            int at = a.squeeze().get(axis) ? 0 : to[k++];
            from[axis] = a.begin().get(axis) + at * a.stride().get(axis);
        }
        return Index.ravel(from, whole);
    }

    /** A slice put back where it is from, among zeros. Shapes: y as {@code whole}. */
    public static Value spread(Value dy, Slice a, Shape whole) {
        var kept = IntStream.range(0, whole.rank()).mapToObj(a::count).toList();
        dy = Movement.reshape(dy, Shape.of(kept));
        for (int axis = 0; axis < whole.rank(); axis++) {
            int stride = a.stride().get(axis);
            int begin = a.begin().get(axis);
            if (stride < 0) {
                dy = Splitting.reverse(dy, List.of(axis));
                begin = a.count(axis) == 0 ? 0 : begin + (a.count(axis) - 1) * stride;
                stride = -stride;
            }
            dy = dilate(dy, axis, stride);
            int room = whole.dim(axis) - begin;
            dy = slice(dy, axis, 0, Math.min(room, dy.shape().dim(axis)), 1);
            dy = Padding.pad(dy, axis, begin, room - dy.shape().dim(axis), 0);
        }
        return dy;
    }

    /** Each slice along {@code axis} followed by {@code stride - 1} slices of zeros. */
    static Value dilate(Value x, int axis, int stride) {
        if (x.shape().dim(axis) <= 1) {
            return x; // zeros after the last slice are padding, and a stride may be huge
        }
        var parts = new ArrayList<Value>(Collections.nCopies(stride, Elementwise.zerosLike(x)));
        parts.set(0, x);
        return Joining.interleave(parts, axis);
    }

    private static Slice bounds(Part a, TensorType x) {
        String op = "slice_by_size";
        Types.length(op, "begin", a.begin(), x.shape().rank());
        Types.length(op, "size", a.size(), x.shape().rank());
        var begin = new ArrayList<Integer>();
        var end = new ArrayList<Integer>();
        for (int i = 0; i < x.shape().rank(); i++) {
            int dim = x.shape().dim(i);
            int from = fromFront(a.begin().get(i), dim);
            int size = a.size().get(i) == -1 ? dim - from : a.size().get(i);
            if (from < 0 || size < 0 || (long) from + size > dim) {
                throw new ShapeException(
                        op,
                        "axis %d: %d elements from %d of shape %s; need a part of the %d",
                        i,
                        a.size().get(i),
                        a.begin().get(i),
                        x.shape(),
                        dim);
            }
            begin.add(from);
            end.add(from + size);
        }
        return new Slice(begin, end, Collections.nCopies(begin.size(), 1));
    }

    private static Slice bounds(Crop a, TensorType x) {
        int rank = x.shape().rank();
        Types.length("crop", "crop_height", a.height(), 2);
        Types.length("crop", "crop_width", a.width(), 2);
        Types.atLeast("crop", "crop_height", a.height(), 0);
        Types.atLeast("crop", "crop_width", a.width(), 0);
        if (rank < 3) {
            throw new ShapeException("crop", "input has shape %s; need rank 3 or more", x.shape());
        }
        var begin = new ArrayList<>(Collections.nCopies(rank, 0));
        var end = new ArrayList<>(x.shape().toList());
        begin.set(rank - 2, a.height().get(0));
        begin.set(rank - 1, a.width().get(0));
        end.set(rank - 2, end.get(rank - 2) - a.height().get(1));
        end.set(rank - 1, end.get(rank - 1) - a.width().get(1));
        return new Slice(begin, end, Collections.nCopies(rank, 1));
    }
}
