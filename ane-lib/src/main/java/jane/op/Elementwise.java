package jane.op;

import static jane.op.Broadcasting.sumTo;

import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic element by element; two operands broadcast by NumPy's rule and share one dtype. */
public final class Elementwise {
    /** A small number added before the function is taken. */
    public record Epsilon(double epsilon) {}

    /** Bounds of {@code clip}. */
    public record Bounds(double alpha, double beta) {}

    /** {@code x + y}. */
    public static final Op<NoAttrs> ADD = binary("add", Double::sum, (n, dy) -> both(n, dy, dy));

    /** {@code x - y}. */
    public static final Op<NoAttrs> SUB =
            binary("sub", (a, b) -> a - b, (n, dy) -> both(n, dy, neg(dy)));

    /** {@code x * y}. */
    public static final Op<NoAttrs> MUL =
            binary("mul", (a, b) -> a * b, (n, dy) -> both(n, mul(dy, n.in(1)), mul(dy, n.in(0))));

    /** {@code x / y}. */
    public static final Op<NoAttrs> REAL_DIV =
            binary("real_div", Types::broadcastFloats, (a, b) -> a / b, Elementwise::divVjp);

    /** The larger; NaN if either is. At a tie each side gets half the gradient. */
    public static final Op<NoAttrs> MAXIMUM =
            binary("maximum", Math::max, (n, dy) -> pick(n, dy, n.in(0), n.in(1)));

    /** The smaller; NaN if either is. At a tie each side gets half the gradient. */
    public static final Op<NoAttrs> MINIMUM =
            binary("minimum", Math::min, (n, dy) -> pick(n, dy, n.in(1), n.in(0)));

    /**
     * {@code x ^ y}; the gradient to {@code y} is 0 where {@code x <= 0}, that to {@code x} at
     * {@code 0 ^ 0} too.
     */
    public static final Op<NoAttrs> POW =
            binary("pow", Types::broadcastFloats, Math::pow, Elementwise::powVjp);

    /** {@code |x|}, with gradient 0 at 0. */
    public static final Op<NoAttrs> ABS =
            unary("abs", Types::numbers, Math::abs, (n, dy) -> mul(dy, sign(n.in(0))));

    /** -1, 0 or 1; its gradient is 0. */
    public static final Op<NoAttrs> SIGN =
            unary("sign", Types::numbers, Math::signum, (n, dy) -> zerosLike(dy));

    /** {@code x * x}. */
    public static final Op<NoAttrs> SQUARE =
            unary("square", Types::numbers, x -> x * x, (n, dy) -> mul(dy, scale(n.in(0), 2)));

    /** {@code e^x}. */
    public static final Op<NoAttrs> EXP = unary("exp", Math::exp, (n, dy) -> mul(dy, n.out()));

    /** {@code 2^x}. */
    public static final Op<NoAttrs> EXP2 =
            unary("exp2", x -> Math.pow(2, x), (n, dy) -> mul(dy, scale(n.out(), Math.log(2))));

    /** Square root. */
    public static final Op<NoAttrs> SQRT =
            unary("sqrt", Math::sqrt, (n, dy) -> div(scale(dy, 0.5), n.out()));

    /** {@code log(x + epsilon)}. */
    public static final Op<Epsilon> LOG =
            epsilon(
                    "log",
                    0x1p-149,
                    Math::log,
                    (n, dy) -> div(dy, shift(n.in(0), n.attrs().epsilon())));

    /** {@code 1 / sqrt(x + epsilon)}. */
    public static final Op<Epsilon> RSQRT =
            epsilon(
                    "rsqrt",
                    1e-12,
                    x -> 1 / Math.sqrt(x),
                    (n, dy) -> mul(scale(dy, -0.5), mul(n.out(), square(n.out()))));

    /** {@code 1 / (x + epsilon)}. */
    public static final Op<Epsilon> INVERSE =
            epsilon("inverse", 1e-4, x -> 1 / x, (n, dy) -> neg(mul(dy, square(n.out()))));

    /** {@code min(max(x, alpha), beta)}; the gradient passes where x is inside, bounds included. */
    public static final Op<Bounds> CLIP =
            OpDef.<Bounds>named("clip")
                    .type((a, in) -> List.of(Types.floats("clip", in.get(0))))
                    .vjp(
                            (n, dy) ->
                                    List.of(
                                            Logic.select(
                                                    Logic.equal(n.out(), n.in(0)),
                                                    dy,
                                                    zerosLike(dy))))
                    .mil(
                            Spelling.<Bounds>of("clip")
                                    .operand("x")
                                    .number("alpha", Bounds::alpha)
                                    .number("beta", Bounds::beta)
                                    .build(a -> new Bounds(a.number("alpha"), a.number("beta"))))
                    .reference(
                            (a, in, out) ->
                                    each(in, out, x -> Math.min(Math.max(x, a.alpha()), a.beta())))
                    .build();

