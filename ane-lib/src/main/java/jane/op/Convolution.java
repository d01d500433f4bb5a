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
import java.util.stream.IntStream;

/**
 * Convolution over 1 to 3 image axes. x is [N, C, ...]; Co, Ci: channels out and in; g: groups; K:
 * the kernel's size per image axis. The gradients are convolutions too, so they have gradients of
 * their own.
 */
public final class Convolution {
    /**
     * Strides and dilations per image axis, pad_type, pad (before, after per axis), groups; of a
     * transposed convolution the result's whole shape too, empty for what the windows give.
     */
    public record Conv(
            List<Integer> strides,
            String padType,
            List<Integer> pad,
            List<Integer> dilations,
            int groups,
            List<Integer> outputShape)
            implements Window.WindowAttrs {
        public Conv {
            strides = List.copyOf(strides);
            pad = List.copyOf(pad);
            dilations = List.copyOf(dilations);
            outputShape = List.copyOf(outputShape);
        }

        /** With the result's shape as the windows give it. */
        public Conv(
                List<Integer> strides,
                String padType,
                List<Integer> pad,
                List<Integer> dilations,
                int groups) {
            this(strides, padType, pad, dilations, groups, List.of());
        }

        /** Over two image axes; stride, padding and dilation alike on both axes and sides. */
        public static Conv of(int stride, int pad, int dilation, int groups) {
            return new Conv(
                    List.of(stride, stride),
                    "custom",
                    List.of(pad, pad, pad, pad),
                    List.of(dilation, dilation),
                    groups);
        }

        Conv with(List<Integer> newPad) {
            return new Conv(strides, "custom", newPad, dilations, groups);
        }

        /** Strides as dilations and the other way round: the weight gradient's windows. */
        Conv swapped() {
            return new Conv(dilations, "custom", pad, strides, 1);
        }

        /** The same on an image of height 1 before the one axis. */
        Conv widened() {
            return new Conv(
                    List.of(1, strides.get(0)),
                    padType,
                    List.of(0, 0, pad.get(0), pad.get(1)),
                    List.of(1, dilations.get(0)),
                    groups);
        }
    }

    /** x [N, Ci, ...] with weight [Co, Ci/g, K] and maybe a bias [Co] gives [N, Co, ...]. */
    public static final Op<Conv> CONV =
            OpDef.<Conv>named("conv")
                    .type((a, in) -> List.of(type(a, in)))
                    .vjp(Convolution::vjp)
                    .defined(n -> simpler(n, false))
                    .mil(spelling("conv").build(Convolution::read))
                    .reference(Convolution::loop)
                    .flops(n -> 2L * n.out().shape().size() * taps(n.in(1).shape()).size())
                    .build();

    /**
     * The adjoint of {@link #CONV} in x: x [N, Ci, ...] with weight [Ci, Co/g, K] and maybe a bias
     * [Co] gives [N, Co, ...], {@code (D - 1) s + d (k - 1) + 1 - pads} long on each image axis, or
     * {@code D s} for pad_type same.
     */
    public static final Op<Conv> CONV_TRANSPOSE =
            OpDef.<Conv>named("conv_transpose")
                    .type((a, in) -> List.of(TransposedConvolution.type(a, in)))
                    .vjp(TransposedConvolution::vjp)
                    .defined(TransposedConvolution::simpler)
                    .mil(
                            spelling("conv_transpose")
                                    .maybe(
                                            "output_shape",
                                            Literal.Kind.INTS,
                                            TransposedConvolution::outputShape)
                                    .build(TransposedConvolution::read))
                    .reference(TransposedConvolution::loop)
                    .flops(n -> 2L * n.in(0).shape().size() * taps(n.in(1).shape()).size())
                    .build();

    static final List<Op<?>> ALL = List.of(CONV, CONV_TRANSPOSE);

    private Convolution() {}

    /** Convolution (cross-correlation, as everywhere in this field). */
    public static Value conv(Value x, Value weight, Conv attrs) {
        return Node.of(CONV, attrs, List.of(x, weight)).out();
    }

    /** Convolution with a bias [Co]. */
    public static Value conv(Value x, Value weight, Value bias, Conv attrs) {
        return Node.of(CONV, attrs, List.of(x, weight, bias)).out();
    }

