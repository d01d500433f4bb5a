package jane.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.engine.power.PowerSource;
import jane.engine.power.PowerState;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Elementwise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final Line OK = line("a", Verdict.OK);

    private static Line line(String name, Verdict verdict) {
        return new Line("part", name, "sim:m5", "1 | 2", "3\n4", verdict, Evidence.SIMULATED);
    }

    @Test
    void everyLineOfASimulatedRunSaysSo() {
        Assumptions.assumeTrue(AneEngine.missing().isPresent(), "this machine has the engine");
        var report = new SelfTest("", List.of("sim:m5", "ane"), 3).run();
        for (var line : report.lines()) {
            assertEquals(Evidence.SIMULATED, line.evidence(), line::text);
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
    void whatTheSystemTellsOfPowerIsOkAndTheRestUnavailable() {
        assertTrue(
                Power.of(PowerSource.NONE).stream()
                        .allMatch(line -> line.verdict() == Verdict.UNAVAILABLE));
        var all =
                Power.of(
                        new PowerSource() {
                            @Override
                            public PowerState state() {
                                return new PowerState(
                                        PowerState.Supply.BATTERY,
                                        OptionalInt.of(73),
                                        Optional.of(false),
                                        PowerState.Heat.FAIR);
                            }

                            @Override
                            public OptionalLong nanojoules() {
                                return OptionalLong.of(1_234_567_890L);
                            }
                        });
        assertTrue(all.stream().allMatch(line -> line.verdict() == Verdict.OK), all::toString);
        assertEquals("on battery, 73 %; low-power mode off; heat fair", all.get(0).found());
        assertEquals("1.235 J since the machine started", all.get(3).found());
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
            var place = new Place(engine, Evidence.SIMULATED);
            var right = new Probe("p", program, inputs, Map.of("y", new float[32]), 0);
            assertEquals(Verdict.OK, right.on(place).verdict());
            var wrong = new Probe("p", program, inputs, Map.of("y", new float[] {1}), 0);
            var line = wrong.on(place);
            assertEquals(Verdict.DIFFERS, line.verdict());
            assertEquals("y = 1.0", line.expected());
            assertEquals("y = 0.0, 0.0, 0.0, ...", line.found());
        }
    }

    @Test
    void anErrorOffThePublishedDigitsDiffers() {
        try (var engine = Engines.open("sim:m5", 2)) {
            var measures = new Measures(new Place(engine, Evidence.SIMULATED));
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
                        + "\"found\":\"3\\n4\",\"verdict\":\"ok\",\"evidence\":\"simulated\"}",
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

    @Test
    void aTimeIsAVerdictOnlyWhereANeuralEngineRan() {
        try (var engine = Engines.open("sim:m5", 1)) {
            var real = new Place(engine, Evidence.HARDWARE);
            assertEquals(Verdict.OK, Measures.timed(real, "s", "n", 1.9, 1, "ms").verdict());
            assertEquals(Verdict.DIFFERS, Measures.timed(real, "s", "n", 2.1, 1, "ms").verdict());
            assertEquals(Verdict.DIFFERS, Measures.timed(real, "s", "n", 0.4, 1, "ms").verdict());
            for (var evidence : List.of(Evidence.MAC_CPU, Evidence.STAND_IN, Evidence.SIMULATED)) {
                var line = Measures.timed(new Place(engine, evidence), "s", "n", 1, 1, "ms");
                assertEquals(Verdict.UNAVAILABLE, line.verdict());
                assertTrue(line.text().contains(" " + evidence + " "), line::text);
            }
        }
    }

    @Test
    void theReportSaysWhatItIsOfUnlessANeuralEngineRan() {
        var standIn = new Line("part", "a", "ane", "1", "1", Verdict.OK, Evidence.STAND_IN);
        var chip = new Line("machine", "chip", "", "1", "1", Verdict.OK, Evidence.HARDWARE);
        var real = new Line("part", "a", "ane", "1", "1", Verdict.OK, Evidence.HARDWARE);
        assertEquals(
                "simulated, stand-in: 3 ok, 0 differ, 0 unavailable",
                new Report(Map.of(), List.of(OK, chip, standIn)).summary());
        assertEquals(
                "3 ok, 0 differ, 0 unavailable",
                new Report(Map.of(), List.of(OK, chip, real)).summary());
    }

    @Test
    void theHomeFolderIsNotInTheReport() {
        var path = System.getProperty("user.home") + "/x.dylib";
        var line = new Line("part", "a", "", "1", "no " + path, Verdict.OK, Evidence.SIMULATED);
        assertEquals("no ~/x.dylib", new Report(Map.of(), List.of(line)).lines().get(0).found());
    }

    @Test
    void anErrorIsALineAndTheOthersGoOn() {
        try (var engine = Engines.open("sim:m5", 1)) {
            var place = new Place(engine, Evidence.SIMULATED);
            var lines =
                    place.tried(
                            "part",
                            "name",
                            () -> {
                                throw new JaneException("ane", "gone");
                            });
            assertEquals(
                    List.of(place.line("part", "name", "no error", "[ane] gone", false)), lines);
        }
    }

    @Test
    void markdownHasOneTableForASectionAndNoHtml() {
        var other = new Line("other", "b", "cpu", "x", "y", Verdict.OK, Evidence.SIMULATED);
        var types = new Line("part", "c", "cpu", "<fp16>", "a & b", Verdict.OK, Evidence.SIMULATED);
        assertEquals(
                """
                ## part

                | verdict | what | engine | expected | found |
                | --- | --- | --- | --- | --- |
                | ok, simulated | a | sim:m5 | 1 \\| 2 | 3 4 |
                | ok, simulated | c | cpu | &lt;fp16> | a &amp; b |

                ## other

                | verdict | what | engine | expected | found |
                | --- | --- | --- | --- | --- |
                | ok, simulated | b | cpu | x | y |
                """,
                new Report(Map.of(), List.of(OK, other, types))
                        .markdown()
                        .replaceFirst("(?s).*?(?=## )", ""));
    }
}
