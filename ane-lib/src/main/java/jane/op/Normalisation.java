package jane.op;

import static jane.op.Elementwise.add;
import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.rsqrt;
import static jane.op.Elementwise.square;
import static jane.op.Elementwise.sub;

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
import java.util.List;
import java.util.stream.IntStream;

/**
 * Normalisations. Each is exactly a composition of other ops, which is its gradient and what
 * engines without a kernel of their own run. Variances are biased. Shapes: y as x; dtype fp16 or
 * fp32. Source: MIL, iOS 15.
 */
public final class Normalisation {
    /** The axes to normalise over, and what is added to the variance. */
    public record Layer(List<Integer> axes, double epsilon) {
        public Layer {
            axes = List.copyOf(axes);
        }
    }

    /** Channels in a window, the factor and exponent of its mean square, and what is added. */
    public record Local(int size, double alpha, double beta, double k) {}

    /**
     * {@code (x - mean x) / sqrt(var x + epsilon)} over some axes, times gamma, plus beta. Shapes:
     * gamma and beta as x's normalised axes.
     */
    public static final Op<Layer> LAYER_NORM =
            OpDef.<Layer>named("layer_norm")
                    .type((a, in) -> List.of(layerType(a, in)))
                    .is(
                            n -> {
                                var shape = along(n.attrs(), n.in(0).shape());
                                var y = normal(n.in(0), n.attrs().axes(), n.attrs().epsilon());
                                return affine(y, n, 1, shape);
                            })
                    .mil(
                            Spelling.<Layer>of("layer_norm")
                                    .operand("x")
                                    .intsOr("axes", Layer::axes)
                                    .optional("gamma", 1)
                                    .optional("beta", 0)
                                    .number("epsilon", Layer::epsilon, 1e-5)
                                    .build(Normalisation::readLayer))
                    .reference(
                            (a, in, out) -> {
                                var kept = reduced(a.axes(), out.shape());
                                normalise(in.get(0), kept, a.epsilon(), out);
                                scaled(in, 1, along(a, out.shape()), out);
                            })
                    .flops(n -> 8L * n.out().shape().size())
                    .build();

    /** {@code (x - mean) / sqrt(variance + epsilon)} per channel, times gamma, plus beta. */
    public static final Op<Elementwise.Epsilon> BATCH_NORM =
            OpDef.<Elementwise.Epsilon>named("batch_norm")
                    .type((a, in) -> List.of(channelsType("batch_norm", in)))
                    .is(
                            n -> {
                                var x = n.in(0);
                                var mean = Broadcasting.alongChannels(n.in(1), x.shape());
                                var variance = Broadcasting.alongChannels(n.in(2), x.shape());
                                var y = mul(sub(x, mean), rsqrt(variance, n.attrs().epsilon()));
                                return affine(y, n, 3, channels(x.shape()));
                            })
                    .mil(
                            Spelling.<Elementwise.Epsilon>of("batch_norm")
                                    .operand("x")
                                    .operand("mean")
                                    .operand("variance")
                                    .optional("gamma", 1)
                                    .optional("beta", 0)
                                    .number("epsilon", Elementwise.Epsilon::epsilon, 1e-5)
                                    .build(a -> new Elementwise.Epsilon(a.number("epsilon"))))
                    .reference(Normalisation::batchLoop)
                    .flops(n -> 4L * n.out().shape().size())
                    .build();

