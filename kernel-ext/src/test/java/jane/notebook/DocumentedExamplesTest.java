package jane.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.power.Pacing;
import jane.ir.Shape;
import jane.tensor.Session;
import jane.tensor.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs what pages show, in their order: code blocks, examples with results, magics. */
final class DocumentedExamplesTest {
    private static final Pattern EXAMPLE =
            Pattern.compile(
                    "```java\\n(?<block>.*?)```|`(?<code>[^`\\n]+)` → `(?<result>[^`\\n]+)`",
                    Pattern.DOTALL);

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LAYER = Pattern.compile("(?m)^    %%layer .*\\n(    .*\\n)+");

    /** What the rows of the table of magics take for given. */
    private static final String GIVEN =
            "var data = Digits.train(64, 1);"
                    + " var model = new Sequential(new Flatten(), new Linear(784, 10));"
                    + " var trainer = Trainer.of(model, Loss.crossEntropy(), Adam.of(1e-3), data)"
                    + ".batchSize(32); trainer.steps(1);"
                    + " var a = new float[] {1, 2}; var b = List.of(2, 1);"
                    + " var shape = Shape.of(32, 784);"
                    + " var graph = LayerGraph.of(model, shape).graph();"
                    + " var engine = jane.engine.Engines.open(\"cpu\", 1);"
                    + " var targets = List.of(Target.named(\"m5\"));"
                    + " var profile = Profile.of(graph, engine, targets);";

    @Test
    void everyExampleOfTheLayersPageGivesWhatItSays() throws IOException {
        var page = page("docs/layers.md");
        List<String> wrong = new ArrayList<>();
        int results = 0;
        try (var notebook = new RecordingNotebook()) {
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

    @Test
    void theTasteInTheReadmeRuns() throws IOException {
        var block = EXAMPLE.matcher(page("README.md"));
        assertTrue(block.find());
        try (var notebook = new RecordingNotebook()) {
            notebook.cell(block.group("block"));
            var accuracy = "trainer.epochs().get(4).validation().orElseThrow().accuracy()";
            assertTrue((double) notebook.cell(accuracy).orElseThrow() > 0.9);
        }
    }

    @Test
    void everyMagicOfTheNotebookPageRunsAndSoDoesItsJava() throws Exception {
        var session = Session.current();
        var engine = session.engine().name();
        session.use("sim:m5:fast", 2); // %place wants a target
        List<String> wrong = new ArrayList<>();
        int ran = 0;
        try (var notebook = new RecordingNotebook()) {
            notebook.cell(GIVEN);
            for (var row :
                    page("docs/notebook.md").lines().filter(l -> l.startsWith("| `")).toList()) {
                var code = CODE.matcher(row);
                while (code.find()) {
                    var text = code.group(1);
                    boolean magic = text.startsWith("%");
                    boolean java =
                            code.start() > row.lastIndexOf(" | ") && !text.startsWith("class ");
                    boolean others = text.startsWith("%%") || text.startsWith("%time");
                    if (others || text.contains("...") || !magic && !java) {
                        continue;
                    }
                    ran++;
                    try {
                        if (magic) {
                            notebook.magic(text);
                        } else {
                            notebook.cell(text);
                        }
                    } catch (RuntimeException | AssertionError e) {
                        wrong.add(text + ": " + e.getMessage());
                    }
                    session.pace(Pacing.NONE); // one row slows training down, one is loud
                    session.trace(new Trace() {});
                }
            }
            notebook.magic(
                    LAYER.matcher(page("docs/notebook.md"))
                            .results()
                            .findFirst()
                            .get()
                            .group()
                            .indent(-4));
            assertEquals(
                    Shape.of(3, 64),
                    notebook.cell("new Gated(784, 64).apply(Tensor.ones(3, 784)).shape()").get());
        } finally {
            session.use(engine, 2);
        }
        assertEquals(List.of(), wrong);
        assertTrue(ran > 30, ran + " ran");
    }

    private static String page(String name) throws IOException {
        return Files.readString(root().resolve(name));
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
