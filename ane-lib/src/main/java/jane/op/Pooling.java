package jane.op;

import jane.ir.ConstData;
import jane.ir.Dense;
import jane.ir.Leaf;
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
import java.util.function.UnaryOperator;

/**
 * Pooling of x [N, C, ...] over 1 to 3 image axes. The gradients are slices, selections and pads:
 * any stride, overlapping or not.
 */
public final class Pooling {
    /**
     * Window sizes and strides per image axis, pad_type, pad (before, after per axis), whether a
     * part of a stride at the end gets a window, whether an average leaves the padding out.
     */
    public record Pool(
            List<Integer> kernel,
            List<Integer> strides,
            String padType,
            List<Integer> pad,
            boolean ceilMode,
            boolean excludePadding)
            implements Window.WindowAttrs {
        public Pool {
            kernel = List.copyOf(kernel);
            strides = List.copyOf(strides);
            pad = List.copyOf(pad);
        }

        /** Square windows, padding alike on all sides; an average leaves the padding out. */
        public static Pool of(int kernel, int stride, int pad) {
            return new Pool(
                    List.of(kernel, kernel),
                    List.of(stride, stride),
                    "custom",
                    List.of(pad, pad, pad, pad),
                    false,
                    true);
        }

        @Override
        public List<Integer> dilations() {
            return Collections.nCopies(strides.size(), 1);
        }

        @Override
        public boolean roundsUp() {
            return ceilMode;
        }

        /** The same on an image of height 1 before the one axis. */
        Pool widened() {
            return new Pool(
                    List.of(1, kernel.get(0)),
                    List.of(1, strides.get(0)),
                    padType,
                    List.of(0, 0, pad.get(0), pad.get(1)),
                    ceilMode,
                    excludePadding);
        }
    }

    /** Largest of each window; the first of equals gets the gradient. */
    public static final Op<Pool> MAX_POOL = pool("max_pool", false).vjp(Pooling::maxVjp).build();

    /** Mean of each window; padding counts as zeros unless it is left out. */
    public static final Op<Pool> AVG_POOL = pool("avg_pool", true).vjp(Pooling::avgVjp).build();

    /** Root of the sum of squares of each window. */
    public static final Op<Pool> L2_POOL = pool("l2_pool", false).vjp(Pooling::lengthVjp).build();

    static final List<Op<?>> ALL = List.of(MAX_POOL, AVG_POOL, L2_POOL);

    private Pooling() {}

    /** Largest of each window. */
    public static Value maxPool(Value x, Pool attrs) {
        return Node.of(MAX_POOL, attrs, List.of(x)).out();
    }

    /** Mean of each window. */
    public static Value avgPool(Value x, Pool attrs) {
        return Node.of(AVG_POOL, attrs, List.of(x)).out();
    }

    private static OpDef.Builder<Pool> pool(String name, boolean average) {
        var spelling =
                Spelling.<Pool>of(name)
                        .operand("x")
                        .ints("kernel_sizes", Pool::kernel)
                        .intsOr("strides", Pool::strides)
                        .string("pad_type", Pool::padType)
                        .intsOr("pad", Pool::pad)
                        .bool("ceil_mode", Pool::ceilMode, false);
        if (average) {
            spelling.bool("exclude_padding_from_average", Pool::excludePadding, false);
        }
        return OpDef.<Pool>named(name)
                .type((a, in) -> List.of(type(name, a, in.get(0))))
                .mil(spelling.build(a -> read(a, average)))
                .defined(n -> simpler(n, name))
                .reference((a, in, out) -> loop(name, a, in.get(0), out))
                .flops(Pooling::taps);
    }

    private static Pool read(Spelling.Args a, boolean average) {
        int axes = a.ints("kernel_sizes").size();
        return new Pool(
                a.ints("kernel_sizes"),
                a.intsOr("strides", Collections.nCopies(axes, 1)),
                a.string("pad_type"),
                a.intsOr("pad", Collections.nCopies(2 * axes, 0)),
                a.bool("ceil_mode"),
                !average || a.bool("exclude_padding_from_average"));
    }

    private static TensorType type(String op, Pool a, TensorType x) {
        a.checkImage(op, x);
        int rank = x.shape().rank();
        Types.length(op, "kernel_sizes", a.kernel(), rank - 2);
        checkCeil(op, a, rank);
        var counts = Window.counts(windows(op, a, x.shape()));
        return x.as(Window.shape(x.shape().dim(0), x.shape().dim(1), counts));
    }