    /** Each channel of each image normalised over its image, times gamma, plus beta. */
    public static final Op<Elementwise.Epsilon> INSTANCE_NORM =
            OpDef.<Elementwise.Epsilon>named("instance_norm")
                    .type((a, in) -> List.of(channelsType("instance_norm", in)))
                    .is(
                            n -> {
                                var x = n.in(0);
                                var axes = image(x.shape());
                                var y = normal(x, axes, n.attrs().epsilon());
                                return affine(y, n, 1, channels(x.shape()));
                            })
                    .mil(
                            Spelling.<Elementwise.Epsilon>of("instance_norm")
                                    .operand("x")
                                    .optional("gamma", 1)
                                    .optional("beta", 0)
                                    .number("epsilon", Elementwise.Epsilon::epsilon, 1e-5)
                                    .build(a -> new Elementwise.Epsilon(a.number("epsilon"))))
                    .reference(
                            (a, in, out) -> {
                                var kept = reduced(image(out.shape()), out.shape());
                                normalise(in.get(0), kept, a.epsilon(), out);
                                scaled(in, 1, channels(out.shape()), out);
                            })
                    .flops(n -> 8L * n.out().shape().size())
                    .build();

    /** {@code x / sqrt(sum x^2 + epsilon)} over the last three axes. */
    public static final Op<Elementwise.Epsilon> L2_NORM =
            OpDef.<Elementwise.Epsilon>named("l2_norm")
                    .type(
                            (a, in) -> {
                                if (in.get(0).shape().rank() < 3) {
                                    throw new ShapeException(
                                            "l2_norm",
                                            "input has shape %s; need rank 3 or more",
                                            in.get(0).shape());
                                }
                                return List.of(Types.floats("l2_norm", in.get(0)));
                            })
                    .is(
                            n -> {
                                var axes = List.of(-3, -2, -1);
                                var sum = Reductions.sum(square(n.in(0)), axes, true);
                                return mul(n.in(0), rsqrt(sum, n.attrs().epsilon()));
                            })
                    .mil(
                            Spelling.<Elementwise.Epsilon>of("l2_norm")
                                    .operand("x")
                                    .number("epsilon", Elementwise.Epsilon::epsilon, 1e-6)
                                    .build(a -> new Elementwise.Epsilon(a.number("epsilon"))))
                    .reference(Normalisation::lengthLoop)
                    .flops(n -> 3L * n.out().shape().size())
                    .build();

    /**
     * {@code x / (k + alpha / size * sum x^2)^beta}, summed over {@code size} neighbouring
     * channels: {@code size / 2} before, itself, and the rest after. Shapes: x (N, C, ...).
     */
    public static final Op<Local> LOCAL_RESPONSE_NORM =
            OpDef.<Local>named("local_response_norm")
                    .type((a, in) -> List.of(localType(a, in.get(0))))
                    .is(Normalisation::local)
                    .mil(
                            Spelling.<Local>of("local_response_norm")
                                    .operand("x")
                                    .integer("size", Local::size)
                                    .number("alpha", Local::alpha, 1e-4)
                                    .number("beta", Local::beta, 0.75)
                                    .number("k", Local::k, 1)
                                    .build(
                                            a ->
                                                    new Local(
                                                            a.integer("size"),
                                                            a.number("alpha"),
                                                            a.number("beta"),
                                                            a.number("k"))))
                    .reference(Normalisation::localLoop)
                    .flops(n -> (3L + n.attrs().size()) * n.out().shape().size())
                    .build();

    static final List<Op<?>> ALL =
            List.of(LAYER_NORM, BATCH_NORM, INSTANCE_NORM, L2_NORM, LOCAL_RESPONSE_NORM);

    private Normalisation() {}

    /** Layer norm without gain and offset. */
    public static Value layerNorm(Value x, List<Integer> axes, double epsilon) {
        return Node.of(LAYER_NORM, new Layer(axes, epsilon), List.of(x)).out();
    }

    /** Layer norm with gain and offset, of the shape of the normalised axes. */
    public static Value layerNorm(
            Value x, List<Integer> axes, double epsilon, Value gamma, Value beta) {
        return Node.of(LAYER_NORM, new Layer(axes, epsilon), List.of(x, gamma, beta)).out();
    }

