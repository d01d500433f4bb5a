package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every entry of the catalogues of findings is a rule, or is written off with a reason. */
final class CatalogueTest {
    private static List<String> entries() throws IOException {
        try (var in = CatalogueTest.class.getResourceAsStream("catalogue.txt")) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.matches("[CQE]-\\d\\d .*"))
                    .map(line -> line.substring(0, 4))
                    .toList();
        }
    }

    @Test
    void hasEveryConstraintAndQuirk() throws IOException {
        assertEquals(52, entries().stream().filter(e -> e.startsWith("C")).count());
        assertEquals(36, entries().stream().filter(e -> e.startsWith("Q")).count());
        assertEquals(25, entries().stream().filter(e -> e.startsWith("E")).count());
    }

    @Test
    void everyEntryIsARuleOrWrittenOff() throws IOException {
        var open = new TreeSet<>(entries());
        RuleBook.ALL.forEach(r -> r.covers().forEach(open::remove));
        WrittenOff.ALL.forEach(w -> open.remove(w.id()));
        assertEquals(Set.of(), open);
    }

    @Test
    void nothingIsBothARuleAndWrittenOff() {
        var covered = new TreeSet<String>();
        RuleBook.ALL.forEach(r -> covered.addAll(r.covers()));
        var both = WrittenOff.ALL.stream().map(WrittenOff::id).filter(covered::contains).toList();
        assertEquals(List.of(), both);
    }

    @Test
    void rulesAndReasonsNameEntriesThatExist() throws IOException {
        var known = Set.copyOf(entries());
        var unknown = new ArrayList<String>();
        RuleBook.ALL.forEach(r -> unknown.addAll(r.covers()));
        WrittenOff.ALL.forEach(w -> unknown.add(w.id()));
        unknown.removeIf(id -> known.contains(id) || id.startsWith("P-"));
        assertEquals(List.of(), unknown);
        assertTrue(WrittenOff.ALL.stream().noneMatch(w -> w.reason().isBlank()));
    }
}
