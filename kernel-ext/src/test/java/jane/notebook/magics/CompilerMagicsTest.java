package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.notebook.Display;
import jane.notebook.RecordingNotebook;
import jane.notebook.chart.Chart;
import jane.notebook.chart.HtmlTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code %passes} and {@code %profile}. */
final class CompilerMagicsTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @BeforeEach
    void session() {
        notebook.cell(
                "var model = new Sequential(new Linear(64, 256), new GELU(), new Linear(256, 4));");
        notebook.cell(
                "var trainer = Trainer.of(model, Loss.crossEntropy(), Sgd.of(0.1),"
                        + " Dataset.of(\"zeros\", Shape.of(64), new float[64 * 64], new int[64],"
                        + " 4)).batchSize(64);");
    }

    private Object value(String line) throws Exception {
        return notebook.magic(line).orElseThrow();
    }

    @Test
    void passesShowOpsBeforeAndAfterEach() throws Exception {
        var table = ((HtmlTable) value("%passes trainer")).display().toString();
        assertTrue(table.contains("-1 cross_entropy"), table);
        assertTrue(table.contains("share equal nodes"), table);
        assertTrue(table.contains("before simplify, which looks for constants"), table);
    }

    @Test
    void aTargetBringsItsDecompositions() throws Exception {
        var table = ((HtmlTable) value("%passes model 8x64 target=m5")).display().toString();
        assertTrue(table.contains("decompose for m5"), table);
        var e = assertThrows(JaneException.class, () -> value("%passes model 8x64 target=m55"));
        assertTrue(e.getMessage().contains("m55"), e.getMessage());
    }

    @Test
    void aStepIsShownAsTheTargetTakesIt() throws Exception {
        var named = ((HtmlTable) value("%passes trainer target=m5/inmem")).display().toString();
        assertTrue(named.contains("pack surfaces, part 2"), named);
        try {
            value("%jane use sim:m1:fast");
            var inUse = ((Display) value("%passes trainer --verbose")).toString();
            assertTrue(inUse.contains("-- after decompose for m1"), inUse);
            assertTrue(inUse.contains("fp16"), inUse);
        } finally {
            value("%jane use cpu");
        }
    }

    @Test
    void verboseListsTheOpsThemselves() throws Exception {
        var text = ((Display) value("%passes trainer --verbose")).toString();
        assertTrue(text.contains("-- before"), text);
        assertTrue(text.contains("-- after lower composites"), text);
        assertTrue(text.contains("= cross_entropy("), text);
        assertTrue(text.contains("the same"), text);
        assertTrue(text.contains("loss = v"), text);
    }

    @Test
    void profileGivesATableAndARoofline() throws Exception {
        var chart = (Chart) value("%profile trainer targets=m1,m5");
        assertEquals(1, notebook.outputs().size());
        var table = notebook.outputs().get(0).toString();
        assertTrue(table.contains("matmul"), table);
        assertTrue(table.contains("m5 us, predicted"), table);
        assertTrue(table.contains("Not run on hardware"), table);
        assertTrue(table.lines().anyMatch(line -> line.startsWith("program")), table);
        assertTrue(chart.alt().contains("Roofline"), chart.alt());
        assertTrue(chart.alt().contains("m1, most by model"), chart.alt());
        write(chart.png());
    }

    /** For a person to look at. */
    private static void write(byte[] png) throws IOException {
        var folder = Path.of("target", "pictures");
        Files.createDirectories(folder);
        Files.write(folder.resolve("roofline.png"), png);
    }

    @Test
    void bothSayWhatTheyNeed() {
        for (var magic : new String[] {"passes", "profile"}) {
            var e = assertThrows(JaneException.class, () -> value("%" + magic));
            assertEquals(
                    "[%" + magic + "] no model, tensor or trainer given; need one", e.getMessage());
        }
    }
}
