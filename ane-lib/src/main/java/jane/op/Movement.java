package jane.op;

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
import java.util.Optional;
import java.util.TreeSet;

/** Filled tensors, and the same values under another shape or order of axes. Any dtype. */
public final class Movement {
    /** The result's shape, or a permutation, as a list. */
    public record Dims(List<Integer> dims) {
        public Dims {
            dims = List.copyOf(dims);
        }
    }

    /** Axes; negative counts from the end. */
    public record AxisList(List<Integer> axes) {
        public AxisList {
            axes = List.copyOf(axes);
        }
    }

    /** The type and value of a {@code fill}; the value is rounded to the type. */
    public record Fill(TensorType type, double value) {
        public Fill {
            value = type.dtype().round(value);
        }
    }

    /** One value everywhere. MIL infers the dtype from the value. */
    public static final Op<Fill> FILL =
            OpDef.<Fill>named("fill")
                    .type((a, in) -> List.of(a.type()))
                    .vjp((n, dy) -> List.of())
                    .mil(
                            Spelling.<Fill>of("fill")
                                    .ints("shape", a -> a.type().shape().toList())
                                    .maybe("value", Literal.Kind.SCALAR, Movement::fillValue)
                                    .build(Movement::readFill))
                    .reference((a, in, out) -> Arrays.fill(out.data(), a.value()))
                    .flops(Cost::none)
                    .build();

    /**
     * The same elements in row-major order under another shape; one -1 is inferred, and a 0 copies
     * x's dimension if the rank stays and x is not empty.
     */
    public static final Op<Dims> RESHAPE =
            OpDef.<Dims>named("reshape")
                    .type((a, in) -> List.of(in.get(0).as(reshaped(a, in.get(0).shape()))))
                    .vjp((n, dy) -> List.of(reshape(dy, n.in(0).shape())))
                    .mil(
                            Spelling.<Dims>of("reshape")
                                    .operand("x")
                                    .ints("shape", Dims::dims)
                                    .build(a -> new Dims(a.ints("shape"))))
                    .reference((a, in, out) -> Index.copy(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** Axes in another order: {@code y.dim(i) = x.dim(perm[i])}. */
    public static final Op<Dims> TRANSPOSE =
            OpDef.<Dims>named("transpose")
                    .type((a, in) -> List.of(in.get(0).as(permuted(a, in.get(0).shape()))))
                    .vjp((n, dy) -> List.of(transpose(dy, inverse(n))))
                    .mil(
                            Spelling.<Dims>of("transpose")
                                    .operand("x")
                                    .ints("perm", Dims::dims)
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
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** Axes of length 1 put in, so that they are {@code axes} of the result. */
    public static final Op<AxisList> EXPAND_DIMS =
            OpDef.<AxisList>named("expand_dims")
                    .type((a, in) -> List.of(in.get(0).as(expanded(a, in.get(0).shape()))))
                    .is(n -> reshape(n.in(0), n.out().shape()))
                    .mil(
                            Spelling.<AxisList>of("expand_dims")
                                    .operand("x")
                                    .ints("axes", AxisList::axes)
                                    .build(a -> new AxisList(a.ints("axes"))))
                    .reference((a, in, out) -> Index.copy(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** Axes of length 1 taken away; those of another length stay, as MIL has it. */
    public static final Op<AxisList> SQUEEZE =
            OpDef.<AxisList>named("squeeze")
                    .type((a, in) -> List.of(in.get(0).as(squeezed(a, in.get(0).shape()))))
                    .is(n -> reshape(n.in(0), n.out().shape()))
                    .mil(
                            Spelling.<AxisList>of("squeeze")
                                    .operand("x")
                                    .intsOr("axes", AxisList::axes)
                                    .build(a -> new AxisList(a.intsOr("axes", ones(a.shape(0))))))
                    .reference((a, in, out) -> Index.copy(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    static final List<Op<?>> ALL = List.of(FILL, RESHAPE, TRANSPOSE, EXPAND_DIMS, SQUEEZE);

    private Movement() {}

    /** A tensor of {@code value}. */
    public static Value fill(TensorType type, double value) {
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

    /** An axis of length 1 put in before {@code axis}. */
    public static Value expandDims(Value x, int axis) {
        return Node.of(EXPAND_DIMS, new AxisList(List.of(axis)), List.of(x)).out();
    }

    /** Axes of length 1 taken away. */
    public static Value squeeze(Value x, List<Integer> axes) {
        return Node.of(SQUEEZE, new AxisList(axes), List.of(x)).out();
    }

    private static Optional<Literal> fillValue(Fill a) {
        return Optional.of(new Literal.Scalar(a.type().dtype(), a.value()));
    }

    private static Fill readFill(Spelling.Args a) {
        var shape = Shape.of(a.ints("shape"));
        if (!a.has("value")) {
            return new Fill(a.results().get(0).as(shape), 0);
        }
        var value = a.scalar("value");
        return new Fill(new TensorType(value.dtype(), shape), value.value());
    }

    private static Shape reshaped(Dims a, Shape x) {
        var dims = a.dims().stream().mapToInt(Integer::intValue).toArray();
        long known = 1;
        int free = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && dims.length == x.rank() && x.size() > 0) {
                dims[i] = x.dim(i);
            }
            if (dims[i] == -1 && free < 0) {
                free = i;
            } else if (dims[i] < 0) {
                throw new ShapeException(
                        "reshape",
                        "shape %s: need dimensions of 0 or more and at most one -1",
                        a.dims());
            } else {
                known = Math.min(known * dims[i], Integer.MAX_VALUE + 1L); // more never fits
            }
        }
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

    private static Shape expanded(AxisList a, Shape x) {
        int rank = x.rank() + a.axes().size();
        var at = new TreeSet<Integer>();
        for (int axis : a.axes()) {
            int positive = axis < 0 ? axis + rank : axis;
            if (positive < 0 || positive >= rank || !at.add(positive)) {
                throw new ShapeException(
                        "expand_dims",
                        "axes %s for shape %s; need each of %d to %d at most once",
                        a.axes(),
                        x,
                        -rank,
                        rank - 1);
            }
        }
        var dims = new ArrayList<>(x.toList());
        at.forEach(axis -> dims.add(axis, 1));
        return Shape.of(dims);
    }

    private static Shape squeezed(AxisList a, Shape x) {
        var gone = new TreeSet<Integer>();
        a.axes().forEach(axis -> gone.add(x.axis(axis, "squeeze")));
        var kept = Reductions.all(x).stream().filter(i -> !gone.contains(i) || x.dim(i) != 1);
        return Shape.of(kept.map(x::dim).toList());
    }

    private static List<Integer> ones(Shape x) {
        return Reductions.all(x).stream().filter(i -> x.dim(i) == 1).toList();
    }
}
