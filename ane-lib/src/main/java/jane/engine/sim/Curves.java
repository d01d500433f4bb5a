package jane.engine.sim;

import static java.lang.Math.exp;
import static java.lang.Math.log;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.NoAttrs;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.op.Activations;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Activations as the Neural Engine computes them, from tables of 33 halves. Tables as published for
 * M6 (and M4, where both were read); of sqrt and rsqrt only the step is known. Of gelu's and silu's
 * entries, which are no samples, three are published; the others are fitted here by least squares.
 *
 * <p>At infinity the published results are not those of IEEE: log(inf) is 0, softplus(inf) is 0.
 */
final class Curves {
    private static final double LN2 = log(2);
    private static final Table SIGMOID = Table.sampled(x -> 1 / (1 + exp(-x)), -8, 8, 32);
    private static final Table TANH = Table.sampled(Math::tanh, 0, 4, 32);
    private static final Table ERF = Table.sampled(Curves::erf, 0, 2, 32);
    private static final Table SIN = Table.sampled(Math::sin, 0, Math.PI / 2, 32);
    private static final Table EXP2 = Table.sampled(x -> Math.pow(2, x), 0, 1, 32);
    private static final Table LOG2 = Table.sampled(x -> log(x) / LN2, 0.5, 1, 32);
    private static final Table SQRT = Table.sampled(Math::sqrt, 0.5, 2, 24);
    private static final Table RSQRT = Table.sampled(x -> 1 / Math.sqrt(x), 0.5, 2, 24);
    private static final Table INVERSE = Table.sampled(x -> 1 / x, 0.5, 1, 32);
    private static final Table GELU =
            Table.fitted(
                    x -> x * (1 + erf(x / Math.sqrt(2))) / 2,
                    -4,
                    4,
                    32,
                    Map.of(0.0, -0.00075, 0.25, 0.1436));
    private static final Table SILU =
            Table.fitted(x -> x / (1 + exp(-x)), -8, 8, 32, Map.of(0.5, 0.296));

    /** From here on e^x + 1 overflows a half. Source: published quirks, M5. */
    private static final double SOFTPLUS_OVERFLOW = 11.09;

    /** By the op's name; epsilons are added before, where an op has one. */
    static final Map<String, DoubleUnaryOperator> BY_OP =
            Map.ofEntries(
                    Map.entry("sigmoid", SIGMOID::at),
                    Map.entry("tanh", Curves::tanh),
                    Map.entry("erf", x -> odd(x, 2, ERF)),
                    Map.entry("sin", Curves::sin),
                    Map.entry("cos", x -> Double.isInfinite(x) ? 0 : sin(x + Math.PI / 2)),
                    Map.entry("exp", x -> exp2(x / LN2)),
                    Map.entry("exp2", Curves::exp2),
                    Map.entry("log", Curves::ln),
                    Map.entry("sqrt", x -> root(x, SQRT, 1)),
                    Map.entry("rsqrt", x -> root(x, RSQRT, -1)),
                    Map.entry("inverse", Curves::inverse),
                    Map.entry("gelu", x -> x < -4 ? 0 : x > 4 ? x : GELU.at(x)),
                    Map.entry("silu", x -> x < -8 ? 0 : x > 8 ? x : SILU.at(x)),
                    Map.entry("softplus", Curves::softplus));

    private Curves() {}

    /** By the op's own reference, in double. */
    private static double erf(double x) {
        var type = new TensorType(DType.FP32, Shape.of());
        var result = Dense.zeros(type);
        Activations.ERF.reference(NoAttrs.NONE, List.of(Dense.of(type, x)), List.of(result));
        return result.get(0);
    }

    private static double odd(double x, double end, Table table) {
        double size = Math.abs(x);
        return Math.copySign(size >= end ? 1 : table.at(size), x);
    }

    private static double tanh(double x) {
        return odd(x, 4, TANH);
    }

    private static double sin(double x) {
        if (!Double.isFinite(x)) {
            return 0;
        }
        double turns = x / (Math.PI / 2);
        double quarter = Math.floor(turns);
        double rest = (turns - quarter) * (Math.PI / 2);
        int which = (int) Math.floorMod((long) quarter, 4L);
        double size = SIN.at(which % 2 == 0 ? rest : Math.PI / 2 - rest);
        return which < 2 ? size : -size;
    }

    private static double exp2(double x) {
        if (x >= 16) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < -26) {
            return 0;
        }
        double whole = Math.floor(x);
        return Math.scalb(EXP2.at(x - whole), (int) whole);
    }

    private static double ln(double x) {
        if (x == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (!(x > 0) || Double.isInfinite(x)) {
            return Double.isInfinite(x) && x > 0 ? 0 : Double.NaN;
        }
        int exponent = Math.getExponent(x) + 1;
        return (LOG2.at(Math.scalb(x, -exponent)) + exponent) * LN2;
    }

    /** The table holds one power of four; the exponent is halved, to {@code sign} times that. */
    private static double root(double x, Table table, int sign) {
        if (x == 0 || Double.isInfinite(x)) {
            return (x == 0) == (sign > 0) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (!(x > 0)) {
            return Double.NaN;
        }
        int half = Math.floorDiv(Math.getExponent(x) + 1, 2);
        return Math.scalb(table.at(Math.scalb(x, -2 * half)), sign * half);
    }

    private static double inverse(double x) {
        if (x == 0 || Double.isInfinite(x)) {
            return Math.copySign(x == 0 ? Double.POSITIVE_INFINITY : 0, x);
        }
        int exponent = Math.getExponent(x) + 1;
        double size = INVERSE.at(Math.scalb(Math.abs(x), -exponent));
        return Math.copySign(Math.scalb(size, -exponent), x);
    }

    private static double softplus(double x) {
        return x >= SOFTPLUS_OVERFLOW ? 0 : Math.log1p(exp(x));
    }
}
