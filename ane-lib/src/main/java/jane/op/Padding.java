package jane.op;

import jane.ir.DType;
import jane.ir.Dense;
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

/** Borders. */
public final class Padding {
    /**
     * Amounts before and after per axis, for the last axes; what to put there: {@code constant}
     * (the value), {@code reflect} (the inside mirrored at its edge) or {@code replicate} (the
     * edge).
     */
    public record Pad(List<Integer> pad, String mode, double value) {
        public Pad {
            pad = List.copyOf(pad);
        }

        /** Whether the border is one value. */
        public boolean isConstant() {
            return mode.equals("constant");
        }
    }

    /** A border around the last axes. */
    public static final Op<Pad> PAD =
            OpDef.<Pad>named("pad")
                    .type((a, in) -> List.of(in.get(0).as(padded(a, in.get(0).shape()))))
                    .vjp(Padding::vjp)
                    .mil(
                            Spelling.<Pad>of("pad")
                                    .operand("x")
                                    .ints("pad", Pad::pad)
                                    .string("mode", Pad::mode, "constant")
                                    .number("constant_val", Pad::value, 0)
                                    .build(
                                            a ->
                                                    new Pad(
                                                            a.ints("pad"),
                                                            a.string("mode"),
                                                            a.number("constant_val"))))
                    .reference((a, in, out) -> loop(a, in.get(0), out))
                    .flops(Cost::none)
                    .build();

    static final List<Op<?>> ALL = List.of(PAD);

    private Padding() {}

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
        return pad(x, new Pad(amounts, "constant", x.dtype().round(value)));
    }

    /** A border of any mode; {@code x} itself if all amounts are 0. */
    public static Value pad(Value x, Pad attrs) {
        return attrs.pad().stream().allMatch(p -> p == 0)
                ? x
                : Node.of(PAD, attrs, List.of(x)).out();
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
        Types.oneOf("pad", "mode", a.mode(), List.of("constant", "reflect", "replicate"));
        var dims = x.toArray();
        for (int i = 0; i < covered; i++) {
            int at = x.rank() - covered + i;
            int before = a.pad().get(2 * i);
            int after = a.pad().get(2 * i + 1);
            checkInside(a, x, at, Math.max(before, after));
            dims[at] = Types.axisLength("pad", (long) dims[at] + before + after);
        }
        return Shape.of(dims);
    }

    private static void checkInside(Pad a, Shape x, int axis, int most) {
        int room = a.mode().equals("reflect") ? x.dim(axis) - 1 : x.dim(axis);
        if (!a.isConstant() && most > 0 && most > room) {
            throw new ShapeException(
                    "pad",
                    "%s by %d on axis %d of shape %s; need at most %d",
                    a.mode(),
                    most,
                    axis,
                    x,
                    Math.max(0, room));
        }
    }

    /** Index inside an axis of {@code size} that the border at {@code i} repeats; -1 for none. */
    private static int source(String mode, int i, int size) {
        if (i >= 0 && i < size) {
            return i;
        }
        return switch (mode) {
            case "reflect" -> i < 0 ? -i : 2 * (size - 1) - i;
            case "replicate" -> i < 0 ? 0 : size - 1;
            default -> -1;
        };
    }

    private static void loop(Pad a, Dense x, Dense y) {
        var before = before(a, y.shape().rank());
        Arrays.fill(y.data(), a.value());
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            boolean inside = true;
            for (int k = 0; k < at.length; k++) {
                at[k] = source(a.mode(), at[k] - before[k], x.shape().dim(k));
                inside &= at[k] >= 0;
            }
            if (inside) {
                y.data()[i] = x.get(Index.ravel(at, x.shape()));
            }
        }
    }

    private static List<Value> vjp(Node<Pad> n, Value dy) {
        var x = n.in(0).shape();
        var before = before(n.attrs(), x.rank());
        for (int i = 0; i < before.length; i++) {
            int size = x.dim(i);
            if (n.attrs().isConstant() || dy.shape().dim(i) == size) {
                dy = Slicing.slice(dy, i, before[i], before[i] + size, 1);
            } else {
                dy = folded(n.attrs().mode(), dy, i, before[i], size);
            }
        }
        return List.of(dy);
    }

    /** Each slice of the border added to the one it repeats. */
    private static Value folded(String mode, Value dy, int axis, int before, int size) {
        var sources = new double[dy.shape().dim(axis)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = source(mode, i - before, size);
        }
        var at = new TensorType(DType.INT32, Shape.of(sources.length));
        var zeros = Movement.fill(dy.type().as(dy.shape().with(axis, size)), 0);
        return Indexing.scatterAdd(zeros, Indexing.constant(at, sources), dy, axis);
    }
}
