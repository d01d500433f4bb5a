package jane.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.engine.power.Pacing;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final Line OK = line("a", Verdict.OK);

    private static final List<Took> TOOK = List.of(new Took("training", "sim:m5", 1.23456));

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
                Power.of(PowerSource.NONE, Pacing.COOL).stream()
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
                        },
                        Pacing.COOL.pauseOnBattery());
        assertTrue(all.stream().allMatch(line -> line.verdict() == Verdict.OK), all::toString);
        assertEquals(
                List.of(
                        "on battery, 73 %",
                        "low-power mode off",
                        "heat fair",
                        "no duty cycle; pauses on battery, from heat serious on; now: on battery"
                                + " (73 %)",
                        "1.235 J since the machine started"),
                all.stream().map(Line::found).toList());
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
        var report = new Report(Map.of("java", "17"), lines, TOOK, true).with("jane", "0");
        var tree = JsonParser.parseString(report.json()).getAsJsonObject();
        assertEquals("jane-selftest/1", tree.get("schema").getAsString());
        assertEquals("0", tree.getAsJsonObject("environment").get("jane").getAsString());
        assertEquals(3, tree.getAsJsonArray("lines").size());
        assertEquals(
                "{\"section\":\"part\",\"name\":\"a\",\"engine\":\"sim:m5\",\"expected\":\"1 | 2\","
                        + "\"found\":\"3\\n4\",\"verdict\":\"ok\",\"evidence\":\"simulated\"}",
                tree.getAsJsonArray("lines").get(0).toString());
        assertEquals("simulated: 1 ok, 1 differ, 1 unavailable", tree.get("summary").getAsString());
        assertEquals(
                "[{\"part\":\"training\",\"engine\":\"sim:m5\",\"seconds\":1.235}]",
                tree.get("durations").toString());
        assertTrue(tree.get("complete").getAsBoolean());
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
                new Report(Map.of("java", "17"), List.of(OK), List.of(), true).markdown());
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
                new Report(Map.of(), List.of(OK, chip, standIn), List.of(), true).summary());
        assertEquals(
                "3 ok, 0 differ, 0 unavailable",
                new Report(Map.of(), List.of(OK, chip, real), List.of(), true).summary());
    }

    @Test
    void theHomeFolderIsNotInTheReport() {
        var path = System.getProperty("user.home") + "/x.dylib";
        var line = new Line("part", "a", "", "1", "no " + path, Verdict.OK, Evidence.SIMULATED);
        var report = new Report(Map.of(), List.of(line), List.of(), true);
        assertEquals("no ~/x.dylib", report.lines().get(0).found());
    }

    @Test
    void pathsTellNoNames() {
        var text =
                "/Users/ann/a, /Users/anna/b; /Volumes/ann/c /var/folders/zz/q7/T/jane1/d"
                        + " '/private/ann' of planning";
        assertEquals(
                "~/a, /Users/anna/b; /Volumes/USER/c TMPDIR/jane1/d '/private/USER' of planning",
                Paths.withoutNames(text, "/Users/ann", "/var/folders/zz/q7/T/", "ann"));
        assertEquals("/x", Paths.withoutNames("/x", "", "", ""));
    }

    @Test
    void aReportThatWasEndedEarlySaysSo() {
        var report = new Report(Map.of(), List.of(OK), TOOK, false);
        assertEquals(
                "ended before its end: simulated: 1 ok, 0 differ, 0 unavailable", report.summary());
        assertTrue(report.json().contains("\"complete\": false"), report::json);
        assertTrue(
                report.markdown()
                        .endsWith(
                                """

                                ## durations

                                | part | engine | seconds |
                                | --- | --- | ---: |
                                | training | sim:m5 | 1.2 |
                                | all |  | 1.2 |
                                """),
                report::markdown);
    }

    @Test
    void whatWasFoundSoFarIsAReport() {
        var test = new SelfTest[1];
        var reports = new ArrayList<Report>();
        test[0] = new SelfTest("", List.of("cpu"), 1, line -> reports.add(test[0].soFar()));
        var all = test[0].run();
        assertEquals(all.lines().size(), reports.size());
        for (int i = 0; i < reports.size(); i++) {
            assertEquals(all.lines().subList(0, i + 1), reports.get(i).lines());
            assertFalse(reports.get(i).complete());
        }
        assertTrue(all.complete());
        assertEquals(
                List.of("machine", "power", "conformance", "training"),
                all.took().stream().map(Took::part).toList());
    }

    @Test
    void aTestThatIsStoppedEndsSoonAndIsNotComplete() {
        var test = new SelfTest[1];
        var stop = "supply";
        test[0] =
                new SelfTest(
                        "",
                        List.of("sim:m5", "cpu"),
                        1_000_000,
                        line -> {
                            if (line.name().equals(stop)) {
                                test[0].stop();
                            }
                        });
        var report = test[0].run();
        assertEquals(stop, report.lines().get(report.lines().size() - 1).name());
        assertFalse(report.complete());
    }

    @Test
    void aSimulatorOfTheInMemoryRouteDoesWhatItsRulesSay() {
        try (var engine = Engines.open("sim:m5/inmem", 1)) {
            var lines = Probes.on(new Place(engine, Evidence.SIMULATED));
            var turned = named(lines, "(e) inputs in the other order");
            assertEquals(
                    "y = -2.0, -2.0, -2.0, ...; values taken for one another by [ANE-C06b]",
                    turned.expected());
            assertEquals(Verdict.OK, turned.verdict(), turned::text);
            assertEquals(Verdict.OK, named(lines, "(f) three").verdict());
            assertEquals(Verdict.OK, named(lines, "(j) 17").verdict());
        }
    }

    private static Line named(List<Line> lines, String name) {
        return lines.stream().filter(l -> l.name().startsWith(name)).findFirst().orElseThrow();
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
        var types =
                new Line(
                        "part",
                        "c",
                        "cpu",
                        "<fp16>",
                        "a & [_b c*2_]",
                        Verdict.OK,
                        Evidence.SIMULATED);
        assertEquals(
                """
                ## part

                | verdict | what | engine | expected | found |
                | --- | --- | --- | --- | --- |
                | ok, simulated | a | sim:m5 | 1 \\| 2 | 3 4 |
                | ok, simulated | c | cpu | &lt;fp16> | a &amp; \\[\\_b c\\*2\\_\\] |

                ## other

                | verdict | what | engine | expected | found |
                | --- | --- | --- | --- | --- |
                | ok, simulated | b | cpu | x | y |
                """,
                new Report(Map.of(), List.of(OK, other, types), List.of(), true)
                        .markdown()
                        .replaceFirst("(?s).*?(?=## )", ""));
    }
}
