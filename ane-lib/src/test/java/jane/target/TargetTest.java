package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TargetTest {
    private static final String NAMES =
            "strict, m1, m1-max, m2, m2-pro, m3, m3-pro, m4, m5, m5-pro, h13, h13g, t1, h14, h14g,"
                    + " h14c, h15, h15g, h15c, m11, h16, h16g, h16c, h16s, h17, h17a, h17g, h17s,"
                    + " h17c, h17d, h18";

    @ParameterizedTest
    @CsvSource({
        "m5, m5, A16, 26, E5RT",
        "m5@26/inmem, m5/inmem, A16, 26, IN_MEMORY",
        "m1@15, m1@15, A13, 15, E5RT",
        "m2-pro@27/e5rt, m2-pro@27, A14, 27, E5RT",
        "h15c, h15c, A15, 26, E5RT"
    })
    void namesGiveChipSystemAndRoute(
            String name, String canonical, Family family, int os, Route route) {
        var target = Target.named(name);
        assertEquals(canonical, target.name());
        assertEquals(family, target.family());
        assertEquals(os, target.os());
        assertEquals(route, target.route());
        assertEquals(target, Target.named(canonical));
    }

    static List<String> everyName() {
        return Target.names();
    }

    @ParameterizedTest
    @MethodSource("everyName")
    void everyListedNameIsATargetOnBothRoutes(String name) {
        assertEquals(name, Target.named(name).name());
        assertEquals(name + "/inmem", Target.named(name + "/inmem").name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m44|unknown chip 'm44'; did you mean 'm4'?; need one of NAMES",
                "M4|unknown chip 'M4'; did you mean 'm4'?; need one of NAMES",
                "zebra|unknown chip 'zebra'; need one of NAMES",
                "''|unknown chip ''; need one of NAMES",
                "strikt|unknown chip 'strikt'; did you mean 'strict'?; need one of NAMES",
                "m4/inmen|unknown route 'inmen'; did you mean 'inmem'?; need one of e5rt, inmem",
                "m4/|unknown route ''; need one of e5rt, inmem",
                "m4@12|macOS '12'; need one of [15, 26, 27], which run on m4",
                "m4@x|macOS 'x'; need one of [15, 26, 27], which run on m4",
                "m5@15|macOS '15'; need one of [26, 27], which run on m5",
                "strict@26|macOS 26 for strict; need none: it is the union of all"
            })
    void refusesOtherNamesAndListsTheRightOnes(String name, String message) {
        var error = assertThrows(JaneException.class, () -> Target.named(name));
        assertEquals(
                "[target " + name + "] " + message.replace("NAMES", NAMES), error.getMessage());
    }

    @Test
    void hostileNamesAreCutInTheError() {
        var error = assertThrows(JaneException.class, () -> Target.named("\n".repeat(100_000)));
        assertTrue(error.getMessage().startsWith("[target " + " ".repeat(37) + "...]"));
    }

    @ParameterizedTest
    @CsvSource({
        "Apple M1, 14, m1@14",
        "Apple M2 Pro, 26, m2-pro",
        "Apple M4 Max, 26, m4",
        "Apple M4 Max, 25, m4@15",
        "Apple M5, 15, m5",
        "Apple M6, 27, strict",
        "Intel(R) Core(TM) i7, 15, strict"
    })
    void detectsTheChipOrFallsBackToStrict(String processor, int macOs, String name) {
        assertEquals(name, Target.detected(processor, macOs, Route.E5RT).name());
    }

    @Test
    void strictIsTheUnionOnItsRoute() {
        var strict = Target.strict(Route.E5RT);
        assertTrue(strict.isStrict());
        assertEquals(Optional.empty(), strict.chip());
        for (String name : Target.names()) {
            var target = Target.named(name);
            for (var rule : target.rules()) {
                assertTrue(strict.rules().contains(rule), rule.id());
                var here = rule.severity(target).get();
                assertTrue(rule.severity(strict).get().compareTo(here) >= 0, rule.id());
            }
            for (var limit : Limit.values()) {
                assertTrue(strict.limit(limit) <= target.limit(limit), limit.toString());
            }
        }
    }

    @Test
    void rulesOfOneRouteDoNotHoldOnTheOther() {
        var ids = Target.named("m4").rules().stream().map(Rule::id).toList();
        assertTrue(ids.contains("ANE-C34") && !ids.contains("ANE-C08"), ids.toString());
        var inMemory = Target.named("m4/inmem").rules().stream().map(Rule::id).toList();
        assertTrue(inMemory.contains("ANE-C08") && !inMemory.contains("ANE-C34"));
    }

    @Test
    void rulesOfASystemHoldFromItOn() {
        var program =
                Mil.of(
                        "fp16[2, 32] x -> y",
                        "blob int8[32] d",
                        "fp16[32] w = constexpr_affine_dequantize(quantized_data = d)",
                        "fp16[2, 32] y = add(x = x, y = w)");
        for (String name : List.of("m4@26/inmem", "m4@27/inmem", "strict/inmem")) {
            assertTrue(has(Target.named(name).check(program), "ANE-C36"), name);
        }
        assertFalse(has(Target.named("m4@15/inmem").check(program), "ANE-C36"));
    }

    private static boolean has(List<Violation> violations, String rule) {
        return violations.stream().anyMatch(v -> v.rule().equals(rule));
    }

    @Test
    void checkReturnsAllViolationsInTheProgramsOrder() {
        var program =
                Mil.of(
                        "fp32[2, 20000] x -> y",
                        "fp32[2, 20000] a = mod(x = x, y = x)",
                        "fp32[2, 20000] b = sin(x = a)",
                        "fp32[2, 20000] y = frobnicate(x = b)");
        var found = Target.named("m2").check(program);
        assertEquals(
                List.of(
                        "-1 ANE-C28 ERROR x",
                        "-1 ANE-C34 ERROR x",
                        "-1 ANE-C34 ERROR y",
                        "0 ANE-C28 ERROR a",
                        "0 ANE-Q35 ERROR a",
                        "0 ANE-E15 WARNING a",
                        "1 ANE-C28 ERROR b",
                        "1 ANE-P02 ERROR b",
                        "1 ANE-E15 WARNING b",
                        "2 ANE-C28 ERROR y",
                        "2 ANE-E15 WARNING y",
                        "2 ANE-P05 NOTE y"),
                found.stream()
                        .map(
                                v ->
                                        v.position()
                                                + " "
                                                + v.rule()
                                                + " "
                                                + v.severity()
                                                + " "
                                                + v.name())
                        .toList());
        assertEquals(
                List.of(3, 3, 6, 4, 4, 4, 5, 5, 5, 6, 6, 6),
                found.stream().map(Violation::line).toList());
    }

    @Test
    void statusSaysWhatIsKnownOfAnOp() {
        assertEquals("refused: ANE-Q35", Target.named("m5").status("cumsum").toString());
        assertEquals("refused: ANE-P02", Target.named("m2").status("sin").toString());
        assertEquals("doubtful: ANE-P04", Target.named("m3").status("sin").toString());
        assertEquals("taken", Target.named("m1").status("relu").toString());
        assertEquals("doubtful: ANE-P05", Target.named("m5").status("frobnicate").toString());
        assertEquals("doubtful: ANE-P04, ANE-Q14", Target.named("m5").status("gelu").toString());
        var conv = Target.named("m5").status("conv");
        assertEquals(OpStatus.Verdict.LIMITED, conv.verdict());
        assertTrue(conv.rules().contains(new OpStatus.RuleRef("ANE-C29", Severity.ERROR)));
    }

    @Test
    void declaredSizesAreNotAllocated() {
        var program = Mil.of("fp16[536870912] x -> y", "fp16[536870912] y = relu(x = x)");
        assertTrue(has(Target.named("m5").check(program), "ANE-C28"));
    }
}
