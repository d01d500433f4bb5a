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
import java.util.List;

/**
 * 2-D convolution and its transpose. x is [N, C, H, W]; Co, Ci: channels out and in; g: groups. The
 * gradients are convolutions too, so they have gradients of their own.
 */
public final class Convolution {
    /** Strides and dilations for H and W, pad_type, pad (top, bottom, left, right), groups. */
    public record Conv(
            List<Integer> strides,
            String padType,
            List<Integer> pad,
            List<Integer> dilations,
            int groups)
            implements Window.WindowAttrs {
        public Conv {
            strides = List.copyOf(strides);
            pad = List.copyOf(pad);
            dilations = List.copyOf(dilations);
        }

        /** Stride, padding and dilation alike on both axes and sides. */
        public static Conv of(int stride, int pad, int dilation, int groups) {
            return new Conv(
                    List.of(stride, stride),
                    "custom",
                    List.of(pad, pad, pad, pad),
                    List.of(dilation, dilation),
                    groups);
        }

        Conv with(List<Integer> newPad, int newGroups) {
            return new Conv(strides, "custom", newPad, dilations, newGroups);
        }

        /** Strides as dilations and the other way round: the weight gradient's windows. */
        Conv swapped(List<Integer> newPad) {
            return new Conv(dilations, "custom", newPad, strides, 1);
        }
    }

    /** x [N, Ci, H, W] with weight [Co, Ci/g, kH, kW] gives [N, Co, H', W']. */
    public static final Op<Conv> CONV =
            OpDef.<Conv>named("conv")
                    .type((a, in) -> List.of(convType(a, in.get(0), in.get(1))))
                    .vjp(Convolution::convVjp)
                    .mil(spelling("conv", "weight", "x"))
                    .reference((a, in, out) -> convLoop(a, in.get(0), in.get(1), out))
                    .flops(n -> 2L * n.out().shape().size() * n.in(1).shape().slice(1, 4).size())
                    .build();

    /**
     * x [N, Ci, H, W] with weight [Ci, Co/g, kH, kW] gives [N, Co, (H-1)s + d(k-1)+1 - pads, W'].
     */
    public static final Op<Conv> CONV_TRANSPOSE =
            OpDef.<Conv>named("conv_transpose")
                    .type((a, in) -> List.of(transposeType(a, in.get(0), in.get(1))))
                    .vjp(Convolution::transposeVjp)
                    .mil(spelling("conv_transpose", "weight", "x"))
                    .reference((a, in, out) -> transposeLoop(a, in.get(0), in.get(1), out))
                    .flops(n -> 2L * n.in(0).shape().size() * n.in(1).shape().slice(1, 4).size())
                    .build();

    static final List<Op<?>> ALL = List.of(CONV, CONV_TRANSPOSE);

    private static final List<Integer> SWAP = List.of(1, 0, 2, 3);

    private Convolution() {}

    /** Convolution (cross-correlation, as everywhere in this field). */
    public static Value conv(Value x, Value weight, Conv attrs) {
        return Node.of(CONV, attrs, List.of(x, weight)).out();
    }

    /** The adjoint of {@link #conv} in x. */
    public static Value convTranspose(Value x, Value weight, Conv attrs) {
        return Node.of(CONV_TRANSPOSE, attrs, List.of(x, weight)).out();
    }

    private static Spelling<Conv> spelling(String op, String weight, String x) {
        return Spelling.<Conv>of(op)
                .operand(x)
                .operand(weight)
                .attr("strides", Literal.Kind.INTS, a -> new Literal.Ints(a.strides()), ints(1, 1))
                .attr(
                        "pad_type",
                        Literal.Kind.STRING,
                        a -> new Literal.Str(a.padType()),
                        new Literal.Str("valid"))
                .attr("pad", Literal.Kind.INTS, a -> new Literal.Ints(a.pad()), ints(0, 0, 0, 0))
                .attr(
                        "dilations",
                        Literal.Kind.INTS,
                        a -> new Literal.Ints(a.dilations()),
                        ints(1, 1))
                .attr(
                        "groups",
                        Literal.Kind.INT,
                        a -> new Literal.Int(a.groups()),
                        new Literal.Int(1))
                .build(
                        a ->
                                new Conv(
                                        a.ints("strides"),
                                        a.string("pad_type"),
                                        a.ints("pad"),
                                        a.ints("dilations"),
                                        a.integer("groups")));
    }

