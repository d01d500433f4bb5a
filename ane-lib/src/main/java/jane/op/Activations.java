package jane.op;

import static jane.op.Elementwise.add;
import static jane.op.Elementwise.exp;
import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.scale;
import static jane.op.Elementwise.shift;
import static jane.op.Elementwise.square;
import static jane.op.Elementwise.sub;
import static jane.op.Elementwise.zerosLike;

import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.Value;
import java.util.List;

/** Activation functions. Shapes: y as x; dtype fp16 or fp32. */
public final class Activations {
    /** Which formula {@code gelu} uses. */
    public enum GeluMode {
        /** {@code x * Phi(x)}. */
        EXACT,
        /** Hendrycks and Gimpel's tanh form. */
        TANH_APPROXIMATION,
        /** {@code x * sigmoid(1.702 x)}. */
        SIGMOID_APPROXIMATION
    }

    /** The formula of a gelu. */
    public record Gelu(GeluMode mode) {}

    /** The axis of a softmax; negative counts from the end. */
    public record Axis(int axis) {}

    private static final double CUBIC = 0.044715;
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double SIGMOID_SLOPE = 1.702;

    /** {@code max(x, 0)}, with gradient 0 at 0. NaN stays NaN. */
    public static final Op<NoAttrs> RELU =
            Elementwise.unary(
                    "relu",
                    x -> Math.max(x, 0),
                    // asks the result, not x: then nothing has to keep x
                    (n, dy) ->
                            Logic.select(
                                    Logic.greater(n.out(), Leaf.scalar(dy.dtype(), 0)),
                                    dy,
                                    zerosLike(dy)));

    /** {@code 1 / (1 + e^-x)}. */
    public static final Op<NoAttrs> SIGMOID =
            Elementwise.unary(
                    "sigmoid",
                    Activations::sigmoid,
                    (n, dy) -> mul(dy, mul(n.out(), oneMinus(n.out()))));

    /** Hyperbolic tangent. */
    public static final Op<NoAttrs> TANH =
            Elementwise.unary("tanh", Math::tanh, (n, dy) -> mul(dy, oneMinus(square(n.out()))));

    /** {@code 2/sqrt(pi) * integral of e^(-t^2) from 0 to x}. */
    public static final Op<NoAttrs> ERF =
            Elementwise.unary(
                    "erf",
                    Erf::erf,
                    (n, dy) ->
                            mul(
                                    dy,
                                    scale(
                                            exp(scale(square(n.in(0)), -1)),
                                            2 / Math.sqrt(Math.PI))));

    /** {@code x * sigmoid(x)}. */
    public static final Op<NoAttrs> SILU =
            Elementwise.unary("silu", x -> x * sigmoid(x), Activations::siluVjp);

