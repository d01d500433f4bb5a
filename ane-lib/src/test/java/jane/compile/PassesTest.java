package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.grad.Gradients;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Rewriter;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Ops;
import jane.op.Reductions;
import jane.target.Target;
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
                List.of(
                        "lower composites",
                        "fold constants",
                        "simplify",
                        "share equal nodes",
                        "separate outputs"),
                Passes.DEFAULT.stream().map(Pass::name).toList());
    }

    @Test
    void eachSaysWhyItStandsWhereItStands() {
        for (var pass : Passes.of(Target.named("m5/inmem"))) {
            assertTrue(pass.reason().matches("(first|before|after|last)\\b.*"), pass.reason());
        }
    }

    @Test
    void surfacesArePackedLastAndPartByPart() {
        var target = Target.named("m5/inmem");
        var passes = Passes.of(target);
        var last = passes.get(passes.size() - 1);
        assertEquals("pack surfaces", last.name());
        assertEquals(List.of(last), passes.stream().filter(Pass::perPart).toList());
        var graph = new StoriesBlock(64, 128, 4, 352).training(1);
        var trail = Passes.trail(graph, target);
        var packed = trail.subList(passes.size() - 1, trail.size());
        assertEquals(
                List.of("pack surfaces, part 2"),
                packed.stream().map(t -> t.pass().name()).toList());
        var before = packed.get(0).before();
        var after = packed.get(0).after();
        assertTrue(before.inputs().size() > 9);
        assertEquals(1, after.inputs().size());
        assertEquals(before.outputs().size(), after.outputs().size());
        assertEquals(
                passes.subList(0, passes.size() - 1).stream().map(Pass::name).toList(),
                Passes.trail(graph, Target.named("m5/inmem")).stream()
                        .limit(passes.size() - 1)
                        .map(t -> t.pass().name())
                        .toList());
    }

    @Test
    void theTrailShowsEachGraphBeforeAndAfter() {
        var graph = Graphs.random(new SplittableRandom(1));
        var trail = Passes.trail(graph, Passes.DEFAULT);
        assertEquals(Passes.DEFAULT, trail.stream().map(Passes.Taken::pass).toList());
        assertSame(graph, trail.get(0).before());
        for (int i = 1; i < trail.size(); i++) {
            assertSame(trail.get(i - 1).after(), trail.get(i).before());
        }
    }

    @Test
    void aPassThatBreaksAGraphIsNamed() {
        var x = Leaf.input(TensorType.fp32(3));
        var graph = Graphs.of(List.of(x), Elementwise.exp(x));
        var broken = Graphs.of(List.of(x), Reductions.sumAll(x));
        var e =
                assertThrows(
                        JaneException.class,
                        () -> Passes.trail(graph, List.of(new Broken(broken))));
        assertTrue(e.getMessage().contains("pass 'broken'"), e.getMessage());
        assertTrue(e.getMessage().contains("y0 tensor<fp32, [3]>"), e.getMessage());
    }

    private record Broken(Graph result) implements Pass {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String reason() {
            return "a bug";
        }

        @Override
        public Graph apply(Graph graph) {
            return result;
        }
    }

    @Test
    void deadNodesGoByThemselves() {
        var x = Leaf.input(TensorType.fp32(3));
        var dead = Elementwise.exp(x);
        var y = Elementwise.scale(Elementwise.add(x, Elementwise.sub(dead, dead)), 1);
        var graph = Graphs.of(List.of(x), Elementwise.mul(y, Elementwise.exp(x)));
        var without =
                Rewriter.rewrite(
                        graph, n -> n.op() == Elementwise.ADD ? List.of(n.in(0)) : n.outputs());
        assertEquals(List.of("mul", "exp", "mul"), opsWithoutConstants(without));
    }

    private static List<String> opsWithoutConstants(Graph graph) {
        return Graphs.ops(graph).stream().filter(name -> !name.equals("const")).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4})
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
    void foldingRoundsConstantsAndChangesNothingElse() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            var graph = LowerComposites.apply(Graphs.random(random));
            Graphs.assertClose(graph, FoldConstants.apply(graph), random);
        }
    }

    @Test
    void togetherTheyLeaveOnlyWhatMilCanWrite() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            var graph = Graphs.random(random);
            var after = Passes.run(graph);
            Graphs.assertClose(graph, after, random);
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
                var exact = new ArrayList<>(Passes.DEFAULT);
                exact.removeIf(pass -> pass.name().equals("fold constants"));
                var trail = Passes.trail(graph, exact);
                Graphs.assertSameBits(graph, trail.get(trail.size() - 1).after(), feeds);
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
