package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.JaneException;
import jane.target.Target;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters that live from run to run. */
final class StatesTest {
    /** A running total of the input, squared; the total is kept. */
    private static final String TOTAL =
            function(
                    "tensor<fp16, [2]> before = read_state(input = s)[name = string(\"before\")];"
                            + " tensor<fp16, [2]> total = add(x = before, y = x);"
                            + " tensor<fp16, [2]> after = coreml_update_state(state = s, value ="
                            + " total)[name = string(\"after\")];"
                            + " tensor<fp16, [2]> y = mul(x = after, y = after);");

    private static String function(String body) {
        return "program(1.3) { func main<ios18>(tensor<fp16, [2]> x, state<tensor<fp16, [2]>> s)"
                + " { %s } -> (y); }".formatted(body);
    }

    private static Program program(String text) {
        return new Program(text, Map.of(), Map.of());
    }

    /** The outputs of three runs on x = 1, 2 with the state in one buffer. */
    private static List<List<Double>> threeRuns(String engineName, Program program) {
        var ports = States.asPorts(program);
        try (var engine = Engines.open(engineName, 1);
                var executable = engine.compile(program)) {
            Map<String, Buffer> buffers = new HashMap<>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            ports.aliases().forEach((next, s) -> buffers.put(next, buffers.get(s)));
            var x = executable.inputs().get("x");
            buffers.get("x").putBytes(ConstData.of(x, 1, 2).bytes());
            var y = executable.outputs().get("y");
            var seen = new ArrayList<List<Double>>();
            var binding = executable.bind(buffers);
            for (int run = 0; run < 3; run++) {
                binding.run();
                ByteBuffer bytes = buffers.get("y").bytes().slice(0, (int) y.sizeBytes());
                var data = ConstData.ofBytes(y, bytes);
                seen.add(List.of(data.get(0), data.get(1)));
            }
            List.copyOf(buffers.values()).forEach(Buffer::close);
            return seen;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "sim:m5", "sim:m5:fast"})
    void aTotalLivesFromRunToRun(String engine) {
        var squares = List.of(List.of(1.0, 4.0), List.of(4.0, 16.0), List.of(9.0, 36.0));
        assertEquals(squares, threeRuns(engine, program(TOTAL)));
    }

    /** As Core ML's compiler prints an update: without a result, and read again where needed. */
    @Test
    void anUpdateWithoutAResultIsTheSameOne() {
        String text =
                TOTAL.replace(
                        "tensor<fp16, [2]> after = coreml_update_state(state = s, value = total)"
                                + "[name = string(\"after\")];",
                        "write_state(data = total, input = s)[name = string(\"w\")];"
                                + " tensor<fp16, [2]> after = read_state(input = s);");
        assertTrue(text.contains("write_state"));
        assertEquals(
                MilParser.parse(program(TOTAL)).structure(),
                MilParser.parse(program(text)).structure());
        assertEquals(List.of(9.0, 36.0), threeRuns("cpu", program(text)).get(2));
    }

    @Test
    void aStateIsAnInputAndAnOutputThatShareABuffer() {
        var ports = States.asPorts(program(TOTAL));
        assertEquals(Map.of("next_s", "s"), ports.aliases());
        var graph = MilParser.parse(ports);
        assertEquals(List.of("x", "s"), graph.inputs().stream().map(p -> p.name()).toList());
        assertEquals(List.of("y", "next_s"), graph.outputs().stream().map(p -> p.name()).toList());
        assertEquals(graph.structure(), MilParser.parse(program(TOTAL)).structure());
        assertSame(ports, States.asPorts(ports));
    }

    /** A value that is already a port gets an identity; a taken name the next free one. */
    @Test
    void anUpdateThatIsAPortAlreadyGetsAValueOfItsOwn() {
        String text =
                "program(1.3) { func main<ios18>(state<tensor<fp16, [2]>> s, tensor<fp16, [2]>"
                        + " next_s, state<fp16> idle, state<tensor<fp16, [2]>> swap) {"
                        + " tensor<fp16, [2]> was = read_state(input = swap);"
                        + " tensor<fp16, [2]> y = exp(x = next_s);"
                        + " write_state(input = s, data = y);"
                        + " write_state(input = swap, data = was); } -> (y); }";
        var ports = States.asPorts(program(text));
        assertEquals(Map.of("next_s_0", "s", "next_swap", "swap"), ports.aliases());
        assertEquals(
                List.of("y", "next_s_0", "next_swap"),
                MilParser.parse(ports).outputs().stream().map(p -> p.name()).toList());
    }

    @Test
    void statesArePrintedAsStates() {
        for (String text : List.of(TOTAL, TOTAL.replace("x = after, y = after", "x = x, y = x"))) {
            var printed = MilPrinter.reprint(program(text), Dialect.A);
            assertTrue(printed.text().contains("state<tensor<fp16, [2]>> s"), printed.text());
            assertTrue(
                    printed.text().contains("coreml_update_state(state = s, value = next_s)"),
                    printed.text());
            assertTrue(printed.text().contains("-> (y);"), printed.text());
            assertEquals(
                    MilParser.parse(program(text)).structure(),
                    MilParser.parse(printed).structure());
            assertEquals(printed.text(), MilPrinter.reprint(printed, Dialect.A).text());
            assertEquals(threeRuns("cpu", program(text)), threeRuns("cpu", printed));
        }
        var error =
                assertThrows(
                        JaneException.class, () -> MilPrinter.reprint(program(TOTAL), Dialect.B));
        assertEquals("[mil] state 's' in dialect B, of ios16; need dialect A", error.getMessage());
    }

    @Test
    void rulesSeeTheOpsOnStatesAsTheyStand() {
        var found = Target.named("m5").check(program(TOTAL)).toString();
        assertTrue(found.contains("read_state"), found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tensor<fp16, [2]> y = exp(x = s); | 's' is a state; need its value:"
                        + " read_state(input = s)",
                "tensor<fp16, [2]> y = read_state(input = x); | no state here; need one of [s]",
                "tensor<fp16, [2]> y = read_state(state = s); | 'read_state' with arguments"
                        + " [state]; need [input]",
                "tensor<fp16, [3]> y = read_state(input = s); | 'y' is declared tensor<fp16, [3]>;"
                        + " need tensor<fp16, [2]>, which 'read_state' makes here",
                "read_state(input = s); | 0 results of 'read_state'; need 1",
                "write_state(input = s, data = fp16(1)); | fp16 for state 's'; need"
                        + " tensor<fp16, [2]>",
                "exp(x = x); | no result of 'exp'; need one or more",
                "tensor<fp16, [2]> s = exp(x = x); | 's' is defined twice; need a new name for"
                        + " each value",
            })
    void saysWhatIsWrongWithAState(String body, String expected) {
        var error =
                assertThrows(
                        MilParseException.class, () -> MilParser.parse(program(function(body))));
        String said = error.getMessage().lines().findFirst().orElseThrow();
        assertEquals(expected, said.replaceFirst("\\[mil] line 1, column [0-9]+: ", ""));
    }

    @Test
    void aStateIsATensor() {
        String text = TOTAL.replace("state<tensor<fp16, [2]>>", "state<tensor<int4, [2]>>");
        var error = assertThrows(MilParseException.class, () -> MilParser.parse(program(text)));
        assertTrue(
                error.getMessage()
                        .contains(
                                "a state of tensor<int4, [2]>; need a tensor of fp16, fp32, bool"
                                        + " or int"),
                error::getMessage);
    }
}