    /** Gaussian error linear unit. */
    public static final Op<Gelu> GELU =
            OpDef.<Gelu>named("gelu")
                    .type((a, in) -> List.of(Types.floats("gelu", in.get(0))))
                    .vjp((n, dy) -> List.of(mul(dy, geluSlope(n.in(0), n.attrs().mode()))))
                    .mil(
                            Spelling.<Gelu>of("gelu")
                                    .operand("x")
                                    .attr(
                                            "mode",
                                            Literal.Kind.STRING,
                                            a -> new Literal.Str(a.mode().name()),
                                            new Literal.Str("EXACT"))
                                    .build(a -> new Gelu(geluMode(a.string("mode")))))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    out.data()[i] = gelu(in.get(0).get(i), a.mode());
                                }
                            })
                    .build();

    /** {@code e^(x - max x) / sum e^(x - max x)} over one axis. */
    public static final Op<Axis> SOFTMAX =
            OpDef.<Axis>named("softmax")
                    .type(
                            (a, in) -> {
                                in.get(0).shape().axis(a.axis(), "softmax");
                                return List.of(Types.floats("softmax", in.get(0)));
                            })
                    .vjp(
                            (n, dy) -> {
                                var y = n.out();
                                var dot =
                                        Reductions.sum(mul(dy, y), List.of(n.attrs().axis()), true);
                                return List.of(mul(y, sub(dy, dot)));
                            })
                    .mil(
                            Spelling.<Axis>of("softmax")
                                    .operand("x")
                                    .attr(
                                            "axis",
                                            Literal.Kind.INT,
                                            a -> new Literal.Int(a.axis()),
                                            new Literal.Int(-1))
                                    .build(a -> new Axis(a.integer("axis"))))
                    .reference((a, in, out) -> softmax(a, in.get(0), out))
                    .flops(n -> 5L * n.out().shape().size())
                    .build();

    static final List<Op<?>> ALL = List.of(RELU, SIGMOID, TANH, ERF, SILU, GELU, SOFTMAX);

    private Activations() {}

    /** {@code max(x, 0)}. */
    public static Value relu(Value x) {
        return Elementwise.apply(RELU, x);
    }

    /** {@code 1 / (1 + e^-x)}. */
    public static Value sigmoid(Value x) {
        return Elementwise.apply(SIGMOID, x);
    }

    /** Hyperbolic tangent. */
    public static Value tanh(Value x) {
        return Elementwise.apply(TANH, x);
    }

    /** The error function. */
    public static Value erf(Value x) {
        return Elementwise.apply(ERF, x);
    }

    /** {@code x * sigmoid(x)}. */
    public static Value silu(Value x) {
        return Elementwise.apply(SILU, x);
    }

    /** Gaussian error linear unit. */
    public static Value gelu(Value x, GeluMode mode) {
        return Node.of(GELU, new Gelu(mode), List.of(x)).out();
    }

    /** Softmax over {@code axis}. */
    public static Value softmax(Value x, int axis) {
        return Node.of(SOFTMAX, new Axis(axis), List.of(x)).out();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static Value oneMinus(Value x) {
        return sub(Leaf.scalar(x.dtype(), 1), x);
    }

    private static Value siluVjp(Node<NoAttrs> n, Value dy) {
        var s = sigmoid(n.in(0));
        return mul(dy, mul(s, shift(mul(n.in(0), oneMinus(s)), 1)));
    }

    private static GeluMode geluMode(String mode) {
        for (var known : GeluMode.values()) {
            if (known.name().equals(mode)) {
                return known;
            }
        }
        throw new jane.ir.JaneException(
                "gelu", "unknown mode \"%s\"; need one of %s", mode, List.of(GeluMode.values()));
    }

    private static double gelu(double x, GeluMode mode) {
        return switch (mode) {
            case EXACT -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
            case TANH_APPROXIMATION ->
                    0.5 * x * (1 + Math.tanh(ROOT_2_OVER_PI * (x + CUBIC * x * x * x)));
            case SIGMOID_APPROXIMATION -> x * sigmoid(SIGMOID_SLOPE * x);
        };
    }

    /** The derivative of gelu at x. */
    private static Value geluSlope(Value x, GeluMode mode) {
        return switch (mode) {
            case EXACT -> {
                var phi = scale(shift(erf(scale(x, Math.sqrt(0.5))), 1), 0.5);
                var density = scale(exp(scale(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
                yield add(phi, mul(x, density));
            }
            case TANH_APPROXIMATION -> {
                var x2 = square(x);
                var u = scale(mul(x, shift(scale(x2, CUBIC), 1)), ROOT_2_OVER_PI);
                var t = tanh(u);
                var du = scale(shift(scale(x2, 3 * CUBIC), 1), ROOT_2_OVER_PI);
                var tail = mul(mul(x, oneMinus(square(t))), du);
                yield scale(add(shift(t, 1), tail), 0.5);
            }
            case SIGMOID_APPROXIMATION -> {
                var s = sigmoid(scale(x, SIGMOID_SLOPE));
                var tail = mul(mul(x, s), scale(oneMinus(s), SIGMOID_SLOPE));
                yield add(s, tail);
            }
        };
    }

    private static void softmax(Axis a, Dense x, Dense y) {
        int axis = x.shape().axis(a.axis(), "softmax");
        int n = x.shape().dim(axis);
        int step = x.shape().slice(axis + 1, x.shape().rank()).size();
        for (int i = 0; i < y.data().length; i++) {
            if (i / step % n != 0) {
                continue; // each line is done from its first element
            }
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < n; k++) {
                max = Math.max(max, x.get(i + k * step));
            }
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Math.exp(x.get(i + k * step) - max);
            }
            for (int k = 0; k < n; k++) {
                y.data()[i + k * step] = Math.exp(x.get(i + k * step) - max) / sum;
            }
        }
    }
}
