package jane.op;

import static jane.op.Broadcasting.sumTo;

import jane.ir.DType;
import jane.ir.Literal;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;

/** Comparison, selection and change of element type. */
public final class Logic {
    /** The element type to convert to. */
    public record To(DType dtype) {}

    /** A comparison of two numbers. */
    private interface Test {
        boolean holds(double x, double y);
    }

    /** {@code x == y}. */
    public static final Op<NoAttrs> EQUAL = compare("equal", (x, y) -> x == y);

    /** {@code x != y}; true if either is NaN. */
    public static final Op<NoAttrs> NOT_EQUAL = compare("not_equal", (x, y) -> x != y);

    /** {@code x < y}. */
    public static final Op<NoAttrs> LESS = compare("less", (x, y) -> x < y);

    /** {@code x <= y}. */
    public static final Op<NoAttrs> LESS_EQUAL = compare("less_equal", (x, y) -> x <= y);

    /** {@code x > y}. */
    public static final Op<NoAttrs> GREATER = compare("greater", (x, y) -> x > y);

    /** {@code x >= y}. */
    public static final Op<NoAttrs> GREATER_EQUAL = compare("greater_equal", (x, y) -> x >= y);

    /** Boolean not. */
    public static final Op<NoAttrs> LOGICAL_NOT =
            OpDef.<NoAttrs>named("logical_not")
                    .type((a, in) -> List.of(Types.bools("logical_not", in.get(0))))
                    .notDifferentiable()
                    .mil(Elementwise.spell("logical_not", "x"))
                    .reference(Elementwise.unaryLoop(x -> x == 0 ? 1 : 0))
                    .build();

    /** Boolean and. */
    public static final Op<NoAttrs> LOGICAL_AND = bool("logical_and", (x, y) -> x != 0 && y != 0);

    /** Boolean or. */
    public static final Op<NoAttrs> LOGICAL_OR = bool("logical_or", (x, y) -> x != 0 || y != 0);

    /** Boolean exclusive or. */
    public static final Op<NoAttrs> LOGICAL_XOR =
            bool("logical_xor", (x, y) -> (x != 0) != (y != 0));

    /** {@code cond ? a : b}, all three broadcast. */
    public static final Op<NoAttrs> SELECT =
            OpDef.<NoAttrs>named("select")
                    .type((a, in) -> List.of(selectType(in)))
                    .vjp(Logic::selectVjp)
                    .mil(Elementwise.spell("select", "cond", "a", "b"))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, out.shape());
                                    var c = in.get(0);
                                    int pick = c.get(Index.broadcast(at, c.shape())) != 0 ? 1 : 2;
                                    var from = in.get(pick);
                                    out.data()[i] = from.get(Index.broadcast(at, from.shape()));
                                }
                            })
                    .build();

    /** The same values in another element type, as {@link DType#round} converts. */
    public static final Op<To> CAST =
            OpDef.<To>named("cast")
                    .type((a, in) -> List.of(in.get(0).as(a.dtype())))
                    .vjp((n, dy) -> List.of(cast(dy, n.in(0).dtype())))
                    .mil(
                            Spelling.<To>of("cast")
                                    .operand("x")
                                    .attr(
                                            "dtype",
                                            Literal.Kind.STRING,
                                            a -> new Literal.Str(a.dtype().mil()))
                                    .build(a -> new To(DType.ofMil(a.string("dtype")))))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    out.data()[i] = a.dtype().round(in.get(0).get(i));
                                }
                            })
                    .build();

    static final List<Op<?>> ALL =
            List.of(
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_EQUAL,
                    GREATER,
                    GREATER_EQUAL,
                    LOGICAL_NOT,
                    LOGICAL_AND,
                    LOGICAL_OR,
                    LOGICAL_XOR,
                    SELECT,
                    CAST);

    private Logic() {}

    /** {@code x == y}. */
    public static Value equal(Value x, Value y) {
        return Elementwise.apply(EQUAL, x, y);
    }

    /** {@code x < y}. */
    public static Value less(Value x, Value y) {
        return Elementwise.apply(LESS, x, y);
    }

    /** {@code x >= y}. */
    public static Value greaterEqual(Value x, Value y) {
        return Elementwise.apply(GREATER_EQUAL, x, y);
    }

    /** Boolean not. */
    public static Value not(Value x) {
        return Elementwise.apply(LOGICAL_NOT, x);
    }

    /** {@code x > y}. */
    public static Value greater(Value x, Value y) {
        return Elementwise.apply(GREATER, x, y);
    }

    /** {@code cond ? a : b}. */
    public static Value select(Value cond, Value a, Value b) {
        return Elementwise.apply(SELECT, cond, a, b);
    }

    /** {@code x} as {@code dtype}; {@code x} itself if it is that already. */
    public static Value cast(Value x, DType dtype) {
        return x.dtype() == dtype ? x : Node.of(CAST, new To(dtype), List.of(x)).out();
    }

    private static Op<NoAttrs> compare(String name, Test test) {
        return OpDef.<NoAttrs>named(name)
                .type((a, in) -> List.of(Types.broadcast(name, in).as(DType.BOOL)))
                .notDifferentiable()
                .mil(Elementwise.spell(name, "x", "y"))
                .reference(Elementwise.binaryLoop((x, y) -> test.holds(x, y) ? 1 : 0))
                .build();
    }

    private static Op<NoAttrs> bool(String name, Test test) {
        return OpDef.<NoAttrs>named(name)
                .type(
                        (a, in) -> {
                            Types.bools(name, in.get(0));
                            Types.bools(name, in.get(1));
                            var shape = Shape.broadcast(in.get(0).shape(), in.get(1).shape(), name);
                            return List.of(in.get(0).as(shape));
                        })
                .notDifferentiable()
                .mil(Elementwise.spell(name, "x", "y"))
                .reference(Elementwise.binaryLoop((x, y) -> test.holds(x, y) ? 1 : 0))
                .build();
    }

    private static TensorType selectType(List<TensorType> in) {
        Types.bools("select", in.get(0));
        Types.sameDtype("select", in.get(1), in.get(2));
        var both = Shape.broadcast(in.get(1).shape(), in.get(2).shape(), "select");
        return in.get(1).as(Shape.broadcast(in.get(0).shape(), both, "select"));
    }

    private static List<Value> selectVjp(Node<NoAttrs> n, Value dy) {
        var zero = Elementwise.zerosLike(dy);
        var da = sumTo(select(n.in(0), dy, zero), n.in(1).shape());
        var db = sumTo(select(n.in(0), zero, dy), n.in(2).shape());
        return List.of(dy, da, db); // the first is for cond, which is no float: ignored
    }
}
