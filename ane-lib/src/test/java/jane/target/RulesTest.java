package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.mil.Program;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RulesTest {
    /** Rules whose programs say nothing: the caller's counts do. */
    private static final Set<String> BUDGETS = Set.of("ANE-C09", "ANE-C09b");

    static Stream<RuleCase> cases() {
        return Stream.of(ShapeCases.ALL, OpCases.ALL, ProgramCases.ALL).flatMap(List::stream);
    }

    private static boolean breaks(Program program, String rule, String target) {
        return Target.named(target).check(program).stream().anyMatch(v -> v.rule().equals(rule));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsTheProgramThatBreaksIt(RuleCase c) {
        assertTrue(breaks(c.broken(), c.rule(), c.target()), c.broken().text());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void letsTheProgramJustInsidePass(RuleCase c) {
        assertFalse(breaks(c.inside(), c.rule(), c.target()), c.inside().text());
    }

    @Test
    void everyRuleHasACase() {
        var without = new TreeSet<String>();
        RuleBook.ALL.forEach(r -> without.add(r.id()));
        cases().forEach(c -> without.remove(c.rule()));
        without.removeAll(BUDGETS);
        assertEquals(Set.of(), without);
    }

    @Test
    void idsAreUniqueAndHaveTheForm() {
        var seen = new HashSet<String>();
        for (var rule : RuleBook.ALL) {
            assertTrue(rule.id().matches("ANE-[CQEP]\\d\\d[a-d]?"), rule.id());
            assertTrue(seen.add(rule.id()), rule.id());
        }
    }

    @Test
    void rulesNameOpsThatTheTableKnows() {
        var unknown = new TreeSet<String>();
        RuleBook.ALL.forEach(r -> unknown.addAll(r.ops()));
        OpTable.all().forEach(row -> unknown.remove(row.op()));
        assertEquals(Set.of("l2_pool"), unknown); // no report speaks of it
    }

    @Test
    void compilingManyProgramsWarns() {
        var program = OpCases.unary("relu");
        var m4 = Target.named("m4");
        assertEquals(List.of(), m4.check(program, new Usage(99, 1)));
        assertEquals(
                List.of(
                        "[ANE-C09] warning: program: 100 programs compiled; need fewer than 119,"
                                + " where compiling may end on m4: share programs between identical"
                                + " layers; release those that are done; start a new process"),
                m4.check(program, new Usage(100, 1)).stream().map(Violation::toString).toList());
    }

    @Test
    void loadingManyProgramsIsAnError() {
        var program = OpCases.unary("relu");
        var m4 = Target.named("m4");
        assertEquals(List.of(), m4.check(program, new Usage(1, 127)));
        assertEquals(
                List.of(
                        "[ANE-C09b] error: program: resident programs: 128; need at most 127 on m4:"
                                + " close programs, or share them between identical layers"),
                m4.check(program, new Usage(1, 128)).stream().map(Violation::toString).toList());
    }
}
