package jane.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DropoutTest {
    @Test
    void dropsAShareAndKeepsTheMean() {
        Session.current().seed(4);
        var y = new Dropout(0.25).forward(Tensor.ones(100, 100)).toArray();
        int dropped = 0;
        for (float v : y) {
            assertEquals(true, v == 0 || v == 1 / 0.75f, "value " + v);
            dropped += v == 0 ? 1 : 0;
        }
        assertEquals(2500, dropped, 5 * Math.sqrt(10000 * 0.25 * 0.75));
    }

    @Test
    void inEvaluationAndAtProbabilityZeroItIsTheInput() {
        var x = Tensor.ones(3);
        var layer = new Dropout(0.5);
        layer.train(false);
        assertSame(x, layer.forward(x));
        assertSame(x, new Dropout(0).forward(x));
    }

    @Test
    void aCallByHandRepeatsWithTheSeed() {
        var masks = new float[2][];
        for (int i = 0; i < 2; i++) {
            Session.current().seed(9);
            masks[i] = new Dropout(0.5).forward(Tensor.ones(64)).toArray();
        }
        assertArrayEquals(masks[0], masks[1]);
    }

    @Test
    void theGraphOfAModelHasTheMaskAsAnInput() {
        var graph =
                LayerGraph.of(new Sequential(new Linear(2, 3), new Dropout(0.5)), Shape.of(4, 2))
                        .graph();
        assertEquals(
                "[x, linear1_weight, linear1_bias, dropout1_mask]",
                graph.inputs().stream().map(jane.ir.Graph.Port::name).toList().toString());
        assertEquals(Set.of(), LayerGraph.of(new Dropout(0.5), Shape.of(1)).parameters());
    }

    @Test
    void aProbabilityOfOneIsRefused() {
        assertEquals(
                "[Dropout] probability 1.0; need 0 to 1 (exclusive)",
                assertThrows(JaneException.class, () -> new Dropout(1)).getMessage());
    }
}