    private static Literal ints(Integer... values) {
        return new Literal.Ints(List.of(values));
    }

    private static void check(String op, Conv a, TensorType x, TensorType w) {
        Types.floats(op, x);
        Types.sameDtype(op, x, w);
        Types.rank(op, x, 4, "[N, C, H, W]");
        Types.rank(op, w, 4, "[channels, channels/groups, kH, kW]");
        a.check(op);
        if (a.groups() < 1 || x.shape().dim(1) % a.groups() != 0) {
            throw new ShapeException(
                    op, "%d groups for %d channels; need a divisor", a.groups(), x.shape().dim(1));
        }
    }

    private static Window window(Conv a, Shape x, Shape w, int i) {
        return Window.of("conv", i, x.dim(2 + i), w.dim(2 + i), a);
    }

    private static TensorType convType(Conv a, TensorType x, TensorType w) {
        check("conv", a, x, w);
        int channels = x.shape().dim(1) / a.groups();
        if (w.shape().dim(1) != channels || w.shape().dim(0) % a.groups() != 0) {
            throw new ShapeException(
                    "conv",
                    "x %s with weight %s and %d groups; need weight [Co, %d, kH, kW] with Co a"
                            + " multiple of the groups",
                    x.shape(),
                    w.shape(),
                    a.groups(),
                    channels);
        }
        return x.as(
                Shape.of(
                        x.shape().dim(0),
                        w.shape().dim(0),
                        window(a, x.shape(), w.shape(), 0).count(),
                        window(a, x.shape(), w.shape(), 1).count()));
    }

    private static TensorType transposeType(Conv a, TensorType x, TensorType w) {
        String op = "conv_transpose";
        check(op, a, x, w);
        if (w.shape().dim(0) != x.shape().dim(1)) {
            throw new ShapeException(
                    op,
                    "x %s with weight %s; need weight [%d, Co/groups, kH, kW]",
                    x.shape(),
                    w.shape(),
                    x.shape().dim(1));
        }
        if (!a.padType().equals("custom") && !a.padType().equals("valid")) {
            throw new ShapeException(op, "pad_type \"%s\"; need valid or custom", a.padType());
        }
        return x.as(
                Shape.of(
                        x.shape().dim(0),
                        w.shape().dim(1) * a.groups(),
                        grown(a, x.shape(), w.shape(), 0),
                        grown(a, x.shape(), w.shape(), 1)));
    }

    private static int grown(Conv a, Shape x, Shape w, int i) {
        var pad = pads(a, i);
        long size =
                (x.dim(2 + i) - 1L) * a.strides().get(i)
                        + (long) a.dilations().get(i) * (w.dim(2 + i) - 1)
                        + 1
                        - pad[0]
                        - pad[1];
        if (size < 0 || size > Integer.MAX_VALUE || x.dim(2 + i) < 1 || w.dim(2 + i) < 1) {
            throw new ShapeException(
                    "conv_transpose",
                    "image axis %d of %s with kernel %s and padding %d and %d gives length %d; need"
                            + " an image, a kernel, and a length of 0 to 2^31 - 1",
                    i,
                    x,
                    w,
                    pad[0],
                    pad[1],
                    size);
        }
        return (int) size;
    }

    private static int[] pads(Conv a, int i) {
        return a.padType().equals("custom")
                ? new int[] {a.pad().get(2 * i), a.pad().get(2 * i + 1)}
                : new int[2];
    }

    private static List<Value> convVjp(Node<Conv> n, Value dy) {
        var x = n.in(0);
        var w = n.in(1);
        var h = window(n.attrs(), x.shape(), w.shape(), 0);
        var v = window(n.attrs(), x.shape(), w.shape(), 1);
        var pad = List.of(h.before(), h.after(), v.before(), v.after());
        var custom = n.attrs().with(pad, n.attrs().groups());
        return List.of(imageGradient(n, dy, h, v), weightGradient(x, dy, w.shape(), custom));
    }

