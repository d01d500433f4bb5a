package jane.op;

import static jane.op.Elementwise.like;
import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.scale;
import static jane.op.Elementwise.shift;

import jane.ir.Dense;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Activation functions made of pieces and those with parameters. Shapes: y as x; dtype fp16 or
 * fp32. Source: MIL, iOS 15.
 */
public final class Rectifiers {
    /** One parameter of an elementwise function. */
    public record Alpha(double alpha) {}

    /** Two parameters of an elementwise function. */
    public record AlphaBeta(double alpha, double beta) {}

    /** A function of x and its parameters. */
    private interface Curve {
        double at(double x, double alpha, double beta);
    }

    /** A function of x and the parameters of its channel. */
    private interface ChannelCurve {
        double at(double x, double[] parameters);
    }

    /** {@code max(x, alpha)}; the gradient is 0 where they are equal. */
    public static final Op<Alpha> THRESHOLD =
            OpDef.<Alpha>named("threshold")
                    .type((a, in) -> List.of(Types.numbers("threshold", in.get(0))))
                    .vjp(
                            (n, dy) -> {
                                var low = like(dy, n.attrs().alpha());
                                var above = Logic.greater(n.in(0), low);
                                return List.of(Logic.select(above, dy, Elementwise.zerosLike(dy)));
                            })
                    .mil(
                            Spelling.<Alpha>of("threshold")
                                    .operand("x")
                                    .number("alpha", Alpha::alpha)
                                    .build(a -> new Alpha(a.number("alpha"))))
                    .defined(n -> Elementwise.maximum(n.in(0), like(n.in(0), n.attrs().alpha())))
                    .reference(
                            (a, in, out) -> Elementwise.each(in, out, x -> Math.max(x, a.alpha())))
                    .build();

    /** {@code min(max(x, 0), 6)}. */
    public static final Op<NoAttrs> RELU6 =
            OpDef.<NoAttrs>named("relu6")
                    .type((a, in) -> List.of(Types.floats("relu6", in.get(0))))
                    .is(n -> Elementwise.clip(n.in(0), 0, 6))
                    .mil(Elementwise.spell("relu6", "x"))
                    .reference(Elementwise.unaryLoop(x -> Math.min(Math.max(x, 0), 6)))
                    .build();

    /** {@code x}, or {@code alpha x} below 0. */
    public static final Op<Alpha> LEAKY_RELU =
            one("leaky_relu", (x, alpha) -> x >= 0 ? x : alpha * x)
                    .is(n -> leaky(n.in(0), n.attrs().alpha()))
                    .build();

    /** {@code x}, or {@code alpha (e^x - 1)} from 0 down. */
    public static final Op<Alpha> ELU =
            one("elu", (x, alpha) -> x > 0 ? x : alpha * Math.expm1(x))
                    .vjp(
                            (n, dy) -> {
                                var below = mul(dy, shift(n.out(), n.attrs().alpha()));
                                return List.of(Logic.select(positive(n.in(0)), dy, below));
                            })
                    .build();

    /** {@code x}, or 0 below alpha. */
    public static final Op<Alpha> THRESHOLDED_RELU =
            one("thresholded_relu", (x, alpha) -> x < alpha ? 0 : x)
                    .is(
                            n -> {
                                var x = n.in(0);
                                var below = Logic.less(x, like(x, n.attrs().alpha()));
                                return Logic.select(below, like(x, 0), x);
                            })
                    .build();

    /** {@code min(beta, x)}, or {@code min(beta, alpha x)} below 0. */
    public static final Op<AlphaBeta> CLAMPED_RELU =
            two("clamped_relu", (x, a, b) -> Math.min(b, x >= 0 ? x : a * x))
                    .is(
                            n -> {
                                var a = n.attrs();
                                var beta = like(n.in(0), a.beta());
                                return Elementwise.minimum(leaky(n.in(0), a.alpha()), beta);
                            })
                    .build();

    /** {@code alpha x + beta}. */
    public static final Op<AlphaBeta> LINEAR_ACTIVATION =
            two("linear_activation", (x, a, b) -> a * x + b)
                    .is(n -> shift(scale(n.in(0), n.attrs().alpha()), n.attrs().beta()))
                    .build();

