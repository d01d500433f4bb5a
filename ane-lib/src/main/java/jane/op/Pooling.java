package jane.op;

import jane.ir.ConstData;
import jane.ir.Dense;
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
import java.util.List;

/** 2-D pooling of x [N, C, H, W]. The gradients are slices, selections and pads: any stride. */
public final class Pooling {
    /** Window sizes and strides for H and W, pad_type, pad (top, bottom, left, right). */
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
            return List.of(1, 1);
        }
    }

    /** Largest of each window; the first of equals gets the gradient. */
    public static final Op<Pool> MAX_POOL =
            OpDef.<Pool>named("max_pool")
                    .type((a, in) -> List.of(type("max_pool", a, in.get(0))))
                    .vjp(Pooling::maxVjp)
                    .mil(spelling("max_pool", false))
                    .reference((a, in, out) -> loop(a, in.get(0), out, true))
                    .flops(Pooling::taps)
                    .build();

    /** Mean of each window. */
    public static final Op<Pool> AVG_POOL =
            OpDef.<Pool>named("avg_pool")
                    .type((a, in) -> List.of(type("avg_pool", a, in.get(0))))
                    .vjp(Pooling::avgVjp)
                    .mil(spelling("avg_pool", true))
                    .reference((a, in, out) -> loop(a, in.get(0), out, false))
                    .flops(Pooling::taps)
                    .build();

    static final List<Op<?>> ALL = List.of(MAX_POOL, AVG_POOL);

    private Pooling() {}

    /** Largest of each window. */
    public static Value maxPool(Value x, Pool attrs) {
        return Node.of(MAX_POOL, attrs, List.of(x)).out();
    }

    /** Mean of each window. */
    public static Value avgPool(Value x, Pool attrs) {
        return Node.of(AVG_POOL, attrs, List.of(x)).out();
    }

    private static Spelling<Pool> spelling(String op, boolean average) {
        var spelling =
                Spelling.<Pool>of(op)
                        .operand("x")
                        .attr("kernel_sizes", Literal.Kind.INTS, a -> new Literal.Ints(a.kernel()))
                        .attr(
                                "strides",
                                Literal.Kind.INTS,
                                a -> new Literal.Ints(a.strides()),
                                new Literal.Ints(List.of(1, 1)))
                        .attr("pad_type", Literal.Kind.STRING, a -> new Literal.Str(a.padType()))
                        .attr(
                                "pad",
                                Literal.Kind.INTS,
                                a -> new Literal.Ints(a.pad()),
                                new Literal.Ints(List.of(0, 0, 0, 0)))
                        .attr(
                                "ceil_mode",
                                Literal.Kind.BOOL,
                                a -> new Literal.Bool(a.ceilMode()),
                                new Literal.Bool(false));
        if (average) {
            spelling.attr(
                    "exclude_padding_from_average",
                    Literal.Kind.BOOL,
                    a -> new Literal.Bool(a.excludePadding()),
                    new Literal.Bool(false));
        }
        return spelling.build(
                a ->
                        new Pool(
                                a.ints("kernel_sizes"),
                                a.ints("strides"),
                                a.string("pad_type"),
                                a.ints("pad"),
                                a.bool("ceil_mode"),
                                !average || a.bool("exclude_padding_from_average")));
    }

    private static TensorType type(String op, Pool a, TensorType x) {
        Types.floats(op, x);
        Types.rank(op, x, 4, "[N, C, H, W]");
        Types.length(op, "kernel_sizes", a.kernel(), 2);
        a.check(op);
        if (a.ceilMode()) {
            throw new ShapeException(op, "ceil_mode is true; need false: pad the input instead");
        }
        return x.as(
                x.shape()
                        .with(2, window(op, a, x.shape(), 0).count())
                        .with(3, window(op, a, x.shape(), 1).count()));
    }

    private static Window window(String op, Pool a, Shape x, int i) {
        return Window.of(op, i, x.dim(2 + i), a.kernel().get(i), a);
    }

    private static long taps(Node<Pool> n) {
        return (long) n.out().shape().size()
                * n.attrs().kernel().get(0)
                * n.attrs().kernel().get(1);
    }

    private static void loop(Pool a, Dense x, Dense y, boolean max) {
        var h = window("pool", a, x.shape(), 0);
        var v = window("pool", a, x.shape(), 1);
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int k = 0; k < h.kernel() * v.kernel(); k++) {
                int row = h.at(at[2], k / v.kernel());
                int col = v.at(at[3], k % v.kernel());
                if (h.inside(row) && v.inside(col)) {
                    var from = new int[] {at[0], at[1], row, col};
                    double value = x.get(Index.ravel(from, x.shape()));
                    best = Math.max(best, value);
                    sum += value;
                    count++;
                }
            }
            int all = a.excludePadding() ? count : h.kernel() * v.kernel();
            y.data()[i] = max ? best : sum / all;
        }
    }

    private static List<Value> maxVjp(Node<Pool> n, Value dy) {
        var x = n.in(0);
        var h = window("max_pool", n.attrs(), x.shape(), 0);
        var v = window("max_pool", n.attrs(), x.shape(), 1);
        var pad = List.of(h.before(), h.after(), v.before(), v.after());
        var image = Movement.pad(x, pad, Double.NEGATIVE_INFINITY);
        var zero = Elementwise.zerosLike(dy);
        var rest = dy; // what no earlier tap of the window has taken
        var rows = new ArrayList<Value>();
        for (int i = 0; i < h.kernel(); i++) {
            var row = taps(image, 2, i, h);
            var parts = new ArrayList<Value>();
            for (int j = 0; j < v.kernel(); j++) {
                var hit = Logic.equal(taps(row, 3, j, v), n.out());
                parts.add(Logic.select(hit, rest, zero));
                rest = Logic.select(hit, zero, rest);
            }
            rows.add(fold(parts, 3, v));
        }
        return List.of(fold(rows, 2, h));
    }

    private static List<Value> avgVjp(Node<Pool> n, Value dy) {
        var x = n.in(0);
        var h = window("avg_pool", n.attrs(), x.shape(), 0);
        var v = window("avg_pool", n.attrs(), x.shape(), 1);
        var share = Elementwise.mul(dy, shares(n.attrs(), h, v, x.type()));
        var row = fold(java.util.Collections.nCopies(v.kernel(), share), 3, v);
        return List.of(fold(java.util.Collections.nCopies(h.kernel(), row), 2, h));
    }

    /** What each window's mean multiplies its elements by: a scalar, or [H', W'] at borders. */
    private static Value shares(Pool a, Window h, Window v, TensorType x) {
        boolean padded = h.before() + h.after() + v.before() + v.after() > 0;
        if (!a.excludePadding() || !padded) {
            return Leaf.scalar(x.dtype(), 1.0 / (h.kernel() * v.kernel()));
        }
        var type = x.as(Shape.of(h.count(), v.count()));
        var shares = new double[type.shape().size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = 1.0 / (real(h, i / v.count()) * real(v, i % v.count()));
        }
        return Leaf.constant(ConstData.of(type, shares));
    }

    private static int real(Window w, int o) {
        int count = 0;
        for (int k = 0; k < w.kernel(); k++) {
            count += w.inside(w.at(o, k)) ? 1 : 0;
        }
        return count;
    }

    /** Tap {@code k} of every window along {@code axis} of a padded image. */
    private static Value taps(Value image, int axis, int k, Window w) {
        return Movement.slice(image, axis, k, k + (w.count() - 1) * w.stride() + 1, w.stride());
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
                var part = Movement.pad(parts.get(k), axis, shift, length - w.count() - shift, 0);
                lane = lane == null ? part : Elementwise.add(lane, part);
            }
            lanes.add(lane == null ? Movement.pad(zero, axis, 0, length - w.count(), 0) : lane);
        }
        var all = Movement.interleave(lanes, axis);
        int padded = w.before() + w.size();
        all = Movement.pad(all, axis, 0, Math.max(0, padded - all.shape().dim(axis)), 0);
        return Movement.slice(all, axis, w.before(), padded, 1);
    }
}
