package jane.target;

import static jane.target.Finding.NONE;
import static jane.target.Finding.above;

import java.util.List;
import java.util.Optional;

/** What a process can use up. The caller counts; see {@link Usage}. */
final class BudgetRules {
    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C09", Group.BUDGETS, "A process compiles few programs")
                            .applies(Applies.warning())
                            .effect(Effect.COMPILER_CRASH)
                            .remedy(
                                    "share programs between identical layers; release those that"
                                            + " are done; start a new process")
                            .source(
                                    "maderix/ANE, Orion, libane, ironmill: about 119; a leak, says"
                                            + " ANEgpt",
                                    "C-09")
                            .check(Check.program(BudgetRules::compiled)),
                    Rule.of("ANE-C09b", Group.BUDGETS, "A process loads few programs at once")
                            .effect(Effect.LOAD_SLOTS)
                            .remedy("close programs, or share them between identical layers")
                            .source(
                                    "ANEForge, limits: about 128 per process; M5 Max notes: 127",
                                    "C-09",
                                    "E-03")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    above(
                                                            "resident programs:",
                                                            p.usage().resident(),
                                                            t.limit(Limit.RESIDENT)))));

    private BudgetRules() {}

    private static Optional<Finding> compiled(ProgramView program, Target target) {
        int count = program.usage().compiled();
        return count >= target.limit(Limit.COMPILES_WARNING)
                ? Finding.of(
                        count + " programs compiled",
                        "fewer than " + target.limit(Limit.COMPILES) + ", where compiling may end")
                : NONE;
    }
}
