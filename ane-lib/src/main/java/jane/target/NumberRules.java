package jane.target;

import static jane.target.Finding.NONE;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ops whose numbers are worse than fp16's. Values are not known here: these say where it can
 * happen; the simulator computes what happens.
 */
final class NumberRules {
    private static final Set<String> SUMS =
            Set.of("reduce_sum", "reduce_mean", "reduce_sum_square", "reduce_l1_norm");

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C31", Group.NUMBERS, "No slice starts inside the last axis")
                            .applies(Applies.warning().on(Family.A13, Family.A14, Family.A15))
                            .effect(Effect.WRONG_DATA)
                            .remedy(
                                    "slice another axis, or transpose first: magnitudes above 4094"
                                            + " become inf")
                            .source(
                                    "ANEForge, quirk table: slice_by_size; M3 unmeasured",
                                    "C-31",
                                    "Q-04")
                            .ops(NumberRules::offset, "slice_by_size", "slice_by_index"),
                    Rule.of("ANE-C33", Group.NUMBERS, "A sum is short enough to be exact")
                            .applies(Applies.note())
                            .effect(Effect.IMPRECISE)
                            .remedy("multiply by a matrix of ones: matmul has a wide accumulator")
                            .source(
                                    "ANEForge, quirk table: reduce_sum accumulates in fp16",
                                    "C-33",
                                    "Q-06",
                                    "Q-07")
                            .ops(NumberRules::longSum, SUMS.toArray(new String[0])),
                    Rule.of("ANE-Q08", Group.NUMBERS, "A sum is not squared")
                            .applies(Applies.note())
                            .effect(Effect.IMPRECISE)
                            .remedy("scale before the sum: square sees the sum rounded to fp16")
                            .source(
                                    "ANEForge, quirk table: reduce, then square; M1, M2, M5",
                                    "Q-08")
                            .ops(NumberRules::squaredSum, "square"),
                    Rule.of("ANE-Q12", Group.NUMBERS, "round sees magnitudes below 1024")
                            .applies(Applies.note())
                            .effect(Effect.WRONG_DATA)
                            .remedy("select(abs(x) < 1024, round(x), x)")
                            .source("ANEForge, quirk table: round adds 0.5 in fp16, M5", "Q-12")
                            .ops((op, t) -> Finding.of("round", "values below 1024"), "round"),
                    Rule.of("ANE-Q13", Group.NUMBERS, "softplus sees values below 10")
                            .applies(Applies.warning())
                            .effect(Effect.WRONG_DATA)
                            .remedy("softplus(min(x, 10)) + relu(x - 10)")
                            .source(
                                    "ANEForge, quirk table: 0 above 11.09, M5; others likely",
                                    "Q-13")
                            .ops(NumberRules::unboundedSoftplus, "softplus"),
                    Rule.of("ANE-Q14", Group.NUMBERS, "gelu is a table")
                            .applies(Applies.note())
                            .effect(Effect.IMPRECISE)
                            .remedy(
                                    "compose it from erf, or accept 6e-3 (8 % relative on M1);"
                                            + " gelu(0) = -0.00075")
                            .source("ANEForge, quirk table: gelu; M6 study", "Q-14")
                            .ops((op, t) -> Finding.of("gelu", "its composition"), "gelu"),
                    Rule.of("ANE-Q17", Group.NUMBERS, "erf is not subtracted from 1")
                            .applies(Applies.note())
                            .effect(Effect.IMPRECISE)
                            .remedy("use a direct rational form: 1 - erf(x) is 0 above 2")
                            .source("ANEForge, quirk table: erfc", "Q-17")
                            .ops(NumberRules::complement, "sub"));

    private NumberRules() {}

    private static Optional<Finding> offset(OpView op, Target target) {
        var begin = op.ints("begin");
        return PatternRules.isOffset(op)
                ? Finding.of("begin " + begin.get(begin.size() - 1) + " on the last axis", "0")
                : NONE;
    }

    private static Optional<Finding> longSum(OpView op, Target target) {
        long in = op.arg("x").map(ValueView::elements).orElse(0L);
        long out = Math.max(1, op.out().elements());
        return Finding.above("elements in a sum:", in / out, target.limit(Limit.EXACT_SUM));
    }

    private static Optional<Finding> squaredSum(OpView op, Target target) {
        return op.arg("x")
                .filter(x -> x.madeBy(SUMS))
                .map(x -> new Finding("'" + x.name() + "' is a sum", "a value scaled before it"));
    }

    private static Optional<Finding> unboundedSoftplus(OpView op, Target target) {
        boolean bounded = op.arg("x").filter(x -> x.madeBy(Set.of("minimum", "clip"))).isPresent();
        return bounded ? NONE : Finding.of("an unbounded argument", "minimum(x, 10) before it");
    }

    private static Optional<Finding> complement(OpView op, Target target) {
        boolean one = op.arg("x").flatMap(ValueView::number).filter(n -> n == 1).isPresent();
        boolean erf = op.arg("y").filter(y -> y.madeBy(Set.of("erf"))).isPresent();
        return one && erf ? Finding.of("1 - erf(x)", "a form without cancellation") : NONE;
    }
}
