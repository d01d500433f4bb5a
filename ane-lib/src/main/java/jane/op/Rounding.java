package jane.op;

import static jane.op.Elementwise.mul;
import static jane.op.Elementwise.neg;
import static jane.op.Elementwise.zerosLike;

import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Value;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Whole numbers near real ones, and what division leaves. Steps have gradient 0. */
public final class Rounding {
    /** Largest whole number not above x. */
    public static final Op<NoAttrs> FLOOR = step("floor", Math::floor);

    /** Smallest whole number not below x. */
    public static final Op<NoAttrs> CEIL = step("ceil", Math::ceil);

    /** Nearest whole number; a tie goes to the even one, as Core ML has it. */
    public static final Op<NoAttrs> ROUND = step("round", Math::rint);

    /** {@code floor(x / y)}. */
    public static final Op<NoAttrs> FLOOR_DIV =
            Elementwise.binary(
                    "floor_div",
                    Types::broadcast,
                    (x, y) -> Math.floor(x / y),
                    (n, dy) -> List.of(zerosLike(n.in(0)), zerosLike(n.in(1))));

    /** {@code x - floor(x / y) y}, which has the sign of y. */
    public static final Op<NoAttrs> MOD =
            Elementwise.binary(
                    "mod", Types::broadcast, (x, y) -> x - Math.floor(x / y) * y, Rounding::modVjp);

    static final List<Op<?>> ALL = List.of(FLOOR, CEIL, ROUND, FLOOR_DIV, MOD);

    private Rounding() {}

    /** Largest whole number not above x. */
    public static Value floor(Value x) {
        return Elementwise.apply(FLOOR, x);
    }

    /** Smallest whole number not below x. */
    public static Value ceil(Value x) {
        return Elementwise.apply(CEIL, x);
    }

    /** Nearest whole number, ties to even. */
    public static Value round(Value x) {
        return Elementwise.apply(ROUND, x);
    }

    /** {@code floor(x / y)}. */
    public static Value floorDiv(Value x, Value y) {
        return Elementwise.apply(FLOOR_DIV, x, y);
    }

    /** What is left of x after whole y. */
    public static Value mod(Value x, Value y) {
        return Elementwise.apply(MOD, x, y);
    }

    private static Op<NoAttrs> step(String name, DoubleUnaryOperator f) {
        return Elementwise.unary(name, f, (n, dy) -> zerosLike(dy));
    }

    private static List<Value> modVjp(Node<NoAttrs> n, Value dy) {
        var whole = floorDiv(n.in(0), n.in(1));
        return List.of(
                Broadcasting.sumTo(dy, n.in(0).shape()),
                Broadcasting.sumTo(neg(mul(dy, whole)), n.in(1).shape()));
    }
}
