package jane.op;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Arrays;
import java.util.List;

/** A part of a tensor replaced by another tensor. Any dtype. */
public final class SliceUpdate {
    /**
     * x with its slice replaced by update. Shapes: update as {@code slice_by_index} gives with the
     * same attributes, y as x. Source: MIL, iOS 18.
     */
    public static final Op<Slicing.Slice> SLICE_UPDATE =
            OpDef.<Slicing.Slice>named("slice_update")
                    .type((a, in) -> List.of(updated(a, in.get(0), in.get(1))))
                    .vjp(
                            (n, dy) -> {
                                var gone = Elementwise.zerosLike(n.in(1));
                                return List.of(
                                        update(dy, gone, n.attrs()), Slicing.slice(dy, n.attrs()));
                            })
                    .mil(
                            Slicing.spelling(
                                    Spelling.<Slicing.Slice>of("slice_update")
                                            .operand("x")
                                            .operand("update")))
                    .defined(SliceUpdate::selected)
                    .reference(
                            (a, in, out) -> {
                                Index.copy(in.get(0), out);
                                var part = in.get(1);
                                for (int i = 0; i < part.data().length; i++) {
                                    int at = Slicing.place(a, i, part.shape(), out.shape());
                                    out.data()[at] = part.get(i);
                                }
                            })
                    .cost(Cost::none, Cost::moved)
                    .build();

    static final List<Op<?>> ALL = List.of(SLICE_UPDATE);

    private SliceUpdate() {}

    /** {@code x} with the slice replaced. */
    public static Value update(Value x, Value update, Slicing.Slice slice) {
        return Node.of(SLICE_UPDATE, slice, List.of(x, update)).out();
    }

    private static TensorType updated(Slicing.Slice a, TensorType x, TensorType update) {
        Types.sameDtype("slice_update", x, update);
        var need = Slicing.sliced("slice_update", a, x);
        if (!need.equals(update)) {
            throw new ShapeException(
                    "slice_update",
                    "update of shape %s for a slice of %s; need %s",
                    update.shape(),
                    x.shape(),
                    need.shape());
        }
        return x;
    }

    /** The update among zeros, chosen where each axis is within the slice. */
    private static Value selected(Node<Slicing.Slice> n) {
        var x = n.in(0);
        var y = Slicing.spread(n.in(1), n.attrs(), x.shape());
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            var inside = inside(n.attrs(), axis, x.shape());
            if (Arrays.stream(inside).anyMatch(v -> v == 0)) {
                var dims = new int[x.shape().rank() - axis];
                Arrays.fill(dims, 1);
                dims[0] = inside.length;
                var mask = ConstData.of(new TensorType(DType.BOOL, Shape.of(dims)), inside);
                y = Logic.select(Leaf.constant(mask), y, x);
            }
        }
        return y;
    }

    /** 1 for each index of an axis that the slice has. */
    private static double[] inside(Slicing.Slice a, int axis, Shape x) {
        var inside = new double[x.dim(axis)];
        for (int i = 0; i < a.count(axis); i++) {
            inside[a.begin().get(axis) + i * a.stride().get(axis)] = 1;
        }
        return inside;
    }
}