    /** {@code alpha tanh(beta x)}. */
    public static final Op<AlphaBeta> SCALED_TANH =
            two("scaled_tanh", (x, a, b) -> a * Math.tanh(b * x))
                    .is(
                            n -> {
                                var inner = scale(n.in(0), n.attrs().beta());
                                return scale(Activations.tanh(inner), n.attrs().alpha());
                            })
                    .build();

    /** {@code min(max(alpha x + beta, 0), 1)}. */
    public static final Op<AlphaBeta> SIGMOID_HARD =
            two("sigmoid_hard", (x, a, b) -> Math.min(Math.max(a * x + b, 0), 1))
                    .is(
                            n -> {
                                var line = scale(n.in(0), n.attrs().alpha());
                                return Elementwise.clip(shift(line, n.attrs().beta()), 0, 1);
                            })
                    .build();

    /** {@code x / (1 + |x|)}. */
    public static final Op<NoAttrs> SOFTSIGN =
            OpDef.<NoAttrs>named("softsign")
                    .type((a, in) -> List.of(Types.floats("softsign", in.get(0))))
                    .is(n -> Elementwise.div(n.in(0), shift(Elementwise.abs(n.in(0)), 1)))
                    .mil(Elementwise.spell("softsign", "x"))
                    .reference(Elementwise.unaryLoop(x -> x / (1 + Math.abs(x))))
                    .build();

    /** {@code log(1 + e^x)}, in a form that does not overflow. */
    public static final Op<NoAttrs> SOFTPLUS =
            OpDef.<NoAttrs>named("softplus")
                    .type((a, in) -> List.of(Types.floats("softplus", in.get(0))))
                    .vjp((n, dy) -> List.of(mul(dy, Activations.sigmoid(n.in(0)))))
                    .mil(Elementwise.spell("softplus", "x"))
                    .defined(
                            n -> {
                                var x = n.in(0);
                                var tail = Elementwise.exp(Elementwise.neg(Elementwise.abs(x)));
                                return Elementwise.add(Activations.relu(x), logOnePlus(tail));
                            })
                    .reference(Elementwise.unaryLoop(Rectifiers::softplus))
                    .build();

    /** {@code x}, or {@code alpha_c x} from 0 down. Shapes: x (N, C, ...), alpha (C). */
    public static final Op<NoAttrs> PRELU =
            OpDef.<NoAttrs>named("prelu")
                    .type((a, in) -> List.of(perChannel("prelu", in)))
                    .is(
                            n -> {
                                var x = n.in(0);
                                var below = mul(x, Broadcasting.alongChannels(n.in(1), x.shape()));
                                return Logic.select(positive(x), x, below);
                            })
                    .mil(Elementwise.spell("prelu", "x", "alpha"))
                    .reference((a, in, out) -> channelLoop(in, out, (x, p) -> x > 0 ? x : p[0] * x))
                    .build();

    /** {@code alpha_c log(1 + e^(beta_c x))}. Shapes: x (N, C, ...), alpha and beta (C). */
    public static final Op<NoAttrs> SOFTPLUS_PARAMETRIC =
            OpDef.<NoAttrs>named("softplus_parametric")
                    .type((a, in) -> List.of(perChannel("softplus_parametric", in)))
                    .is(
                            n -> {
                                var x = n.in(0);
                                var beta = Broadcasting.alongChannels(n.in(2), x.shape());
                                var curve = Elementwise.apply(SOFTPLUS, mul(x, beta));
                                return mul(curve, Broadcasting.alongChannels(n.in(1), x.shape()));
                            })
                    .mil(Elementwise.spell("softplus_parametric", "x", "alpha", "beta"))
                    .reference(
                            (a, in, out) ->
                                    channelLoop(in, out, (x, p) -> p[0] * softplus(p[1] * x)))
                    .build();

    static final List<Op<?>> ALL =
            List.of(
                    THRESHOLD,
                    RELU6,
                    LEAKY_RELU,
                    ELU,
                    THRESHOLDED_RELU,
                    CLAMPED_RELU,
                    LINEAR_ACTIVATION,
                    SCALED_TANH,
                    SIGMOID_HARD,
                    SOFTSIGN,
                    SOFTPLUS,
                    PRELU,
                    SOFTPLUS_PARAMETRIC);

