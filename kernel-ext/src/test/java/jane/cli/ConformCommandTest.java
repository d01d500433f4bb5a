package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.Campaign;
import jane.engine.Engines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformCommandTest {
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(args);
    }

    @Test
    void saysWhatRanAndThatItConforms() {
        assertEquals(0, run("conform", "--graphs", "20", "--seed", "3"), out::toString);
        assertTrue(out.toString().startsWith("cpu: "), out::toString);
        assertTrue(out.toString().contains("seed 3"), out::toString);
        assertTrue(out.toString().contains("20 graphs, "), out::toString);
        assertTrue(out.toString().endsWith("conforms" + System.lineSeparator()), out::toString);
    }

    /** Two pieces draw what the whole does. */
    @Test
    void aRunGoesOnFromAnyGraph() {
        assertEquals(0, run("conform", "--first", "12", "--graphs", "8", "--seed", "3"));
        assertTrue(out.toString().contains("seed 3, graphs 12 to 19"), out::toString);
        try (var cpu = Engines.open("cpu", 1)) {
            var campaign = new Campaign(cpu, 3);
            var sum = new TreeMap<>(campaign.run(0, 12).ops());
            campaign.run(12, 8).ops().forEach((op, n) -> sum.merge(op, n, Integer::sum));
            assertEquals(new TreeMap<>(campaign.run(20).ops()), sum);
        }
    }

    @Test
    void replaysAReproducer(@TempDir Path folder) throws Exception {
        var file = folder.resolve("case.json");
        Files.writeString(
                file,
                """
                {"mil": "program(1.3)\\n{\\n func main<ios18>(tensor<fp32, [2]> x) {\\n\
                  tensor<fp32, [2]> y = add(x = x, y = x)[name = string(\\"y\\")];\\n\
                 } -> (y);\\n}\\n",
                 "files": {},
                 "inputs": {"x": {"type": "fp32", "shape": [2], "values": [1, 2]}},
                 "expected": {"y": {"type": "fp32", "shape": [2], "values": [2, 5],
                              "slack": [0, SLACK]}}}
                """
                        .replace("SLACK", "0"));
        assertEquals(1, run("conform", "--replay", file.toString()), out::toString);
        assertTrue(
                out.toString().contains("fails: output 'y' (tensor<fp32, [2]>): 1 of 2 elements"),
                out::toString);
        Files.writeString(file, Files.readString(file).replace("[0, 0]", "[0, null]"));
        assertEquals(0, run("conform", "--replay", file.toString()), out::toString);
    }

    @Test
    void anUnknownEngineIsNamed() {
        assertEquals(1, run("conform", "--engine", "gpu"));
        assertTrue(out.toString().contains("unknown engine 'gpu'"), out::toString);
    }
}
