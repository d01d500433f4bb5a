package jane.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.optim.Optimizer;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the plan of a step makes of the optimizers: one pass over each parameter and its state. */
final class UpdatePlanTest {
    private static final List<String> PARAMETERS =
            List.of("linear1_weight", "linear1_bias", "linear2_weight", "linear2_bias");

    @BeforeEach
    void seed() {
        Session.current().seed(1);
    }

    private static Layer model() {
        return new Sequential(new Linear(20, 30), new ReLU(), new Linear(30, 10));
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of(Sgd.of(0.1), 0),
                Arguments.of(Sgd.of(0.1).momentum(0.9), 1),
                Arguments.of(Sgd.of(0.1).momentum(0.9).nesterov(), 1),
                Arguments.of(Adam.of(0.01), 2),
                Arguments.of(Adam.w(0.01, 0.1), 2));
    }

    private static List<String> plan(Optimizer optimizer, boolean detailed) {
        var step = Step.of(model(), Loss.crossEntropy(), optimizer, detailed);
        step.run(Tensor.zeros(8, 20), Tensor.ones(8, 10));
        return step.plan();
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void anUpdateIsOneKernelPerParameter(Optimizer optimizer, int states) {
        var plan = plan(optimizer, false);
        for (var parameter : PARAMETERS) {
            var lines = plan.stream().filter(l -> l.contains(" next_" + parameter)).toList();
            assertEquals(1, lines.size(), String.join("\n", plan));
            assertTrue(lines.get(0).startsWith("fused "), lines.get(0));
            int outputs = lines.get(0).split(" next_" + parameter, -1).length - 1;
            assertEquals(1 + states, outputs, lines.get(0));
        }
        assertTrue(plan.stream().noneMatch(l -> l.startsWith("copy ")), String.join("\n", plan));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aNormReadsItsGradientOnceAndStoresNothing(Optimizer optimizer, int states) {
        var plan = plan(optimizer, false);
        for (var parameter : PARAMETERS) {
            var line = "fused    square+reduce_sum -> fp32 grad_" + parameter;
            assertTrue(plan.contains(line), line + "\n" + String.join("\n", plan));
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void normsOfUpdatesAndWeightsComeWithTheUpdate(Optimizer optimizer, int states) {
        var plan = plan(optimizer, true);
        for (var parameter : PARAMETERS) {
            var line = plan.stream().filter(l -> l.contains(" next_" + parameter)).toList().get(0);
            assertTrue(line.contains("fp32 update_" + parameter), line);
            assertTrue(line.contains("fp32 norm_" + parameter), line);
        }
    }
}
