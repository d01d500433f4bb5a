package jane.op;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Tensors put together, and copies of one. Any dtype. */
public final class Joining {
    /** The axis to join along; interleaved: one slice of each operand in turn. */
    public record Concat(int axis, boolean interleave) {}

    /** The axis of the result that counts the operands. */
    public record Stack(int axis) {}

    /** How many copies along each axis. */
    public record Tile(List<Integer> reps) {
        public Tile {
            reps = List.copyOf(reps);
        }
    }

    /** Operands side by side along one axis, or in turn when interleaved. */
    public static final Op<Concat> CONCAT =
            OpDef.<Concat>named("concat")
                    .type((a, in) -> List.of(joined(a, in)))
                    .vjp(Joining::concatVjp)
                    .mil(
                            Spelling.<Concat>of("concat")
                                    .variadic("values")
                                    .integer("axis", Concat::axis)
                                    .bool("interleave", Concat::interleave, false)
                                    .build(
                                            a ->
                                                    new Concat(
                                                            a.integer("axis"),
                                                            a.bool("interleave"))))
                    .reference(Joining::join)
                    .flops(Cost::none)
                    .build();

    /** Operands of one shape along a new axis. */
    public static final Op<Stack> STACK =
            OpDef.<Stack>named("stack")
                    .type((a, in) -> List.of(stacked(a, in)))
                    .is(Joining::stack)
                    .mil(
                            Spelling.<Stack>of("stack")
                                    .variadic("values")
                                    .integer("axis", Stack::axis)
                                    .build(a -> new Stack(a.integer("axis"))))
                    .reference(
                            (a, in, out) -> {
                                int axis = out.shape().axis(a.axis(), "stack");
                                int inner = out.shape().slice(axis + 1, out.shape().rank()).size();
                                for (int i = 0; i < out.data().length; i++) {
                                    int which = i / inner % in.size();
                                    int from = i / inner / in.size() * inner + i % inner;
                                    out.data()[i] = in.get(which).get(from);
                                }
                            })
                    .flops(Cost::none)
                    .build();

    /** {@code reps[i]} copies of x along each axis i. */
    public static final Op<Tile> TILE =
            OpDef.<Tile>named("tile")
                    .type((a, in) -> List.of(in.get(0).as(tiled(a, in.get(0).shape()))))
                    .vjp(Joining::tileVjp)
                    .mil(
                            Spelling.<Tile>of("tile")
                                    .operand("x")
                                    .ints("reps", Tile::reps)
                                    .build(a -> new Tile(a.ints("reps"))))
                    .reference(
                            (a, in, out) -> {
                                var x = in.get(0);
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, out.shape());
                                    for (int k = 0; k < at.length; k++) {
                                        at[k] %= x.shape().dim(k);
                                    }
                                    out.data()[i] = x.get(Index.ravel(at, x.shape()));
                                }
                            })
                    .flops(Cost::none)
                    .build();

    static final List<Op<?>> ALL = List.of(CONCAT, STACK, TILE);

    private Joining() {}

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

    /** Operands of one shape along a new axis. */
    public static Value stack(List<Value> values, int axis) {
        return Node.of(STACK, new Stack(axis), values).out();
    }

    /** {@code reps[i]} copies along each axis. */
    public static Value tile(Value x, List<Integer> reps) {
        return Node.of(TILE, new Tile(reps), List.of(x)).out();
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
        return first.as(first.shape().with(axis, Types.axisLength("concat", total)));
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
                int end = count * length;
                parts.add(Slicing.slice(dy, axis, Math.min(i, end), end, count));
            } else {
                parts.add(Slicing.slice(dy, axis, begin, begin + length, 1));
            }
            begin += length;
        }
        return parts;
    }

    private static TensorType stacked(Stack a, List<TensorType> in) {
        if (in.isEmpty()) {
            throw new ShapeException("stack", "no operands; need one or more");
        }
        var first = in.get(0);
        for (var x : in) {
            if (!x.equals(first)) {
                throw new ShapeException(
                        "stack", "operands %s and %s; need one type and shape", first, x);
            }
        }
        int rank = first.shape().rank() + 1;
        int axis = a.axis() < 0 ? a.axis() + rank : a.axis();
        if (axis < 0 || axis >= rank) {
            throw new ShapeException(
                    "stack",
                    "axis %d for operands of shape %s; need %d to %d",
                    a.axis(),
                    first.shape(),
                    -rank,
                    rank - 1);
        }
        var dims = new ArrayList<>(first.shape().toList());
        dims.add(axis, in.size());
        return first.as(Shape.of(dims));
    }

    private static Value stack(Node<Stack> n) {
        int axis = n.out().shape().axis(n.attrs().axis(), "stack");
        var shape = n.out().shape().with(axis, 1);
        return concat(n.inputs().stream().map(x -> Movement.reshape(x, shape)).toList(), axis);
    }

    private static Shape tiled(Tile a, Shape x) {
        Types.length("tile", "reps", a.reps(), x.rank());
        Types.atLeast("tile", "reps", a.reps(), 1);
        var dims = new int[x.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Types.axisLength("tile", (long) x.dim(i) * a.reps().get(i));
        }
        return Shape.of(dims);
    }

    /** Each axis becomes (copies, length); the copies are summed. */
    private static List<Value> tileVjp(Node<Tile> n, Value dy) {
        var x = n.in(0).shape();
        var split = new ArrayList<Integer>();
        var copies = new ArrayList<Integer>();
        for (int i = 0; i < x.rank(); i++) {
            if (n.attrs().reps().get(i) > 1) {
                copies.add(split.size());
                split.add(n.attrs().reps().get(i));
            }
            split.add(x.dim(i));
        }
        var parts = Movement.reshape(dy, Shape.of(split));
        return List.of(copies.isEmpty() ? dy : Reductions.sum(parts, copies, false));
    }
}
