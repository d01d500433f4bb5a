package jane.op;

import static jane.op.Elementwise.div;
import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.neg;
import static jane.op.Elementwise.shift;
import static jane.op.Elementwise.sqrt;
import static jane.op.Elementwise.square;
import static jane.op.Elementwise.sub;

import jane.ir.NoAttrs;
import jane.ir.Op;
import jane.ir.Value;
import java.util.List;

/** Circular and hyperbolic functions. Shapes: y as x; dtype fp16 or fp32; angles in radians. */
public final class Trigonometry {
    /** Sine. */
    public static final Op<NoAttrs> SIN =
            Elementwise.unary("sin", Math::sin, (n, dy) -> mul(dy, cos(n.in(0))));

    /** Cosine. */
    public static final Op<NoAttrs> COS =
            Elementwise.unary("cos", Math::cos, (n, dy) -> neg(mul(dy, sin(n.in(0)))));

    /** Tangent. */
    public static final Op<NoAttrs> TAN =
            Elementwise.unary("tan", Math::tan, (n, dy) -> mul(dy, shift(square(n.out()), 1)));

    /** Angle whose sine is x; NaN beyond -1 to 1. */
    public static final Op<NoAttrs> ASIN =
            Elementwise.unary("asin", Math::asin, (n, dy) -> div(dy, root(n.in(0))));

    /** Angle whose cosine is x; NaN beyond -1 to 1. */
    public static final Op<NoAttrs> ACOS =
            Elementwise.unary("acos", Math::acos, (n, dy) -> neg(div(dy, root(n.in(0)))));

    /** Angle whose tangent is x. */
    public static final Op<NoAttrs> ATAN =
            Elementwise.unary("atan", Math::atan, (n, dy) -> div(dy, shift(square(n.in(0)), 1)));

    /** Hyperbolic sine. */
    public static final Op<NoAttrs> SINH =
            Elementwise.unary("sinh", Math::sinh, (n, dy) -> mul(dy, cosh(n.in(0))));

    /** Hyperbolic cosine. */
    public static final Op<NoAttrs> COSH =
            Elementwise.unary("cosh", Math::cosh, (n, dy) -> mul(dy, sinh(n.in(0))));

    /** Number whose hyperbolic tangent is x. */
    public static final Op<NoAttrs> ATANH =
            Elementwise.unary("atanh", Trigonometry::atanh, (n, dy) -> div(dy, rest(n.in(0))));

    static final List<Op<?>> ALL = List.of(SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, ATANH);

    private Trigonometry() {}

    /** Sine. */
    public static Value sin(Value x) {
        return Elementwise.apply(SIN, x);
    }

    /** Cosine. */
    public static Value cos(Value x) {
        return Elementwise.apply(COS, x);
    }

    private static Value sinh(Value x) {
        return Elementwise.apply(SINH, x);
    }

    private static Value cosh(Value x) {
        return Elementwise.apply(COSH, x);
    }

    /** {@code 1 - x^2}. */
    private static Value rest(Value x) {
        return sub(Elementwise.like(x, 1), square(x));
    }

    private static Value root(Value x) {
        return sqrt(rest(x));
    }

    /** By log1p: the difference of logs of numbers near 1 would cancel. */
    private static double atanh(double x) {
        return 0.5 * (Math.log1p(x) - Math.log1p(-x));
    }
}