    /** Batch norm with given statistics, gain and offset per channel. */
    public static Value batchNorm(
            Value x, Value mean, Value variance, Value gamma, Value beta, double epsilon) {
        var attrs = new Elementwise.Epsilon(epsilon);
        return Node.of(BATCH_NORM, attrs, List.of(x, mean, variance, gamma, beta)).out();
    }

    private static Layer readLayer(Spelling.Args a) {
        return new Layer(a.intsOr("axes", Reductions.all(a.shape(0))), a.number("epsilon"));
    }

    private static Value normal(Value x, List<Integer> axes, double epsilon) {
        var centred = sub(x, Reductions.mean(x, axes, true));
        var variance = Reductions.mean(square(centred), axes, true);
        return mul(centred, rsqrt(variance, epsilon));
    }

    /** {@code y} times input {@code i} plus input {@code i + 1}, as far as the node has them. */
    private static Value affine(Value y, Node<?> n, int i, Shape shape) {
        if (n.inputs().size() > i) {
            y = mul(y, Movement.reshape(n.in(i), shape));
        }
        return n.inputs().size() > i + 1 ? add(y, Movement.reshape(n.in(i + 1), shape)) : y;
    }

    private static Shape reduced(List<Integer> axes, Shape x) {
        var dims = x.toArray();
        axes.forEach(axis -> dims[x.axis(axis, "norm")] = 1);
        return Shape.of(dims);
    }

    /** x's normalised axes; the others are 1. */
    private static Shape along(Layer a, Shape x) {
        var dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        a.axes().forEach(axis -> dims[x.axis(axis, "layer_norm")] = x.dim(axis));
        return Shape.of(dims);
    }

    /** x's channels; the other axes are 1. */
    private static Shape channels(Shape x) {
        var dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        dims[1] = x.dim(1);
        return Shape.of(dims);
    }

    private static List<Integer> image(Shape x) {
        return IntStream.range(2, x.rank()).boxed().toList();
    }

    private static TensorType layerType(Layer a, List<TensorType> in) {
        String op = "layer_norm";
        var x = Splitting.distinct(op, a.axes(), Types.floats(op, in.get(0)));
        var axes = a.axes().stream().map(axis -> x.shape().axis(axis, op)).sorted().toList();
        var need = Shape.of(axes.stream().map(x.shape()::dim).toList());
        for (var parameter : in.subList(1, in.size())) {
            Types.sameDtype(op, x, parameter);
            if (!parameter.shape().equals(need)) {
                throw new ShapeException(
                        op,
                        "gamma or beta of shape %s for axes %s of shape %s; need %s",
                        parameter.shape(),
                        a.axes(),
                        x.shape(),
                        need);
            }
        }
        return x;
    }

    private static TensorType channelsType(String op, List<TensorType> in) {
        var x = Types.floats(op, in.get(0));
        int least = op.equals("batch_norm") ? 2 : 3;
        if (x.shape().rank() < least || x.shape().rank() > 5) {
            throw new ShapeException(
                    op, "input has shape %s; need rank %d to 5, [N, C, ...]", x.shape(), least);
        }
        for (var parameter : in.subList(1, in.size())) {
            Types.channelVector(op, "a parameter", parameter, x);
        }
        return x;
    }

    private static TensorType localType(Local a, TensorType x) {
        Types.floats("local_response_norm", x);
        if (a.size() < 1 || x.shape().rank() < 3 || x.shape().rank() > 4) {
            throw new ShapeException(
                    "local_response_norm",
                    "size %d for input %s; need a size of 1 or more and rank 3 or 4, [N, C, ...]",
                    a.size(),
                    x.shape());
        }
        return x;
    }

