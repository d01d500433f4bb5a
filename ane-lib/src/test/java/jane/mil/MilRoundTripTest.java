package jane.mil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.conform.OpSamples;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Op;
import jane.op.Elementwise;
import jane.op.Ops;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MilRoundTripTest {
    private static final long SEED = 20240611;

    static List<Op<?>> ops() {
        return Ops.all();
    }

    @ParameterizedTest
    @MethodSource("ops")
    void everyOpSurvivesPrintAndParse(Op<?> op) {
        var random = new Random(SEED);
        for (int i = 0; i < 60; i++) {
            var sample = OpSamples.sample(op, random);
            var node = sample.node();
            // A composite may lower to its own input, which cannot be an output as it is.
            var result =
                    op.spelling().isPresent()
                            ? node.out()
                            : Elementwise.identity(node.lower().get(0));
            var graph = Graph.of(sample.inputs(), List.of(new Graph.Port("y", result)));
            assertBothIdentities(graph, sample + ", seed " + SEED + ", sample " + i);
        }
    }

    @Test
    void randomGraphsSurvivePrintAndParse() {
        LongStream.range(0, 400)
                .forEach(seed -> assertBothIdentities(RandomGraphs.of(seed), "seed " + seed));
    }

    @Test
    void aParsedGraphComputesTheSameBits() {
        for (long seed = 0; seed < 60; seed++) {
            var graph = RandomGraphs.of(seed);
            var parsed = MilParser.parse(MilPrinter.print(graph));
            var feeds = new HashMap<String, Dense>();
            for (var in : graph.inputs()) {
                var dense = Dense.zeros(in.value().type());
                Arrays.setAll(dense.data(), i -> Math.sin(1 + i));
                feeds.put(in.name(), dense);
            }
            var expected = graph.reference(feeds);
            var found = parsed.reference(feeds);
            for (var out : graph.outputs()) {
                assertArrayEquals(
                        expected.get(out.name()).data(),
                        found.get(out.name()).data(),
                        out.name() + ", seed " + seed);
            }
        }
    }

    @Test
    void portsKeepTheirNamesAndOrder() {
        var graph = RandomGraphs.of(3);
        var parsed = MilParser.parse(MilPrinter.print(graph));
        assertEquals(names(graph.inputs()), names(parsed.inputs()));
        assertEquals(names(graph.outputs()), names(parsed.outputs()));
    }

    private static List<String> names(List<Graph.Port> ports) {
        return ports.stream().map(Graph.Port::name).toList();
    }

    private static void assertBothIdentities(Graph graph, String what) {
        var program = MilPrinter.print(graph);
        var parsed = MilParser.parse(program);
        assertEquals(graph.structure(), parsed.structure(), what);
        var again = MilPrinter.print(parsed);
        assertEquals(program.text(), again.text(), what);
        assertEquals(program.files(), again.files(), what);
        var verbose = MilPrinter.print(parsed, Dialect.B);
        var read = MilParser.parse(verbose);
        assertEquals(graph.structure(), read.structure(), what);
        assertEquals(verbose.text(), MilPrinter.print(read, Dialect.B).text(), what);
        assertEquals(program.text(), MilPrinter.print(read).text(), what);
    }
}
