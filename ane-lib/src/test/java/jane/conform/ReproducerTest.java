package jane.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.ir.DataException;
import jane.ir.Dense;
import jane.op.Elementwise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducerTest {
    /** Adds one too many. */
    private static Engine wrong() {
        return new InterpretingEngine(
                (node, in) -> {
                    var out = Evaluation.node(node, in);
                    if (node.op() == Elementwise.ADD) {
                        for (Dense d : out) {
                            java.util.Arrays.setAll(d.data(), i -> d.get(i) + 1);
                        }
                    }
                    return out;
                });
    }

    @Test
    void shrinksToOneOpAndReplaysFromAFile(@TempDir Path folder) throws Exception {
        try (var engine = wrong();
                var right = new CpuEngine(1)) {
            var campaign = new Campaign(engine, 2);
            var failures = campaign.run(0, 2000, 1).failures();
            assertEquals(1, failures.size());
            var failure = failures.get(0);
            var file = folder.resolve("bug.json");
            failure.reproducer().write(file, failure, engine.name());
            assertTrue(Files.size(file) < 4000, () -> failure.reproducer().program().text());
            var read = Reproducer.read(file);
            assertEquals(failure.reproducer().program().text(), read.program().text());
            assertEquals(List.of(failure.message()), campaign.replay(read).stream().toList());
            assertEquals(List.of(), new Campaign(right, 2).replay(read).stream().toList());
        }
    }

    @Test
    void valuesSurviveTheText() {
        try (var engine = new CpuEngine(1)) {
            var generator = new Generator(4, java.util.Optional.empty(), n -> n);
            for (int i = 0; i < 60; i++) {
                var sketch = generator.sketch(i);
                var program = jane.mil.MilPrinter.print(Toolchain.spelled(sketch.graph()));
                var whole = Reproducer.of(program, sketch.feeds(), Expected.of(sketch, 0x1p-22, 2));
                var failure = new Failure(Failure.Kind.THREW, "as drawn", "a \"b\"\n", 4, i, whole);
                var json = whole.json(failure, "cpu");
                var read = Reproducer.parse("text", json);
                assertEquals(json, read.json(failure, "cpu"));
                assertEquals(List.of(), new Campaign(engine, 4).replay(read).stream().toList());
            }
        }
    }

    @Test
    void refusesWhatIsNoReproducer() {
        refused("{}", "[f] no \"mil\"; need the program's text");
        refused("[1]", "need one object");
        refused("{\"mil\": \"x\"}", "no \"files\"; need an object");
        refused("{\"mil\" \"x\"}", "character 7: found '\"'; need ':'");
        refused("{\"a\": ".repeat(40), "nested more than 16 deep");
        refused("{\"mil\": \"x", "it ends too early");
    }

    private static void refused(String json, String message) {
        var error = assertThrows(DataException.class, () -> Reproducer.parse("f", json));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