    /** MIL's own conditions. */
    private static void checkCeil(String op, Pool a, int rank) {
        boolean even = true;
        for (int i = 0; i < a.pad().size(); i += 2) {
            even &= a.pad().get(i).equals(a.pad().get(i + 1));
        }
        if (a.ceilMode() && (rank == 5 || a.padType().startsWith("same") || !even)) {
            throw new ShapeException(
                    op,
                    "ceil_mode with pad_type \"%s\" and pad %s over %d image axes; need valid or"
                            + " custom, the same padding before and after, and 1 or 2 axes",
                    a.padType(),
                    a.pad(),
                    rank - 2);
        }
    }

    private static List<Window> windows(String op, Pool a, Shape x) {
        return Window.all(op, x, a.kernel(), a);
    }

    private static long taps(Node<Pool> n) {
        long taps = n.out().shape().size();
        for (int k : n.attrs().kernel()) {
            taps *= k;
        }
        return taps;
    }

    /** Over two axes instead of one; the length of a window by its mean square. */
    private static Value simpler(Node<Pool> n, String name) {
        var x = n.in(0);
        var a = n.attrs();
        if (name.equals("l2_pool")) {
            var counted =
                    new Pool(a.kernel(), a.strides(), a.padType(), a.pad(), a.ceilMode(), true);
            var mean = avgPool(Elementwise.square(x), counted);
            var counts = reals(a, windows("l2_pool", a, x.shape()), x.type());
            return Elementwise.sqrt(Elementwise.mul(mean, counts));
        }
        if (x.shape().rank() != 3) {
            return n.out();
        }
        var s = x.shape();
        var image = Movement.reshape(x, Shape.of(s.dim(0), s.dim(1), 1, s.dim(2)));
        var op = name.equals("max_pool") ? MAX_POOL : AVG_POOL;
        var y = Node.of(op, a.widened(), List.of(image)).out();
        return Movement.reshape(y, n.out().shape());
    }