    /** The adjoint of {@link #conv} in x. */
    public static Value convTranspose(Value x, Value weight, Conv attrs) {
        return Node.of(CONV_TRANSPOSE, attrs, List.of(x, weight)).out();
    }

    static Spelling.Builder<Conv> spelling(String op) {
        return Spelling.<Conv>of(op)
                .operand("x")
                .operand("weight")
                .optional("bias", 0)
                .intsOr("strides", Conv::strides)
                .string("pad_type", Conv::padType, "valid")
                .intsOr("pad", Conv::pad)
                .intsOr("dilations", Conv::dilations)
                .integer("groups", Conv::groups, 1);
    }

    static Conv read(Spelling.Args a) {
        int axes = Math.max(0, a.shape(0).rank() - 2);
        var ones = Collections.nCopies(axes, 1);
        return new Conv(
                a.intsOr("strides", ones),
                a.string("pad_type"),
                a.intsOr("pad", Collections.nCopies(2 * axes, 0)),
                a.intsOr("dilations", ones),
                a.integer("groups"));
    }

    /** Checks that hold for both directions; {@code channels}: of the result. */
    static void check(String op, Conv a, List<TensorType> in, int channels) {
        var x = in.get(0);
        if (a.groups() < 1 || x.shape().dim(1) % a.groups() != 0) {
            throw new ShapeException(
                    op, "%d groups for %d channels; need a divisor", a.groups(), x.shape().dim(1));
        }
        if (in.size() > 2) {
            Types.sameDtype(op, x, in.get(2));
            if (!in.get(2).shape().equals(Shape.of(channels))) {
                throw new ShapeException(
                        op,
                        "bias of shape %s for %d channels; need [%d]",
                        in.get(2).shape(),
                        channels,
                        channels);
            }
        }
    }

    static void checkImages(String op, Conv a, TensorType x, TensorType w) {
        a.checkImage(op, x);
        Types.sameDtype(op, x, w);
        if (w.shape().rank() != x.shape().rank()) {
            throw new ShapeException(
                    op,
                    "weight %s for x %s; need [channels, channels/groups, %s]",
                    w.shape(),
                    x.shape(),
                    kernelForm(a));
        }
    }

    /** How a kernel's dimensions are named. */
    static String kernelForm(Conv a) {
        return List.of("kW", "kH, kW", "kD, kH, kW").get(a.strides().size() - 1);
    }

    /** The weight of one channel out: [Ci/g, K]. */
    static Shape taps(Shape w) {
        return w.slice(1, w.rank());
    }

    static List<Integer> kernel(Shape w) {
        return w.slice(2, w.rank()).toList();
    }

    /** The padding that a convolution's pad_type means: before and after, per image axis. */
    public static List<Integer> padding(Node<?> conv) {
        var a = (Conv) conv.attrs();
        return Window.pads(windows(a, conv.in(0).shape(), conv.in(1).shape()));
    }

    private static List<Window> windows(Conv a, Shape x, Shape w) {
        return Window.all("conv", x, kernel(w), a);
    }

    private static TensorType type(Conv a, List<TensorType> in) {
        var x = in.get(0);
        var w = in.get(1).shape();
        checkImages("conv", a, x, in.get(1));
        check("conv", a, in, w.dim(0));
        int channels = x.shape().dim(1) / a.groups();
        if (w.dim(1) != channels || w.dim(0) % a.groups() != 0) {
            throw new ShapeException(
                    "conv",
                    "x %s with weight %s and %d groups; need weight [Co, %d, %s] with Co a"
                            + " multiple of the groups",
                    x.shape(),
                    w,
                    a.groups(),
                    channels,
                    kernelForm(a));
        }
        var counts = Window.counts(windows(a, x.shape(), w));
        return x.as(Window.shape(x.shape().dim(0), w.dim(0), counts));
    }

