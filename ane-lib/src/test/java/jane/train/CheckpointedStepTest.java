package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.nn.Dropout;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Residual;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class CheckpointedStepTest {
    private static final int BLOCKS = 8;

    /** Of the scratch memory, by layers between kept values. Source: docs/compiler.md. */
    private static final Map<Integer, Double> SHARES = Map.of(1, 0.51, 2, 0.76, 3, 0.81);

    private static Layer model() {
        Session.current().seed(1);
        var layers = new Layer[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            layers[i] =
                    new Residual(
                            new Linear(16, 64), new GELU(), new Dropout(0.1), new Linear(64, 16));
        }
        return new Sequential(layers);
    }

    /** A step after three runs. */
    private static Step trained(UnaryOperator<Step> settings) {
        var step = settings.apply(Step.of(model(), Loss.mse(), Adam.of(0.01)).seed(3));
        var x = Tensor.randn(256, 16);
        var target = Tensor.zeros(256, 16);
        for (int i = 0; i < 3; i++) {
            step.run(x, target);
        }
        return step;
    }

    private static void assertSameWeights(Step expected, Step actual) {
        var want = new ArrayList<>(expected.model().parameters().values());
        var got = new ArrayList<>(actual.model().parameters().values());
        for (int i = 0; i < want.size(); i++) {
            assertArrayEquals(want.get(i).toArray(), got.get(i).toArray(), want.get(i).name());
        }
    }

    @Test
    void theNumbersAreTheSameToTheBitAndTheMemoryIsLess() {
        var plain = trained(s -> s);
        for (int every : SHARES.keySet()) {
            var checkpointed = trained(s -> s.checkpoint(every));
            assertSameWeights(plain, checkpointed);
            long bytes = checkpointed.scratchBytes();
            double share = 1.0 * bytes / plain.scratchBytes();
            assertEquals(SHARES.get(every), share, 0.01, "docs/compiler.md, every " + every);
        }
    }

    @Test
    void inHalfPrecisionToo() {
        var plain = trained(s -> s.precision(DType.FP16));
        var checkpointed = trained(s -> s.precision(DType.FP16).checkpoint(2));
        assertSameWeights(plain, checkpointed);
        long bytes = checkpointed.scratchBytes();
        assertEquals(0.84, 1.0 * bytes / plain.scratchBytes(), 0.01, "docs/compiler.md");
    }

    @Test
    void zeroLayersAreRefused() {
        var e = assertThrows(JaneException.class, () -> trained(s -> s.checkpoint(0)));
        assertEquals("[step] checkpoint every 0 layers; need 1 or more", e.getMessage());
    }
}