    private static void loop(String op, Pool a, Dense x, Dense y) {
        var windows = windows(op, a, x.shape());
        var taps = Shape.of(a.kernel());
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (int k = 0; k < taps.size(); k++) {
                var tap = Index.unravel(k, taps);
                var from = at.clone();
                boolean inside = true;
                boolean padded = true;
                for (int j = 0; j < windows.size(); j++) {
                    from[2 + j] = windows.get(j).at(at[2 + j], tap[j]);
                    inside &= windows.get(j).inside(from[2 + j]);
                    padded &= windows.get(j).insidePadded(from[2 + j]);
                }
                count += (a.excludePadding() ? inside : padded) ? 1 : 0;
                if (inside) {
                    double value = x.get(Index.ravel(from, x.shape()));
                    best = Math.max(best, value);
                    sum += value;
                    squares += value * value;
                }
            }
            y.data()[i] =
                    switch (op) {
                        case "max_pool" -> best;
                        case "avg_pool" -> sum / count;
                        default -> Math.sqrt(squares);
                    };
        }
    }

    private static List<Value> maxVjp(Node<Pool> n, Value dy) {
        var windows = windows("max_pool", n.attrs(), n.in(0).shape());
        var image = Padding.pad(n.in(0), Window.pads(windows), Double.NEGATIVE_INFINITY);
        var rest = new ArrayList<>(List.of(dy)); // what no earlier tap of the window has taken
        return List.of(
                fold(
                        image,
                        windows,
                        0,
                        tap -> {
                            var hit = Logic.equal(tap, n.out());
                            var zero = Elementwise.zerosLike(dy);
                            var share = Logic.select(hit, rest.get(0), zero);
                            rest.set(0, Logic.select(hit, zero, rest.get(0)));
                            return share;
                        }));
    }

    private static List<Value> avgVjp(Node<Pool> n, Value dy) {
        var x = n.in(0);
        var windows = windows("avg_pool", n.attrs(), x.shape());
        var share = Elementwise.mul(dy, shares(n.attrs(), windows, x.type()));
        for (int j = windows.size() - 1; j >= 0; j--) {
            var w = windows.get(j);
            share = fold(Collections.nCopies(w.kernel(), share), 2 + j, w);
        }
        return List.of(share);
    }

    /** {@code x dy / y} of each window, 0 where y is. */
    private static List<Value> lengthVjp(Node<Pool> n, Value dy) {
        var windows = windows("l2_pool", n.attrs(), n.in(0).shape());
        var image = Padding.pad(n.in(0), Window.pads(windows), 0);
        var isZero = Logic.equal(n.out(), Elementwise.like(dy, 0));
        var safe = Logic.select(isZero, Elementwise.like(dy, 1), n.out()); // 0 / 1 there
        var slope = Elementwise.div(dy, safe);
        return List.of(fold(image, windows, 0, tap -> Elementwise.mul(tap, slope)));
    }

    /** What each window's mean multiplies its elements by: a scalar, or one per window. */
    private static Value shares(Pool a, List<Window> windows, TensorType x) {
        boolean alike = windows.stream().allMatch(w -> w.extra() == 0);
        boolean padded = windows.stream().anyMatch(w -> w.before() + w.after() > 0);
        if (alike && (!a.excludePadding() || !padded)) {
            double taps = 1;
            for (int k : a.kernel()) {
                taps *= k;
            }
            return Leaf.scalar(x.dtype(), 1 / taps);
        }
        var counts = counts(a, windows);
        var type = x.as(Shape.of(Window.counts(windows)));
        for (int i = 0; i < counts.length; i++) {
            counts[i] = 1 / counts[i];
        }
        return Leaf.constant(ConstData.of(type, counts));
    }

    /** How many elements of the image each window has. */
    private static Value reals(Pool a, List<Window> windows, TensorType x) {
        var type = x.as(Shape.of(Window.counts(windows)));
        var excluded = new Pool(a.kernel(), a.strides(), a.padType(), a.pad(), a.ceilMode(), true);
        return Leaf.constant(ConstData.of(type, counts(excluded, windows)));
    }

    /** By how much each window's sum is divided. */
    private static double[] counts(Pool a, List<Window> windows) {
        var shape = Shape.of(Window.counts(windows));
        var counts = new double[shape.size()];
        for (int i = 0; i < counts.length; i++) {
            var at = Index.unravel(i, shape);
            counts[i] = 1;
            for (int j = 0; j < at.length; j++) {
                counts[i] *= count(a, windows.get(j), at[j]);
            }
        }
        return counts;
    }

    private static int count(Pool a, Window w, int o) {
        int count = 0;
        for (int k = 0; k < w.kernel(); k++) {
            boolean in = a.excludePadding() ? w.inside(w.at(o, k)) : w.insidePadded(w.at(o, k));
            count += in ? 1 : 0;
        }
        return count;
    }

    /** Tap {@code k} of every window along {@code axis} of a padded image. */
    private static Value taps(Value image, int axis, int k, Window w) {
        return Slicing.slice(image, axis, k, k + (w.count() - 1) * w.stride() + 1, w.stride());
    }

    /**
     * The sum of what {@code f} makes of each tap of all windows, laid back where the tap came
     * from; image axis by image axis, in the order of the taps.
     */
    private static Value fold(Value image, List<Window> windows, int j, UnaryOperator<Value> f) {
        if (j == windows.size()) {
            return f.apply(image);
        }
        var w = windows.get(j);
        var parts = new ArrayList<Value>();
        for (int k = 0; k < w.kernel(); k++) {
            parts.add(fold(taps(image, 2 + j, k, w), windows, j + 1, f));
        }
        return fold(parts, 2 + j, w);
    }

    /**
     * The adjoint of taking taps: part k of window o is added at o * stride + k, then the padding
     * is cut off. Taps that are a multiple of the stride apart are shifted and added; the others
     * fall between them, which is an interleaved concat.
     */
    private static Value fold(List<Value> parts, int axis, Window w) {
        // The stride of a single window means nothing, and may be huge.
        int stride = w.count() == 1 ? w.kernel() : w.stride();
        int shifts = (w.kernel() + stride - 1) / stride;
        int length = w.count() + shifts - 1;
        var lanes = new ArrayList<Value>();
        var zero = Elementwise.zerosLike(parts.get(0));
        for (int r = 0; r < stride; r++) {
            Value lane = null;
            for (int k = r; k < w.kernel(); k += stride) {
                int shift = k / stride;
                var part = Padding.pad(parts.get(k), axis, shift, length - w.count() - shift, 0);
                lane = lane == null ? part : Elementwise.add(lane, part);
            }
            lanes.add(lane == null ? Padding.pad(zero, axis, 0, length - w.count(), 0) : lane);
        }
        var all = Joining.interleave(lanes, axis);
        int padded = w.before() + w.size();
        all = Padding.pad(all, axis, 0, Math.max(0, padded - all.shape().dim(axis)), 0);
        return Slicing.slice(all, axis, w.before(), padded, 1);
    }
}
