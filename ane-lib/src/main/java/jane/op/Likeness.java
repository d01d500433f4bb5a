package jane.op;

import jane.ir.DType;
import jane.ir.Literal;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Shapes that are taken from other tensors, and any tensor as a matrix. Any dtype. */
public final class Likeness {
    /** What fills the shape of another tensor. The value is rounded to the type. */
    public record FillLike(DType dtype, double value) {
        public FillLike {
            value = dtype.round(value);
        }
    }

    /** The first axis of the second dimension. */
    public record Flatten(int axis) {}

    /** Which dimensions of each tensor: from begin to end as in Python; masked: to the last. */
    public record Ranges(List<Integer> begins, List<Integer> ends, List<Boolean> endMasks) {
        public Ranges {
            begins = List.copyOf(begins);
            ends = List.copyOf(ends);
            endMasks = List.copyOf(endMasks);
        }
    }

    /**
     * One value everywhere, in the shape of another tensor. MIL infers the dtype from the value.
     */
    public static final Op<FillLike> FILL_LIKE =
            OpDef.<FillLike>named("fill_like")
                    .type((a, in) -> List.of(new TensorType(a.dtype(), in.get(0).shape())))
                    .is(n -> Movement.fill(n.out().type(), n.attrs().value()))
                    .mil(
                            Spelling.<FillLike>of("fill_like")
                                    .operand("ref_tensor")
                                    .maybe("value", Literal.Kind.SCALAR, Likeness::value)
                                    .build(Likeness::readFill))
                    .reference((a, in, out) -> Arrays.fill(out.data(), a.value()))
                    .cost(Cost::none, Cost::written)
                    .build();

    /**
     * The elements of x in row-major order under a shape that is put together from dimensions of
     * other tensors.
     */
    public static final Op<Ranges> RESHAPE_LIKE =
            OpDef.<Ranges>named("reshape_like")
                    .type((a, in) -> List.of(in.get(0).as(reshaped(a, in))))
                    .is(n -> Movement.reshape(n.in(0), n.out().shape()))
                    .mil(
                            Spelling.<Ranges>of("reshape_like")
                                    .operand("x")
                                    .variadic("ref_tensors")
                                    .attr("begins", Literal.Kind.TUPLE, a -> ints(a.begins()))
                                    .attr("ends", Literal.Kind.TUPLE, a -> ints(a.ends()))
                                    .attr("end_masks", Literal.Kind.TUPLE, Likeness::masks)
                                    .build(Likeness::readRanges))
                    .reference((a, in, out) -> Index.copy(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** A matrix: axes before {@code axis} as rows, the others as columns. */
    public static final Op<Flatten> FLATTEN2D =
            OpDef.<Flatten>named("flatten2d")
                    .type((a, in) -> List.of(in.get(0).as(matrix(a, in.get(0).shape()))))
                    .is(n -> Movement.reshape(n.in(0), n.out().shape()))
                    .mil(
                            Spelling.<Flatten>of("flatten2d")
                                    .operand("x")
                                    .integer("axis", Flatten::axis, 1)
                                    .build(a -> new Flatten(a.integer("axis"))))
                    .reference((a, in, out) -> Index.copy(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    static final List<Op<?>> ALL = List.of(FILL_LIKE, RESHAPE_LIKE, FLATTEN2D);

    private Likeness() {}

    private static Optional<Literal> value(FillLike a) {
        return Optional.of(new Literal.Scalar(a.dtype(), a.value()));
    }

    private static FillLike readFill(Spelling.Args a) {
        if (!a.has("value")) {
            return new FillLike(a.results().get(0).dtype(), 0);
        }
        var value = a.scalar("value");
        return new FillLike(value.dtype(), value.value());
    }

    private static Literal ints(List<Integer> values) {
        return new Literal.Tuple(values.stream().<Literal>map(Literal.Int::new).toList());
    }

    private static Literal masks(Ranges a) {
        return new Literal.Tuple(a.endMasks().stream().<Literal>map(Literal.Bool::new).toList());
    }

    private static Ranges readRanges(Spelling.Args a) {
        return new Ranges(
                a.tuple("begins", Literal.Int.class).stream().map(Literal.Int::value).toList(),
                a.tuple("ends", Literal.Int.class).stream().map(Literal.Int::value).toList(),
                a.tuple("end_masks", Literal.Bool.class).stream()
                        .map(Literal.Bool::value)
                        .toList());
    }

    private static Shape reshaped(Ranges a, List<TensorType> in) {
        if (in.size() < 2) {
            throw new ShapeException("reshape_like", "no ref_tensors; need one or more");
        }
        var x = in.get(0).shape();
        var like = in.subList(1, in.size());
        Types.length("reshape_like", "begins", a.begins(), like.size());
        Types.length("reshape_like", "ends", a.ends(), like.size());
        Types.length("reshape_like", "end_masks", a.endMasks(), like.size());
        var dims = new ArrayList<Integer>();
        long size = 1;
        for (int i = 0; i < like.size(); i++) {
            var shape = like.get(i).shape();
            int begin = bound(a.begins().get(i), shape.rank());
            int end = a.endMasks().get(i) ? shape.rank() : bound(a.ends().get(i), shape.rank());
            for (int k = begin; k < end; k++) {
                dims.add(shape.dim(k));
                size = Math.min(size * shape.dim(k), Integer.MAX_VALUE + 1L); // more never fits
            }
        }
        if (size != x.size()) {
            throw new ShapeException(
                    "reshape_like",
                    "cannot view %s (%d elements) as %s; need the same number of elements",
                    x,
                    x.size(),
                    dims);
        }
        return Shape.of(dims);
    }

    /** A bound of a range of dimensions, as Python has it. */
    private static int bound(int index, int rank) {
        return Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
    }

    private static Shape matrix(Flatten a, Shape x) {
        int axis = a.axis() < 0 ? a.axis() + x.rank() : a.axis();
        if (axis < 0 || axis > x.rank()) {
            throw new ShapeException(
                    "flatten2d",
                    "axis %d for shape %s; need %d to %d",
                    a.axis(),
                    x,
                    -x.rank(),
                    x.rank());
        }
        return Shape.of(x.slice(0, axis).size(), x.slice(axis, x.rank()).size());
    }
}
