package jane.target;

import static jane.target.Finding.NONE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a program as a whole may and may not consist of. */
final class ProgramRules {
    private static final Set<String> LAYERS = Set.of("conv", "conv_transpose", "linear", "matmul");
    private static final Set<String> LONERS =
            Set.of("reshape", "slice_by_size", "slice_by_index", "tile");

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C21", Group.PATTERNS, "The program has no tile")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A15)
                                            .elsewhere(Severity.WARNING))
                            .effect(Effect.EVAL_FAILURE)
                            .remedy(
                                    "tile outside, or broadcast: every later evaluation in the"
                                            + " process may fail")
                            .source("field guide, M3; ironmill and ANEForge run it", "C-21")
                            .ops((op, t) -> Finding.of("tile", "broadcasting"), "tile"),
                    Rule.of("ANE-C22", Group.PATTERNS, "identity is not the only op")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A16)
                                            .elsewhere(Severity.WARNING))
                            .effect(Effect.WRONG_DATA)
                            .remedy("multiply by 1 instead")
                            .source("M5 Max notes: NaN; Orion and ironmill run it", "C-22")
                            .check(Check.program(ProgramRules::onlyIdentity)),
                    Rule.of("ANE-C23", Group.PATTERNS, "No output is read inside the program")
                            .applies(Applies.warning().route(Route.IN_MEMORY))
                            .effect(Effect.WRONG_DATA)
                            .remedy("return an identity of it")
                            .source("M5 Max notes: NaN", "C-23")
                            .check(Check.outputs(ProgramRules::readInside)),
                    Rule.of("ANE-C25", Group.PATTERNS, "A program does more than move data")
                            .applies(Applies.warning())
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("add an op that computes, or reshape outside")
                            .source("ironmill; one backend repository", "C-25")
                            .check(Check.program(ProgramRules::onlyMoves)),
                    Rule.of(
                                    "ANE-C26",
                                    Group.PATTERNS,
                                    "split, matmul, softmax and tile do not meet")
                            .applies(Applies.warning())
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("slice instead of split, or broadcast instead of tile")
                            .source("ironmill", "C-26")
                            .check(Check.program(ProgramRules::foursome)),
                    Rule.of("ANE-C27", Group.PATTERNS, "A program has an op")
                            .effect(Effect.COMPILER_CRASH)
                            .remedy("multiply an input by 1")
                            .source("ANEForge: an empty program crashes the compiler", "C-27")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    p.ops().isEmpty()
                                                            ? Finding.of("no ops", "one")
                                                            : NONE)),
                    Rule.of(
                                    "ANE-C41",
                                    Group.PATTERNS,
                                    "The longest chain of layers is short enough")
                            .applies(Applies.error().on(Family.A16).elsewhere(Severity.WARNING))
                            .effect(Effect.COMPILER_CRASH)
                            .remedy("cut the program in two")
                            .source(
                                    "maderix/ANE part 4, M4: 384 layers end the compile service",
                                    "C-41")
                            .check(Check.program(ProgramRules::depth)));

    private ProgramRules() {}

    private static Optional<Finding> onlyIdentity(ProgramView program, Target target) {
        boolean only = program.ops().stream().allMatch(op -> op.op().equals("identity"));
        return only && !program.ops().isEmpty()
                ? Finding.of("nothing but identity", "an op that computes")
                : NONE;
    }

    private static Optional<Finding> readInside(ValueView value, Target target) {
        return value.readers().isEmpty()
                ? NONE
                : Finding.of("read by " + value.readers().get(0).op(), "no reader");
    }

    private static Optional<Finding> onlyMoves(ProgramView program, Target target) {
        if (program.ops().size() == 1 && LONERS.contains(program.ops().get(0).op())) {
            return Finding.of(program.ops().get(0).op() + " alone", "an op that computes");
        }
        if (program.outputs().size() != 1) {
            return NONE;
        }
        return program.outputs()
                .get(0)
                .producer()
                .filter(op -> op.op().equals("reshape"))
                .filter(op -> op.arg("x").filter(x -> x.madeBy(Set.of("matmul"))).isPresent())
                .map(op -> new Finding("one output, a reshaped matmul", "another last op"));
    }

    private static Optional<Finding> foursome(ProgramView program, Target target) {
        boolean all = List.of("split", "matmul", "softmax", "tile").stream().allMatch(program::has);
        return all ? Finding.of("all four", "one of them less") : NONE;
    }

    private static Optional<Finding> depth(ProgramView program, Target target) {
        Map<OpView, Integer> depth = new HashMap<>();
        int deepest = 0;
        for (var op : program.ops()) {
            int before = 0;
            for (var operand : op.operands()) {
                before = Math.max(before, operand.producer().map(depth::get).orElse(0));
            }
            int own = before + (LAYERS.contains(op.op()) ? 1 : 0);
            depth.put(op, own);
            deepest = Math.max(deepest, own);
        }
        return Finding.above("layers in a chain:", deepest, target.limit(Limit.LAYER_CHAIN));
    }
}
