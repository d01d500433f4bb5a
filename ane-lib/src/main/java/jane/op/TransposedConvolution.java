package jane.op;

import jane.ir.Dense;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The rules of {@link Convolution#CONV_TRANSPOSE}. */
final class TransposedConvolution {
    private static final String OP = "conv_transpose";

    private TransposedConvolution() {}

    static Optional<Literal> outputShape(Convolution.Conv a) {
        return a.outputShape().isEmpty()
                ? Optional.empty()
                : Optional.of(new Literal.Ints(a.outputShape()));
    }

    static Convolution.Conv read(Spelling.Args args) {
        var a = Convolution.read(args);
        return new Convolution.Conv(
                a.strides(),
                a.padType(),
                a.pad(),
                a.dilations(),
                a.groups(),
                args.intsOr("output_shape", List.of()));
    }

    static TensorType type(Convolution.Conv a, List<TensorType> in) {
        var x = in.get(0);
        var w = in.get(1).shape();
        Convolution.checkImages(OP, a, x, in.get(1));
        int channels = w.dim(1) * a.groups();
        Convolution.check(OP, a, in, channels);
        Types.oneOf(OP, "pad_type", a.padType(), List.of("valid", "custom", "same"));
        if (w.dim(0) != x.shape().dim(1)) {
            throw new ShapeException(
                    OP,
                    "x %s with weight %s; need weight [%d, Co/groups, %s]",
                    x.shape(),
                    w,
                    x.shape().dim(1),
                    Convolution.kernelForm(a));
        }
        var image = new ArrayList<Integer>();
        for (int i = 0; i < x.shape().rank() - 2; i++) {
            image.add(length(a, x.shape(), w, i));
        }
        var shape = Window.shape(x.shape().dim(0), channels, image);
        if (!a.outputShape().isEmpty() && !a.outputShape().equals(shape.toList())) {
            throw new ShapeException(
                    OP,
                    "output_shape = %s for x %s with weight %s; need [%d, %d, ...] of rank %d",
                    a.outputShape(),
                    x.shape(),
                    w,
                    x.shape().dim(0),
                    channels,
                    x.shape().rank());
        }
        return x.as(shape);
    }

    /** Length that the windows cover on image axis {@code i}. */
    private static long covered(Convolution.Conv a, Shape x, Shape w, int i) {
        return (x.dim(2 + i) - 1L) * a.strides().get(i)
                + (long) a.dilations().get(i) * (w.dim(2 + i) - 1)
                + 1;
    }

    private static int length(Convolution.Conv a, Shape x, Shape w, int i) {
        boolean custom = a.padType().equals("custom");
        int before = custom ? a.pad().get(2 * i) : 0;
        int after = custom ? a.pad().get(2 * i + 1) : 0;
        long size = covered(a, x, w, i) - before - after;
        if (a.padType().equals("same")) {
            size = (long) x.dim(2 + i) * a.strides().get(i);
        }
        if (a.outputShape().size() == x.rank()) {
            size = a.outputShape().get(2 + i);
        }
        if (size < 0 || size > Integer.MAX_VALUE || x.dim(2 + i) < 1 || w.dim(2 + i) < 1) {
            throw new ShapeException(
                    OP,
                    "image axis %d of %s with kernel %s and padding %d and %d gives length %d; need"
                            + " an image, a kernel, and a length of 0 to 2^31 - 1",
                    i,
                    x,
                    w,
                    before,
                    after,
                    size);
        }
        return (int) size;
    }

    /** What is cut off before image axis {@code i}. */
    private static int before(Convolution.Conv a, Shape x, Shape w, Shape y, int i) {
        return switch (a.padType()) {
            case "custom" -> a.pad().get(2 * i);
            case "same" -> (int) Math.max(0, (covered(a, x, w, i) - y.dim(2 + i)) / 2);
            default -> 0;
        };
    }

    /** Whether padding only cuts off, and the windows give the shape. */
    private static boolean isPlain(Convolution.Conv a) {
        return a.outputShape().isEmpty() && !a.padType().equals("same");
    }

    /** Without a bias, over two axes instead of one, and with the cut written out. */
    static Value simpler(Node<Convolution.Conv> n) {
        if (n.inputs().size() > 2 || isPlain(n.attrs())) {
            return Convolution.simpler(n, true);
        }
        var x = n.in(0).shape();
        var w = n.in(1).shape();
        var cut = new ArrayList<Integer>();
        var grow = new ArrayList<Integer>();
        for (int i = 0; i < x.rank() - 2; i++) {
            int before = before(n.attrs(), x, w, n.out().shape(), i);
            long after = covered(n.attrs(), x, w, i) - before - n.out().shape().dim(2 + i);
            cut.addAll(List.of(before, (int) Math.max(0, after)));
            grow.addAll(List.of(0, (int) Math.max(0, -after)));
        }
        var y = Convolution.convTranspose(n.in(0), n.in(1), n.attrs().with(cut));
        return Padding.pad(y, grow, 0);
    }

    static List<Value> vjp(Node<Convolution.Conv> n, Value dy) {
        if (!isPlain(n.attrs())) {
            return Reverse.through(n, p -> List.of(simpler(p)), List.of(dy));
        }
        var a = n.attrs().padType().equals("custom") ? n.attrs() : n.attrs().with(zeros(n));
        var dx = Convolution.conv(dy, n.in(1), a.with(a.pad()));
        // The transpose is linear in the weight as the convolution is: only the roles change.
        var dw = Convolution.weightGradient(dy, n.in(0), n.in(1).shape(), a);
        return n.inputs().size() == 2
                ? List.of(dx, dw)
                : List.of(dx, dw, Convolution.biasGradient(dy));
    }

    private static List<Integer> zeros(Node<Convolution.Conv> n) {
        return Collections.nCopies(2 * (n.in(0).shape().rank() - 2), 0);
    }

    static void loop(Convolution.Conv a, List<Dense> in, Dense y) {
        var x = in.get(0);
        var w = in.get(1);
        var taps = Convolution.taps(w.shape());
        int group = x.shape().dim(1) / a.groups();
        addBias(in, y);
        for (int i = 0; i < x.data().length; i++) {
            var at = Index.unravel(i, x.shape());
            for (int k = 0; k < taps.size(); k++) {
                var tap = Index.unravel(k, taps);
                var to = at.clone();
                to[1] = at[1] / group * taps.dim(0) + tap[0];
                boolean inside = true;
                for (int j = 0; j < taps.rank() - 1; j++) {
                    int start = at[2 + j] * a.strides().get(j);
                    to[2 + j] = start + tap[1 + j] * a.dilations().get(j);
                    to[2 + j] -= before(a, x.shape(), w.shape(), y.shape(), j);
                    inside &= to[2 + j] >= 0 && to[2 + j] < y.shape().dim(2 + j);
                }
                if (inside) {
                    y.data()[Index.ravel(to, y.shape())] +=
                            x.get(i) * w.get(at[1] * taps.size() + k);
                }
            }
        }
    }

    private static void addBias(List<Dense> in, Dense y) {
        int inner = y.shape().slice(2, y.shape().rank()).size();
        for (int i = 0; in.size() > 2 && i < y.data().length; i++) {
            y.data()[i] = in.get(2).get(i / inner % y.shape().dim(1));
        }
    }
}