    /** Cotangent of the image: the windows laid back onto it, what sticks out cut off. */
    private static Value imageGradient(Node<Conv> n, Value dy, Window h, Window v) {
        var x = n.in(0);
        if (h.reach() <= h.before() || v.reach() <= v.before()) {
            return Elementwise.zerosLike(x); // every window lies in the padding
        }
        var cut = List.of(h.before(), h.overhang(), v.before(), v.overhang());
        var dx = convTranspose(dy, n.in(1), n.attrs().with(cut, n.attrs().groups()));
        // Rows that no window reached (the stride left them over) get zeros.
        dx = Movement.pad(dx, 2, 0, x.shape().dim(2) - dx.shape().dim(2), 0);
        return Movement.pad(dx, 3, 0, x.shape().dim(3) - dx.shape().dim(3), 0);
    }

    private static List<Value> transposeVjp(Node<Conv> n, Value dy) {
        var a = n.attrs();
        var h = pads(a, 0);
        var v = pads(a, 1);
        var custom = a.with(List.of(h[0], h[1], v[0], v[1]), a.groups());
        var dx = conv(dy, n.in(1), custom);
        // The transpose is linear in the weight as the convolution is: only the roles change.
        return List.of(dx, weightGradient(dy, n.in(0), n.in(1).shape(), custom));
    }

    /**
     * Cotangent of the weight of {@code conv(x, w)}: x and dy meet in a convolution over the batch,
     * with strides and dilations exchanged.
     */
    private static Value weightGradient(Value x, Value dy, Shape w, Conv a) {
        int in = x.shape().dim(1) / a.groups();
        int out = dy.shape().dim(1) / a.groups();
        var parts = new ArrayList<Value>();
        for (int g = 0; g < a.groups(); g++) {
            var xg = Movement.transpose(Movement.slice(x, 1, g * in, (g + 1) * in, 1), SWAP);
            var dyg = Movement.transpose(Movement.slice(dy, 1, g * out, (g + 1) * out, 1), SWAP);
            var dw = conv(xg, dyg, a.swapped(a.pad())); // [in, out, >= kH, >= kW]
            dw = Movement.slice(dw, 2, 0, w.dim(2), 1);
            dw = Movement.slice(dw, 3, 0, w.dim(3), 1);
            parts.add(Movement.transpose(dw, SWAP));
        }
        return Movement.concat(parts, 0);
    }

    private static void convLoop(Conv a, Dense x, Dense w, Dense y) {
        var h = window(a, x.shape(), w.shape(), 0);
        var v = window(a, x.shape(), w.shape(), 1);
        int in = w.shape().dim(1);
        int out = y.shape().dim(1) / a.groups();
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            double sum = 0;
            for (int k = 0; k < w.shape().slice(1, 4).size(); k++) {
                var tap = Index.unravel(k, w.shape().slice(1, 4));
                int row = h.at(at[2], tap[1]);
                int col = v.at(at[3], tap[2]);
                if (h.inside(row) && v.inside(col)) {
                    int channel = at[1] / out * in + tap[0];
                    sum +=
                            x.get(Index.ravel(new int[] {at[0], channel, row, col}, x.shape()))
                                    * w.get(at[1] * w.shape().slice(1, 4).size() + k);
                }
            }
            y.data()[i] = sum;
        }
    }

    private static void transposeLoop(Conv a, Dense x, Dense w, Dense y) {
        int out = w.shape().dim(1);
        int in = x.shape().dim(1) / a.groups();
        var taps = w.shape().slice(1, 4);
        for (int i = 0; i < x.data().length; i++) {
            var at = Index.unravel(i, x.shape());
            for (int k = 0; k < taps.size(); k++) {
                var tap = Index.unravel(k, taps);
                int row = at[2] * a.strides().get(0) + tap[1] * a.dilations().get(0);
                int col = at[3] * a.strides().get(1) + tap[2] * a.dilations().get(1);
                row -= pads(a, 0)[0];
                col -= pads(a, 1)[0];
                if (row >= 0 && row < y.shape().dim(2) && col >= 0 && col < y.shape().dim(3)) {
                    int channel = at[1] / in * out + tap[0];
                    var to = new int[] {at[0], channel, row, col};
                    y.data()[Index.ravel(to, y.shape())] +=
                            x.get(i) * w.get(at[1] * taps.size() + k);
                }
            }
        }
    }
}
