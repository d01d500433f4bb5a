package jane.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/layers.md} shows, in its order: code blocks, and examples with results. */
final class DocumentedExamplesTest {
    private static final Pattern EXAMPLE =
            Pattern.compile(
                    "```java\\n(?<block>.*?)```|`(?<code>[^`\\n]+)` → `(?<result>[^`\\n]+)`",
                    Pattern.DOTALL);

    @Test
    void everyExampleOfTheLayersPageGivesWhatItSays() throws IOException {
        var page = Files.readString(root().resolve("docs/layers.md"));
        List<String> wrong = new ArrayList<>();
        int results = 0;
        try (var notebook = new RecordingNotebook()) {
            notebook.cell("import java.nio.file.*;");
            var example = EXAMPLE.matcher(page);
            while (example.find()) {
                if (example.group("block") != null) {
                    notebook.cell(example.group("block"));
                    continue;
                }
                results++;
                var given = String.valueOf(notebook.cell(example.group("code")).orElseThrow());
                if (!given.equals(example.group("result"))) {
                    wrong.add(example.group() + " gives " + given);
                }
            }
            assertEquals(
                    "[setosa, versicolor]",
                    String.valueOf(notebook.cell("flowers.classes()").orElseThrow()));
        }
        assertEquals(List.of(), wrong);
        assertTrue(results > 40, "results: " + results);
    }

    /** The folder with {@code docs}, whichever module the test was started in. */
    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/layers.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
