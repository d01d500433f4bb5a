package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.Op;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionsTest {
    static Stream<Op<?>> ops() {
        return Ops.all().stream();
    }

    /** In several steps where a definition has a definition: l2_pool, softplus_parametric. */
    @ParameterizedTest
    @MethodSource("ops")
    void expandedGraphHasNothingLeftToExpandAndComputesTheSame(Op<?> op) {
        var random = new SplittableRandom(op.name().hashCode());
        for (int i = 0; i < 5; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            var expanded = Definitions.expand(sample.graph(), kept -> false);
            for (var node : expanded.nodes()) {
                assertEquals(node.outputs(), node.lower(), node.op()::name);
            }
            var found = expanded.reference(sample.feeds());
            sample.expectedAll()
                    .forEach(
                            (name, y) -> {
                                for (int k = 0; k < y.data().length; k++) {
                                    double slack = 1e-5 * Math.max(1, Math.abs(y.get(k)));
                                    assertEquals(y.get(k), found.get(name).get(k), slack);
                                }
                            });
        }
    }

    @Test
    void keptOpsStay() {
        var random = new SplittableRandom(1);
        var sample = OpSamples.sample(Attention.SDPA, OpSamples.Mode.SMOOTH, random);
        var kept = Definitions.expand(sample.graph(), op -> op == Attention.SDPA);
        assertEquals(List.of(Attention.SDPA), kept.nodes().stream().map(n -> n.op()).toList());
        var expanded = Definitions.expand(sample.graph(), op -> false);
        assertTrue(expanded.nodes().stream().anyMatch(n -> n.op() == Contraction.MATMUL));
    }
}