    /** The value itself, as a node of its own: MIL needs one where an output is an input. */
    public static final Op<NoAttrs> IDENTITY =
            OpDef.<NoAttrs>named("identity")
                    .type((a, in) -> List.of(in.get(0)))
                    .vjp((n, dy) -> List.of(dy))
                    .mil(spell("identity", "x"))
                    .reference(unaryLoop(x -> x))
                    .build();

    /** The value itself, through which no gradient flows. */
    public static final Op<NoAttrs> STOP_GRADIENT =
            OpDef.<NoAttrs>named("stop_gradient")
                    .type((a, in) -> List.of(in.get(0)))
                    .notDifferentiable()
                    .lower(1, n -> n.in(0))
                    .reference(unaryLoop(x -> x))
                    .flops(n -> 0)
                    .build();

    static final List<Op<?>> ALL =
            List.of(
                    ADD,
                    SUB,
                    MUL,
                    REAL_DIV,
                    MAXIMUM,
                    MINIMUM,
                    POW,
                    ABS,
                    SIGN,
                    SQUARE,
                    EXP,
                    EXP2,
                    SQRT,
                    LOG,
                    RSQRT,
                    INVERSE,
                    CLIP,
                    IDENTITY,
                    STOP_GRADIENT);

    private Elementwise() {}

    /** {@code x + y}. */
    public static Value add(Value x, Value y) {
        return apply(ADD, x, y);
    }

    /** {@code x - y}. */
    public static Value sub(Value x, Value y) {
        return apply(SUB, x, y);
    }

    /** {@code x * y}. */
    public static Value mul(Value x, Value y) {
        return apply(MUL, x, y);
    }

    /** {@code x / y}. */
    public static Value div(Value x, Value y) {
        return apply(REAL_DIV, x, y);
    }

    /** The larger of both. */
    public static Value maximum(Value x, Value y) {
        return apply(MAXIMUM, x, y);
    }

    /** The smaller of both. */
    public static Value minimum(Value x, Value y) {
        return apply(MINIMUM, x, y);
    }

    /** {@code x ^ y}. */
    public static Value pow(Value x, Value y) {
        return apply(POW, x, y);
    }

    /** {@code x * factor}. */
    public static Value scale(Value x, double factor) {
        return mul(x, Leaf.scalar(x.dtype(), factor));
    }

    /** {@code x + offset}. */
    public static Value shift(Value x, double offset) {
        return add(x, Leaf.scalar(x.dtype(), offset));
    }

    /** {@code -x}. */
    public static Value neg(Value x) {
        return scale(x, -1);
    }

    /** {@code |x|}. */
    public static Value abs(Value x) {
        return apply(ABS, x);
    }

    /** -1, 0 or 1. */
    public static Value sign(Value x) {
        return apply(SIGN, x);
    }

    /** {@code x * x}. */
    public static Value square(Value x) {
        return apply(SQUARE, x);
    }

    /** {@code e^x}. */
    public static Value exp(Value x) {
        return apply(EXP, x);
    }

    /** Natural logarithm. */
    public static Value log(Value x) {
        return Node.of(LOG, new Epsilon(0), List.of(x)).out();
    }

    /** Square root. */
    public static Value sqrt(Value x) {
        return apply(SQRT, x);
    }

    /** {@code 1 / sqrt(x + epsilon)}. */
    public static Value rsqrt(Value x, double epsilon) {
        return Node.of(RSQRT, new Epsilon(x.dtype().round(epsilon)), List.of(x)).out();
    }

    /** {@code min(max(x, low), high)}. */
    public static Value clip(Value x, double low, double high) {
        if (!(low <= high)) {
            throw new ShapeException("clip", "bounds are %s and %s; need low <= high", low, high);
        }
        var bounds = new Bounds(x.dtype().round(low), x.dtype().round(high));
        return Node.of(CLIP, bounds, List.of(x)).out();
    }

    /** The value itself as a new node. */
    public static Value identity(Value x) {
        return apply(IDENTITY, x);
    }

    /** The value itself; no gradient flows through. */
    public static Value stopGradient(Value x) {
        return apply(STOP_GRADIENT, x);
    }

    /** A scalar of x's element type. */
    static Value like(Value x, double value) {
        return Leaf.scalar(x.dtype(), value);
    }

    static Value zerosLike(Value x) {
        return Movement.fill(x.type(), 0);
    }

    static Value apply(Op<NoAttrs> op, Value... in) {
        return Node.of(op, NoAttrs.NONE, List.of(in)).out();
    }

    /** The spelling of an op without attributes. */
    static Spelling<NoAttrs> spell(String op, String... operands) {
        var spelling = Spelling.<NoAttrs>of(op);
        for (var operand : operands) {
            spelling.operand(operand);
        }
        return spelling.build(a -> NoAttrs.NONE);
    }

