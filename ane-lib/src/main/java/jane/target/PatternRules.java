package jane.target;

import static jane.target.Finding.NONE;

import jane.ir.Literal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ops that fail, or compute wrong data, only beside others. */
final class PatternRules {
    static final Set<String> SLICES = Set.of("slice_by_size", "slice_by_index");

    private static final Set<String> REDUCTIONS =
            Set.of(
                    "reduce_sum",
                    "reduce_mean",
                    "reduce_max",
                    "reduce_min",
                    "reduce_sum_square",
                    "reduce_l1_norm",
                    "reduce_l2_norm",
                    "reduce_log_sum",
                    "reduce_log_sum_exp");
    private static final Set<String> NONLINEAR =
            Set.of(
                    "sigmoid",
                    "tanh",
                    "relu",
                    "relu6",
                    "leaky_relu",
                    "elu",
                    "prelu",
                    "silu",
                    "gelu",
                    "exp",
                    "exp2",
                    "log",
                    "sqrt",
                    "rsqrt",
                    "inverse",
                    "erf",
                    "softplus",
                    "softsign");
    private static final Set<String> ROUNDINGS = Set.of("floor", "ceil", "round");

    static final List<Rule> ALL =
            List.of(
                    Rule.of(
                                    "ANE-Q05",
                                    Group.PATTERNS,
                                    "No concat joins slices that start inside the last axis")
                            .applies(Applies.error().on(Family.A13, Family.A14, Family.A15))
                            .effect(Effect.WRONG_DATA)
                            .remedy("put the patches on another axis, or transpose first")
                            .source(
                                    "ANEForge, quirk table: wrong elements before A16",
                                    "Q-05",
                                    "C-31")
                            .ops(PatternRules::offsetSlices, "concat"),
                    Rule.of(
                                    "ANE-Q09",
                                    Group.PATTERNS,
                                    "The result of a reduction is not multiplied by 0")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("write x - x for a zero of that shape")
                            .source("ANEForge, quirk table: also 1e-30", "Q-09", "C-27")
                            .ops(PatternRules::reducedTimesZero, "mul"),
                    Rule.of(
                                    "ANE-Q10",
                                    Group.PATTERNS,
                                    "square before a nonlinearity has a fitting width")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("write mul(x, x)")
                            .source("ANEForge, quirk table: width mod 128 > 64", "Q-10")
                            .ops(PatternRules::squareWidth, "square"),
                    Rule.of(
                                    "ANE-Q11",
                                    Group.PATTERNS,
                                    "A rounded value is not multiplied by a scalar constant")
                            .applies(Applies.error().on(Family.A16).elsewhere(Severity.WARNING))
                            .effect(Effect.WRONG_DATA)
                            .remedy(
                                    "multiply by a constant of the full shape: the scalar is"
                                            + " dropped")
                            .source(
                                    "ANEForge, quirk table: floor/ceil/round x scalar, M5, macOS"
                                            + " 26.5",
                                    "Q-11")
                            .ops(PatternRules::roundedTimesScalar, "mul"),
                    Rule.of("ANE-Q03", Group.PATTERNS, "A matmul does not read a transpose")
                            .applies(Applies.note().on(Family.A16))
                            .effect(Effect.WRONG_DATA)
                            .remedy(
                                    "use transpose_x or transpose_y; keep the sum of magnitudes"
                                            + " below 16384")
                            .source("ANEForge, quirk table: issue 115, two fuzz cases, M5", "Q-03")
                            .ops(PatternRules::readsTranspose, "matmul"),
                    Rule.of("ANE-E19", Group.PATTERNS, "A blockwise weight passes an addition of 0")
                            .applies(Applies.error().route(Route.E5RT))
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("add 0 to it before the matmul or convolution")
                            .source("ANEForge, MIL conventions", "E-19")
                            .ops(
                                    PatternRules::bareBlockwise,
                                    "conv",
                                    "conv_transpose",
                                    "linear",
                                    "matmul"),
                    Rule.of("ANE-E20", Group.PATTERNS, "An unpacked constant is not reshaped")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("store it in the shape it is used in")
                            .source("ANEForge, MIL conventions", "E-20")
                            .ops(
                                    PatternRules::reshapedConstexpr,
                                    "reshape",
                                    "transpose",
                                    "expand_dims",
                                    "squeeze"));

    private PatternRules() {}

    /** Whether an op is a slice that begins inside the last axis. */
    static boolean isOffset(OpView op) {
        if (!SLICES.contains(op.op())) {
            return false;
        }
        var begin = op.ints("begin");
        int last = begin.isEmpty() ? 0 : begin.get(begin.size() - 1);
        return last != 0 && !masked(op);
    }

    /** Whether the last axis of a slice_by_index begins at 0 by its mask. */
    private static boolean masked(OpView op) {
        return op.arg("begin_mask")
                .flatMap(ValueView::literal)
                .filter(Literal.Bools.class::isInstance)
                .map(l -> ((Literal.Bools) l).values())
                .filter(mask -> !mask.isEmpty() && mask.get(mask.size() - 1))
                .isPresent();
    }

    private static Optional<Finding> offsetSlices(OpView op, Target target) {
        long offset =
                op.all("values").stream()
                        .filter(v -> v.producer().filter(PatternRules::isOffset).isPresent())
                        .count();
        return offset >= 2 ? Finding.of(offset + " such slices", "at most 1") : NONE;
    }

    private static Optional<Finding> reducedTimesZero(OpView op, Target target) {
        boolean reduced = op.operands().stream().anyMatch(v -> v.madeBy(REDUCTIONS));
        return op.operands().stream()
                .filter(v -> reduced && v.number().filter(n -> Math.abs(n) <= 1e-30).isPresent())
                .findFirst()
                .map(v -> new Finding("a factor of " + v.number().get(), "another factor"));
    }

    private static Optional<Finding> squareWidth(OpView op, Target target) {
        boolean feeds = op.out().readers().stream().anyMatch(r -> NONLINEAR.contains(r.op()));
        int rest = op.out().dim(-1) % 128;
        return feeds && rest > 64
                ? Finding.of(
                        "width " + op.out().dim(-1) + ", " + rest + " over a multiple of 128",
                        "0 to 64 over")
                : NONE;
    }

    private static Optional<Finding> roundedTimesScalar(OpView op, Target target) {
        boolean rounded = op.operands().stream().anyMatch(v -> v.madeBy(ROUNDINGS));
        boolean scalar = op.operands().stream().anyMatch(v -> v.isConst() && v.elements() == 1);
        return rounded && scalar ? Finding.of("a scalar constant", "one of full shape") : NONE;
    }

    private static Optional<Finding> readsTranspose(OpView op, Target target) {
        return op.operands().stream()
                .filter(v -> v.madeBy(Set.of("transpose")))
                .findFirst()
                .map(v -> new Finding("'" + v.name() + "' is a transpose", "an operand as it is"));
    }

    private static Optional<Finding> bareBlockwise(OpView op, Target target) {
        return op.operands().stream()
                .filter(v -> v.madeBy(Set.of("constexpr_blockwise_shift_scale")))
                .findFirst()
                .map(v -> new Finding("'" + v.name() + "' comes straight", "an add between"));
    }

    private static Optional<Finding> reshapedConstexpr(OpView op, Target target) {
        return op.arg("x")
                .flatMap(ValueView::producer)
                .filter(p -> p.op().startsWith("constexpr_"))
                .map(p -> new Finding("the result of " + p.op(), "a plain value"));
    }
}
