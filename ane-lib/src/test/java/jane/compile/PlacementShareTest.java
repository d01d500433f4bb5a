package jane.compile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.ir.Shape;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.target.Target;
import jane.tensor.Session;
import jane.train.Trainer;
import jane.zoo.Models;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of the models people train runs on each target; what does not is printed by rule. */
class PlacementShareTest {
    private static final double AT_LEAST = 0.95;

    private static void print(String what, String name, Placement placement) {
        var rest = new TreeMap<String, Long>();
        for (var entry : placement.reasons().entrySet()) {
            var node = entry.getKey();
            var reason = entry.getValue();
            rest.merge(
                    reason.rule() + " " + node.op().name() + ": " + reason.why(),
                    node.flops(),
                    Long::sum);
        }
        System.out.printf(
                "%s on %s: %.2f %% of %.3f GFLOP in %d parts%n",
                what,
                name,
                100 * placement.share(),
                placement.graph().flops() / 1e9,
                placement.parts().size());
        rest.forEach((why, flops) -> System.out.printf("  %,12d %s%n", flops, why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m4", "m5", "strict", "m4/inmem", "m5/inmem", "strict/inmem"})
    void aStoriesBlockForwardAndBackwardRunsOnTheTarget(String name) {
        var target = Target.named(name);
        var graph = Passes.run(StoriesBlock.FULL.training(1), target);
        var placement = Placement.of(graph, target);
        print("Stories block", name, placement);
        assertTrue(placement.share() >= AT_LEAST, () -> "share " + placement.share());
    }

    @ParameterizedTest
    @ValueSource(strings = {"m4", "m5", "strict", "m4/inmem", "m5/inmem", "strict/inmem"})
    void aStepOfTheDigitsNetworkRunsOnTheTarget(String target) {
        try {
            Session.current().use("sim:" + target + ":fast", 1);
            Session.current().seed(1);
            var pixels = new float[64 * 28 * 28];
            var data = Dataset.of("zeros", Shape.of(1, 28, 28), pixels, new int[64], 10);
            var trainer =
                    Trainer.of(Models.digitsCnn(), Loss.crossEntropy(), Adam.of(1e-3), data)
                            .batchSize(64);
            trainer.step().build(trainer.nextBatch());
            var placement = trainer.step().placement().orElseThrow();
            print("digits network, batch 64", target, placement);
            assertTrue(placement.share() >= AT_LEAST, () -> "share " + placement.share());
        } finally {
            Session.current().use("cpu", 2);
        }
    }
}
