package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.grad.Gradients;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Value;
import jane.op.Ops;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassesTest {
    @Test
    void runInThisOrder() {
        assertEquals(
                List.of("lower composites", "simplify", "share equal nodes", "separate outputs"),
                Passes.DEFAULT.stream().map(Pass::name).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void eachChangesNoBitOfARandomGraph(int pass) {
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            var graph = Graphs.random(random);
            for (int before = 0; before < pass; before++) {
                graph = Passes.DEFAULT.get(before).apply(graph);
            }
            Graphs.assertSameBits(graph, Passes.DEFAULT.get(pass).apply(graph), random);
        }
    }

    @Test
    void togetherTheyLeaveOnlyWhatMilCanWrite() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            var graph = Graphs.random(random);
            var after = Passes.run(graph);
            Graphs.assertSameBits(graph, after, random);
            for (var node : after.nodes()) {
                assertTrue(
                        node.op() == Leaf.CONST || node.op().spelling().isPresent(),
                        node.op().name());
            }
        }
    }

    @Test
    void runningThemAgainChangesNothing() {
        for (int seed = 0; seed < 60; seed++) {
            var once = Passes.run(Graphs.random(new SplittableRandom(seed)));
            assertEquals(Graphs.ops(once), Graphs.ops(Passes.run(once)), "seed " + seed);
        }
    }

    @Test
    void gradientsOfEveryOpKeepTheirBits() {
        for (var op : Ops.all()) {
            var random = new SplittableRandom(op.name().hashCode());
            for (int i = 0; i < 5 && op.differentiable(); i++) {
                var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
                if (!sample.node().out().dtype().isFloat()) {
                    continue; // a range of whole numbers
                }
                var graph = withGradients(sample);
                var feeds = Graphs.feeds(graph, random);
                sample.feeds().forEach((name, x) -> keepIndices(feeds, name, x));
                Graphs.assertSameBits(graph, Passes.run(graph), feeds);
            }
        }
    }

    /** Integers stay as they were sampled: any other might be out of range. */
    private static void keepIndices(Map<String, Dense> feeds, String name, Dense sampled) {
        if (sampled.type().dtype().isInt()) {
            feeds.put(name, sampled);
        }
    }

    private static Graph withGradients(OpSamples.Sample sample) {
        var y = sample.node().out();
        var xs = sample.node().inputs().stream().filter(v -> v.dtype().isFloat()).toList();
        var outputs = new ArrayList<Value>(Gradients.of(Reductions.sumAll(y), xs));
        outputs.add(y);
        var inputs = sample.inputs().stream().map(Graph.Port::value).toList();
        return Graphs.of(inputs, outputs.toArray(new Value[0]));
    }
}