    /** Sums of squares as sums of shifted copies; a shift beyond all channels adds nothing. */
    private static Value local(Node<Local> n) {
        var x = n.in(0);
        var a = n.attrs();
        int channels = x.shape().dim(1);
        int before = Math.min(a.size() / 2, channels);
        int after = Math.min((a.size() - 1) / 2, channels);
        var squares = square(x);
        var padded = pad(squares, before, after);
        var parts = new ArrayList<Value>();
        for (int shift = 0; shift <= before + after; shift++) {
            parts.add(Slicing.slice(padded, 1, shift, shift + channels, 1));
        }
        var sum = parts.stream().reduce(Elementwise::add).orElse(squares);
        var base = Elementwise.shift(Elementwise.scale(sum, a.alpha() / a.size()), a.k());
        return mul(x, Elementwise.pow(base, Elementwise.like(x, -a.beta())));
    }

    private static Value pad(Value x, int before, int after) {
        return Padding.pad(x, 1, before, after, 0);
    }

    private static void normalise(Dense x, Shape kept, double epsilon, Dense y) {
        var sums = new double[kept.size()];
        var squares = new double[kept.size()];
        double count = (double) x.shape().size() / Math.max(1, kept.size());
        for (int i = 0; i < x.data().length; i++) {
            sums[Index.broadcast(Index.unravel(i, x.shape()), kept)] += x.get(i);
        }
        for (int i = 0; i < x.data().length; i++) {
            int at = Index.broadcast(Index.unravel(i, x.shape()), kept);
            double centred = x.get(i) - sums[at] / count;
            squares[at] += centred * centred;
        }
        for (int i = 0; i < x.data().length; i++) {
            int at = Index.broadcast(Index.unravel(i, x.shape()), kept);
            y.data()[i] = (x.get(i) - sums[at] / count) / Math.sqrt(squares[at] / count + epsilon);
        }
    }

    /** {@code y} times input {@code i} plus input {@code i + 1}, each seen as {@code shape}. */
    private static void scaled(List<Dense> in, int i, Shape shape, Dense y) {
        for (int k = 0; k < y.data().length; k++) {
            int at = Index.broadcast(Index.unravel(k, y.shape()), shape);
            double gamma = in.size() > i ? in.get(i).get(at) : 1;
            double beta = in.size() > i + 1 ? in.get(i + 1).get(at) : 0;
            y.data()[k] = y.get(k) * gamma + beta;
        }
    }

    private static void batchLoop(Elementwise.Epsilon a, List<Dense> in, Dense y) {
        var shape = channels(y.shape());
        for (int i = 0; i < y.data().length; i++) {
            int c = Index.broadcast(Index.unravel(i, y.shape()), shape);
            double deviation = Math.sqrt(in.get(2).get(c) + a.epsilon());
            y.data()[i] = (in.get(0).get(i) - in.get(1).get(c)) / deviation;
        }
        scaled(in, 3, shape, y);
    }

    private static void lengthLoop(Elementwise.Epsilon a, List<Dense> in, Dense y) {
        int size = y.shape().slice(y.shape().rank() - 3, y.shape().rank()).size();
        for (int i = 0; i < y.data().length; i++) {
            double sum = 0;
            for (int k = i / size * size; k < (i / size + 1) * size; k++) {
                sum += in.get(0).get(k) * in.get(0).get(k);
            }
            y.data()[i] = in.get(0).get(i) / Math.sqrt(sum + a.epsilon());
        }
    }

    private static void localLoop(Local a, List<Dense> in, Dense y) {
        var x = in.get(0);
        int channels = y.shape().dim(1);
        int inner = y.shape().slice(2, y.shape().rank()).size();
        for (int i = 0; i < y.data().length; i++) {
            int c = i / inner % channels;
            double sum = 0;
            int first = Math.max(0, c - a.size() / 2);
            int last = (int) Math.min(channels - 1L, c + (a.size() - 1L) / 2);
            for (int k = first; k <= last; k++) {
                double v = x.get(i + (k - c) * inner);
                sum += v * v;
            }
            y.data()[i] = x.get(i) * Math.pow(a.k() + a.alpha() / a.size() * sum, -a.beta());
        }
    }
}
