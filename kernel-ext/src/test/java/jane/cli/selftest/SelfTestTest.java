package jane.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Elementwise;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final Line OK = line("a", Verdict.OK);

    private static Line line(String name, Verdict verdict) {
        return new Line("part", name, "sim:m5", "1 | 2", "3\n4", verdict, true);
    }

    @Test
    void everyLineOfASimulatedRunSaysSo() {
        Assumptions.assumeTrue(AneEngine.missing().isPresent(), "this machine has the engine");
        var report = new SelfTest("", List.of("sim:m5", "cpu", "ane"), 3).run();
        for (var line : report.lines()) {
            assertTrue(line.simulated(), line::text);
            assertTrue(line.text().contains(" simulated "), line::text);
            assertFalse(line.expected().isEmpty() || line.found().isEmpty(), line::text);
            assertFalse(line.verdict() == Verdict.DIFFERS, line::text);
        }
        for (var letter : "abcdefghijk".split("")) {
            assertTrue(
                    report.lines().stream().anyMatch(l -> l.name().startsWith("(" + letter + ")")),
                    letter);
        }
        var opens = report.lines().stream().filter(l -> l.engine().equals("ane")).toList();
        assertEquals(1, opens.size());
        assertEquals(Verdict.UNAVAILABLE, opens.get(0).verdict());
        assertTrue(opens.get(0).found().contains("not macOS"), opens.get(0)::text);
    }

    @Test
    void aWrongResultDiffers() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 1, 1, 32)));
        var y = Elementwise.add(x, x);
        var program =
                MilPrinter.print(
                        Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
        var inputs = Map.of("x", new float[32]);
        try (var engine = Engines.open("sim:m5", 1)) {
            var right = new Probe("p", program, inputs, Map.of("y", new float[32]), 0);
            assertEquals(Verdict.OK, right.on(engine, true).verdict());
            var wrong = new Probe("p", program, inputs, Map.of("y", new float[] {1}), 0);
            var line = wrong.on(engine, true);
            assertEquals(Verdict.DIFFERS, line.verdict());
            assertEquals("y = 1.0", line.expected());
            assertEquals("y = 0.0, 0.0, 0.0, ...", line.found());
        }
    }

    @Test
    void anErrorOffThePublishedDigitsDiffers() {
        try (var engine = Engines.open("sim:m5", 2)) {
            var measures = new Measures(engine, true);
            assertEquals(Verdict.OK, measures.error(64, 256, 256, 0.0012522854527169441).verdict());
            assertEquals(Verdict.DIFFERS, measures.error(64, 256, 256, 0.00125228546).verdict());
        }
    }

    @Test
    void jsonHasSchemaEnvironmentAndLines() {
        var lines = List.of(OK, line("b", Verdict.DIFFERS), line("c", Verdict.UNAVAILABLE));
        var report = new Report(Map.of("java", "17"), lines).with("jane", "0");
        var tree = JsonParser.parseString(report.json()).getAsJsonObject();
        assertEquals("jane-selftest/1", tree.get("schema").getAsString());
        assertEquals("0", tree.getAsJsonObject("environment").get("jane").getAsString());
        assertEquals(3, tree.getAsJsonArray("lines").size());
        assertEquals(
                "{\"section\":\"part\",\"name\":\"a\",\"engine\":\"sim:m5\",\"expected\":\"1 | 2\","
                        + "\"found\":\"3\\n4\",\"verdict\":\"ok\",\"simulated\":true}",
                tree.getAsJsonArray("lines").get(0).toString());
        assertEquals("simulated: 1 ok, 1 differ, 1 unavailable", tree.get("summary").getAsString());
    }

    @Test
    void markdownKeepsCellsInTheirRows() {
        assertEquals(
                """
                # Jane self-test

                simulated: 1 ok, 0 differ, 0 unavailable

                - java: 17

                ## part

                | verdict | what | engine | expected | found |
                | --- | --- | --- | --- | --- |
                | ok, simulated | a | sim:m5 | 1 \\| 2 | 3 4 |
                """,
                new Report(Map.of("java", "17"), List.of(OK)).markdown());
    }
}