    private Rectifiers() {}

    /** Leaky rectifier. */
    public static Value leakyRelu(Value x, double alpha) {
        return apply(LEAKY_RELU, x, alpha);
    }

    /** Exponential linear unit. */
    public static Value elu(Value x, double alpha) {
        return apply(ELU, x, alpha);
    }

    /** {@code min(max(x, 0), 6)}. */
    public static Value relu6(Value x) {
        return Elementwise.apply(RELU6, x);
    }

    /** {@code log(1 + e^x)}. */
    public static Value softplus(Value x) {
        return Elementwise.apply(SOFTPLUS, x);
    }

    /** {@code x / (1 + |x|)}. */
    public static Value softsign(Value x) {
        return Elementwise.apply(SOFTSIGN, x);
    }

    /** {@code x}, or {@code alpha_c x} from 0 down. */
    public static Value prelu(Value x, Value alpha) {
        return Elementwise.apply(PRELU, x, alpha);
    }

    private static Value apply(Op<Alpha> op, Value x, double alpha) {
        var attrs = new Alpha(x.dtype().round(alpha));
        return Node.of(op, attrs, List.of(x)).out();
    }

    private static OpDef.Builder<Alpha> one(String name, DoubleBinaryOperator f) {
        return OpDef.<Alpha>named(name)
                .type((a, in) -> List.of(Types.floats(name, in.get(0))))
                .mil(
                        Spelling.<Alpha>of(name)
                                .operand("x")
                                .number("alpha", Alpha::alpha)
                                .build(a -> new Alpha(a.number("alpha"))))
                .reference(
                        (a, in, out) ->
                                Elementwise.each(in, out, x -> f.applyAsDouble(x, a.alpha())));
    }

    private static OpDef.Builder<AlphaBeta> two(String name, Curve f) {
        return OpDef.<AlphaBeta>named(name)
                .type((a, in) -> List.of(Types.floats(name, in.get(0))))
                .mil(
                        Spelling.<AlphaBeta>of(name)
                                .operand("x")
                                .number("alpha", AlphaBeta::alpha)
                                .number("beta", AlphaBeta::beta)
                                .build(a -> new AlphaBeta(a.number("alpha"), a.number("beta"))))
                .reference(
                        (a, in, out) ->
                                Elementwise.each(in, out, x -> f.at(x, a.alpha(), a.beta())));
    }

    private static Value positive(Value x) {
        return Logic.greater(x, like(x, 0));
    }

    private static Value leaky(Value x, double alpha) {
        return Logic.select(Logic.less(x, like(x, 0)), scale(x, alpha), x);
    }

    /** {@code log(1 + t)} of t from 0 to 1: what rounding took from the sum is given back. */
    private static Value logOnePlus(Value t) {
        var sum = shift(t, 1);
        var lost = Elementwise.sub(t, shift(sum, -1));
        return Elementwise.add(Elementwise.log(sum), Elementwise.div(lost, sum));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static TensorType perChannel(String op, List<TensorType> in) {
        var x = Types.floats(op, in.get(0));
        if (x.shape().rank() < 3 || x.shape().rank() > 5) {
            throw new ShapeException(
                    op, "input has shape %s; need rank 3 to 5, [N, C, ...]", x.shape());
        }
        for (var parameter : in.subList(1, in.size())) {
            Types.channelVector(op, "parameter", parameter, x);
        }
        return x;
    }

    private static void channelLoop(List<Dense> in, Dense out, ChannelCurve f) {
        var shape = out.shape();
        int channels = shape.dim(1);
        int inner = shape.slice(2, shape.rank()).size();
        var parameters = new double[in.size() - 1];
        for (int i = 0; i < out.data().length; i++) {
            for (int k = 0; k < parameters.length; k++) {
                parameters[k] = in.get(k + 1).get(i / inner % channels);
            }
            out.data()[i] = f.at(in.get(0).get(i), parameters);
        }
    }
}
