package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager.ResultFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {
    @TempDir private Path folder;

    private static List<String> inputs(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::getInput).toList();
    }

    @Test
    void remembersEarlierSessionsThroughTheFile() {
        Path file = folder.resolve("new/history.jsonl");
        var first = new History(Optional.of(file));
        first.add(1, "a\nb", "1");
        first.add(2, "c", "");
        var second = new History(Optional.of(file));
        second.add(1, "d", "");
        assertEquals(List.of("c", "d"), inputs(second.lookupTail(2, Set.of())));
        assertEquals(List.of("a\nb", "c"), inputs(second.lookupRange(-1, 0, 0, Set.of())));
        assertEquals(List.of("c"), inputs(second.lookupRange(1, 2, 3, Set.of())));
        assertEquals(List.of("d"), inputs(second.lookupRange(0, 1, 2, Set.of())));
    }

    @Test
    void skipsLinesThatWereNotWrittenToTheEnd() throws Exception {
        Path file = folder.resolve("history.jsonl");
        new History(Optional.of(file)).add(1, "whole", "");
        Files.writeString(file, "{\"session\":1,\"ce", StandardOpenOption.APPEND);
        assertEquals(
                List.of("whole"), inputs(new History(Optional.of(file)).lookupTail(9, Set.of())));
    }

    @Test
    void searchesByGlob() {
        var history = new History(Optional.empty());
        List.of("1 + 2", "x.y", "1 + 3", "1 + 2", "xzy").forEach(code -> history.add(1, code, ""));
        assertEquals(List.of("1 + 2", "1 + 3", "1 + 2"), inputs(history.search("1*", 0, Set.of())));
        assertEquals(
                List.of("1 + 3", "1 + 2"),
                inputs(history.search("1*", 0, Set.of(ResultFlag.UNIQUE))));
        assertEquals(List.of("1 + 2"), inputs(history.search("1*", 1, Set.of())));
        assertEquals(List.of("x.y"), inputs(history.search("x.?", 0, Set.of())));
        assertEquals(List.of("1 + 3"), inputs(history.search("*[3-9]", 0, Set.of())));
    }

    @Test
    void givesOutputsOnlyWhenAsked() {
        var history = new History(Optional.empty());
        history.add(1, "1 + 1", "2");
        assertEquals(false, history.lookupTail(1, Set.of()).get(0).hasOutput());
        assertEquals(
                "2", history.lookupTail(1, Set.of(ResultFlag.INCLUDE_OUTPUT)).get(0).getOutput());
    }
}