    /** Without a bias, and over two axes instead of one; the node itself if it is both. */
    static Value simpler(Node<Conv> n, boolean transposed) {
        var op = transposed ? CONV_TRANSPOSE : CONV;
        var x = n.in(0);
        if (n.inputs().size() > 2) {
            var y = Node.of(op, n.attrs(), n.inputs().subList(0, 2)).out();
            return Elementwise.add(y, Broadcasting.alongChannels(n.in(2), y.shape()));
        }
        if (x.shape().rank() != 3) {
            return n.out();
        }
        var wide = List.of(image(x), image(n.in(1)));
        return Movement.reshape(Node.of(op, n.attrs().widened(), wide).out(), n.out().shape());
    }

    private static Value image(Value x) {
        var s = x.shape();
        return Movement.reshape(x, Shape.of(s.dim(0), s.dim(1), 1, s.dim(2)));
    }

    private static List<Value> vjp(Node<Conv> n, Value dy) {
        var x = n.in(0);
        var w = n.in(1);
        var windows = windows(n.attrs(), x.shape(), w.shape());
        var custom = n.attrs().with(Window.pads(windows));
        var dx = imageGradient(n, dy, windows);
        var dw = weightGradient(x, dy, w.shape(), custom);
        return n.inputs().size() == 2 ? List.of(dx, dw) : List.of(dx, dw, biasGradient(dy));
    }

    static Value biasGradient(Value dy) {
        var axes = IntStream.range(0, dy.shape().rank()).filter(i -> i != 1).boxed().toList();
        return Reductions.sum(dy, axes, false);
    }

    /** Cotangent of the image: the windows laid back onto it, what sticks out cut off. */
    private static Value imageGradient(Node<Conv> n, Value dy, List<Window> windows) {
        var x = n.in(0);
        if (windows.stream().anyMatch(w -> w.reach() <= w.before())) {
            return Elementwise.zerosLike(x); // every window lies in the padding
        }
        var cut = new ArrayList<Integer>();
        windows.forEach(w -> cut.addAll(List.of(w.before(), w.overhang())));
        var dx = convTranspose(dy, n.in(1), n.attrs().with(cut));
        for (int axis = 2; axis < x.shape().rank(); axis++) {
            // Rows that no window reached (the stride left them over) get zeros.
            dx = Padding.pad(dx, axis, 0, x.shape().dim(axis) - dx.shape().dim(axis), 0);
        }
        return dx;
    }

    /**
     * Cotangent of the weight of {@code conv(x, w)}: x and dy meet in a convolution over the batch,
     * with strides and dilations exchanged.
     */
    static Value weightGradient(Value x, Value dy, Shape w, Conv a) {
        var swap = new ArrayList<>(Reductions.all(w));
        Collections.swap(swap, 0, 1);
        int in = x.shape().dim(1) / a.groups();
        int out = dy.shape().dim(1) / a.groups();
        var parts = new ArrayList<Value>();
        for (int g = 0; g < a.groups(); g++) {
            var xg = Movement.transpose(Slicing.slice(x, 1, g * in, (g + 1) * in, 1), swap);
            var dyg = Movement.transpose(Slicing.slice(dy, 1, g * out, (g + 1) * out, 1), swap);
            var dw = conv(xg, dyg, a.swapped()); // [in, out, K or more]
            for (int axis = 2; axis < w.rank(); axis++) {
                dw = Slicing.slice(dw, axis, 0, w.dim(axis), 1);
            }
            parts.add(Movement.transpose(dw, swap));
        }
        return Joining.concat(parts, 0);
    }

    private static void loop(Conv a, List<Dense> in, Dense y) {
        var x = in.get(0);
        var w = in.get(1);
        var windows = windows(a, x.shape(), w.shape());
        var taps = taps(w.shape());
        int out = y.shape().dim(1) / a.groups();
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            double sum = in.size() > 2 ? in.get(2).get(at[1]) : 0;
            for (int k = 0; k < taps.size(); k++) {
                var tap = Index.unravel(k, taps);
                var from = at.clone();
                from[1] = at[1] / out * taps.dim(0) + tap[0];
                boolean inside = true;
                for (int j = 0; j < windows.size(); j++) {
                    from[2 + j] = windows.get(j).at(at[2 + j], tap[1 + j]);
                    inside &= windows.get(j).inside(from[2 + j]);
                }
                if (inside) {
                    sum += x.get(Index.ravel(from, x.shape())) * w.get(at[1] * taps.size() + k);
                }
            }
            y.data()[i] = sum;
        }
    }
}
