package jane.op;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Tensors made from numbers and shapes, and bands of matrices. */
public final class Generators {
    /** First number, bound that is not reached, and step, all of one dtype. */
    public record Range(DType dtype, double start, double end, double step) {}

    /**
     * Classes, the axis of the result that counts them, the dtype and values of a hit and a miss.
     */
    public record OneHot(int size, int axis, DType dtype, double on, double off) {}

    /** Diagonals to keep below and above the main one; negative keeps all. */
    public record Band(int lower, int upper) {}

    /** {@code start, start + step, ...} before {@code end}. */
    public static final Op<Range> RANGE_1D =
            OpDef.<Range>named("range_1d")
                    .type((a, in) -> List.of(new TensorType(a.dtype(), Shape.of(count(a)))))
                    .vjp((n, dy) -> List.of())
                    .mil(
                            Spelling.<Range>of("range_1d")
                                    .attr(
                                            "end",
                                            Literal.Kind.SCALAR,
                                            a -> new Literal.Scalar(a.dtype(), a.end()))
                                    .attr(
                                            "start",
                                            Literal.Kind.SCALAR,
                                            a -> new Literal.Scalar(a.dtype(), a.start()))
                                    .attr(
                                            "step",
                                            Literal.Kind.SCALAR,
                                            a -> new Literal.Scalar(a.dtype(), a.step()))
                                    .build(Generators::readRange))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    out.data()[i] = a.start() + i * a.step();
                                }
                            })
                    .build();

    /**
     * A vector per index with {@code on} at the index and {@code off} elsewhere; all off for an
     * index out of range. Shapes: indices (*I) int32, y (*I) with an axis of {@code size} put in.
     */
    public static final Op<OneHot> ONE_HOT =
            OpDef.<OneHot>named("one_hot")
                    .type((a, in) -> List.of(oneHotType(a, in.get(0))))
                    .notDifferentiable()
                    .mil(
                            Spelling.<OneHot>of("one_hot")
                                    .operand("indices")
                                    .integer("one_hot_vector_size", OneHot::size)
                                    .integer("axis", OneHot::axis, -1)
                                    .attr(
                                            "on_value",
                                            Literal.Kind.SCALAR,
                                            a -> new Literal.Scalar(a.dtype(), a.on()),
                                            new Literal.Scalar(DType.INT32, 1))
                                    .attr(
                                            "off_value",
                                            Literal.Kind.SCALAR,
                                            a -> new Literal.Scalar(a.dtype(), a.off()),
                                            new Literal.Scalar(DType.INT32, 0))
                                    .build(Generators::readOneHot))
                    .reference(
                            (a, in, out) -> {
                                int axis = out.shape().axis(a.axis(), "one_hot");
                                int inner = out.shape().slice(axis + 1, out.shape().rank()).size();
                                for (int i = 0; i < out.data().length; i++) {
                                    int which = i / inner / a.size() * inner + i % inner;
                                    boolean hit = in.get(0).get(which) == i / inner % a.size();
                                    out.data()[i] = hit ? a.on() : a.off();
                                }
                            })
                    .flops(Cost::none)
                    .build();

    /** The last two axes as a matrix, zeros outside a band around its diagonal. */
    public static final Op<Band> BAND_PART =
            OpDef.<Band>named("band_part")
                    .type(
                            (a, in) -> {
                                if (in.get(0).shape().rank() < 2) {
                                    throw new ShapeException(
                                            "band_part",
                                            "input has shape %s; need rank 2 or more",
                                            in.get(0).shape());
                                }
                                return List.of(in.get(0));
                            })
                    .vjp((n, dy) -> List.of(band(dy, n.attrs())))
                    .mil(
                            Spelling.<Band>of("band_part")
                                    .operand("x")
                                    .integer("lower", Band::lower, -1)
                                    .integer("upper", Band::upper, -1)
                                    .build(a -> new Band(a.integer("lower"), a.integer("upper"))))
                    .defined(
                            n ->
                                    Logic.select(
                                            mask(n.attrs(), n.out().shape()),
                                            n.in(0),
                                            Elementwise.like(n.in(0), 0)))
                    .reference(
                            (a, in, out) -> {
                                int rows = out.shape().dim(-2);
                                int columns = out.shape().dim(-1);
                                for (int i = 0; i < out.data().length; i++) {
                                    boolean in0 = keeps(a, i / columns % rows, i % columns);
                                    out.data()[i] = in0 ? in.get(0).get(i) : 0;
                                }
                            })
                    .flops(Cost::none)
                    .build();

    /** The dimensions of x as int32, which are known beforehand. */
    public static final Op<NoAttrs> SHAPE =
            OpDef.<NoAttrs>named("shape")
                    .type(
                            (a, in) ->
                                    List.of(
                                            new TensorType(
                                                    DType.INT32,
                                                    Shape.of(in.get(0).shape().rank()))))
                    .notDifferentiable()
                    .mil(Elementwise.spell("shape", "x"))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    out.data()[i] = in.get(0).shape().dim(i);
                                }
                            })
                    .cost(Cost::none, Cost::written)
                    .build();

    static final List<Op<?>> ALL = List.of(RANGE_1D, ONE_HOT, BAND_PART, SHAPE);

    private Generators() {}

    /** Evenly spaced numbers. */
    public static Value range(DType dtype, double start, double end, double step) {
        return Node.of(RANGE_1D, new Range(dtype, start, end, step), List.of()).out();
    }

    /** 1 at each index, 0 elsewhere, along a new last axis of {@code size}. */
    public static Value oneHot(Value indices, int size, DType dtype) {
        return Node.of(ONE_HOT, new OneHot(size, -1, dtype, 1, 0), List.of(indices)).out();
    }

    /** A band around the diagonal. */
    public static Value band(Value x, Band attrs) {
        return Node.of(BAND_PART, attrs, List.of(x)).out();
    }

    private static int count(Range a) {
        double count = Math.ceil((a.end() - a.start()) / a.step());
        if (a.step() == 0 || a.dtype() == DType.BOOL || !(count < Integer.MAX_VALUE)) {
            throw new ShapeException(
                    "range_1d",
                    "%s from %s to %s in steps of %s; need numbers, a step other than 0 and fewer"
                            + " than 2^31 of them",
                    a.dtype(),
                    a.start(),
                    a.end(),
                    a.step());
        }
        return (int) Math.max(0, count);
    }

    private static Range readRange(Spelling.Args a) {
        var start = a.scalar("start");
        for (var other : List.of(a.scalar("end"), a.scalar("step"))) {
            if (other.dtype() != start.dtype()) {
                throw new ShapeException(
                        "range_1d",
                        "start is %s and another is %s; need one type",
                        start.dtype(),
                        other.dtype());
            }
        }
        return new Range(
                start.dtype(), start.value(), a.scalar("end").value(), a.scalar("step").value());
    }

    private static OneHot readOneHot(Spelling.Args a) {
        var on = a.scalar("on_value");
        var off = a.scalar("off_value");
        if (on.dtype() != off.dtype()) {
            throw new ShapeException(
                    "one_hot",
                    "on_value is %s and off_value %s; need one type: write both out",
                    on.dtype(),
                    off.dtype());
        }
        return new OneHot(
                a.integer("one_hot_vector_size"),
                a.integer("axis"),
                on.dtype(),
                on.value(),
                off.value());
    }

    private static TensorType oneHotType(OneHot a, TensorType indices) {
        if (indices.dtype() != DType.INT32) {
            throw new ShapeException(
                    "one_hot", "indices are %s; need int32: cast them first", indices.dtype());
        }
        int rank = indices.shape().rank() + 1;
        int axis = a.axis() < 0 ? a.axis() + rank : a.axis();
        if (axis < 0 || axis >= rank || a.size() < 0) {
            throw new ShapeException(
                    "one_hot",
                    "%d classes along axis %d for indices %s; need 0 or more, and axis %d to %d",
                    a.size(),
                    a.axis(),
                    indices.shape(),
                    -rank,
                    rank - 1);
        }
        var dims = new ArrayList<>(indices.shape().toList());
        dims.add(axis, a.size());
        return new TensorType(a.dtype(), Shape.of(dims));
    }

    private static boolean keeps(Band a, int row, int column) {
        boolean below = a.lower() < 0 || row - column <= a.lower();
        return below && (a.upper() < 0 || column - row <= a.upper());
    }

    private static Value mask(Band a, Shape x) {
        var type = new TensorType(DType.BOOL, x.slice(x.rank() - 2, x.rank()));
        var mask = new double[type.shape().size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = keeps(a, i / x.dim(-1), i % x.dim(-1)) ? 1 : 0;
        }
        return Leaf.constant(ConstData.of(type, mask));
    }
}