    private static Op<NoAttrs> binary(String name, DoubleBinaryOperator f, OpDef.Vjp<NoAttrs> vjp) {
        return binary(name, Types::broadcast, f, vjp);
    }

    static Op<NoAttrs> binary(
            String name,
            BiFunction<String, List<TensorType>, TensorType> type,
            DoubleBinaryOperator f,
            OpDef.Vjp<NoAttrs> vjp) {
        return OpDef.<NoAttrs>named(name)
                .type((a, in) -> List.of(type.apply(name, in)))
                .vjp(vjp)
                .mil(spell(name, "x", "y"))
                .reference(binaryLoop(f))
                .build();
    }

    static OpDef.Reference<NoAttrs> binaryLoop(DoubleBinaryOperator f) {
        return (a, in, out) -> {
            for (int i = 0; i < out.data().length; i++) {
                var at = Index.unravel(i, out.shape());
                double x = in.get(0).get(Index.broadcast(at, in.get(0).shape()));
                double y = in.get(1).get(Index.broadcast(at, in.get(1).shape()));
                out.data()[i] = f.applyAsDouble(x, y);
            }
        };
    }

    /** An op of one float input; {@code vjp} gives that input's cotangent. */
    static Op<NoAttrs> unary(
            String name, DoubleUnaryOperator f, BiFunction<Node<NoAttrs>, Value, Value> vjp) {
        return unary(name, Types::floats, f, vjp);
    }

    private static Op<NoAttrs> unary(
            String name,
            BiFunction<String, TensorType, TensorType> type,
            DoubleUnaryOperator f,
            BiFunction<Node<NoAttrs>, Value, Value> vjp) {
        return OpDef.<NoAttrs>named(name)
                .type((a, in) -> List.of(type.apply(name, in.get(0))))
                .vjp((n, dy) -> List.of(vjp.apply(n, dy)))
                .mil(spell(name, "x"))
                .reference(unaryLoop(f))
                .build();
    }

    static OpDef.Reference<NoAttrs> unaryLoop(DoubleUnaryOperator f) {
        return (a, in, out) -> each(in, out, f);
    }

    /** {@code f} of each element of the only input. */
    static void each(List<Dense> in, Dense out, DoubleUnaryOperator f) {
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] = f.applyAsDouble(in.get(0).get(i));
        }
    }

    private static Op<Epsilon> epsilon(
            String name,
            double fallback,
            DoubleUnaryOperator f,
            BiFunction<Node<Epsilon>, Value, Value> vjp) {
        return OpDef.<Epsilon>named(name)
                .type((a, in) -> List.of(Types.floats(name, in.get(0))))
                .vjp((n, dy) -> List.of(vjp.apply(n, dy)))
                .mil(
                        Spelling.<Epsilon>of(name)
                                .operand("x")
                                .number("epsilon", Epsilon::epsilon, fallback)
                                .build(a -> new Epsilon(a.number("epsilon"))))
                .reference((a, in, out) -> each(in, out, x -> f.applyAsDouble(x + a.epsilon())))
                .build();
    }

    private static List<Value> both(Node<?> n, Value dx, Value dy) {
        return List.of(sumTo(dx, n.in(0).shape()), sumTo(dy, n.in(1).shape()));
    }

    private static List<Value> divVjp(Node<NoAttrs> n, Value dy) {
        var dx = div(dy, n.in(1));
        return both(n, dx, neg(mul(dx, n.out())));
    }

    /** The cotangent goes to the operand on the greater side: first when {@code hi > lo}. */
    private static List<Value> pick(Node<NoAttrs> n, Value dy, Value hi, Value lo) {
        var zero = zerosLike(dy);
        var tie = Logic.select(Logic.equal(hi, lo), scale(dy, 0.5), zero);
        var first = Logic.select(Logic.greater(hi, lo), dy, tie);
        var second = Logic.select(Logic.less(hi, lo), dy, tie);
        return both(n, first, second);
    }

    private static List<Value> powVjp(Node<NoAttrs> n, Value dy) {
        var x = n.in(0);
        var y = n.in(1);
        var one = Leaf.scalar(x.dtype(), 1);
        var safe = Logic.select(Logic.greater(x, Leaf.scalar(x.dtype(), 0)), x, one);
        var dx = mul(dy, mul(y, pow(x, shift(finite(x, y), -1))));
        return both(n, dx, mul(dy, mul(n.out(), log(safe))));
    }

    /**
     * {@code y}, but 1 where it and x are 0: there the slope is 0 times an infinite power, and any
     * other power does.
     */
    private static Value finite(Value x, Value y) {
        if (y.isConst() && Arrays.stream(Leaf.data(y).dense().data()).allMatch(v -> v != 0)) {
            return y;
        }
        var nought = Logic.select(Logic.equal(x, like(x, 0)), like(y, 1), y);
        return Logic.select(Logic.equal(y, like(y, 0)), nought, y);
    }
}
