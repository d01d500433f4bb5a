package jane.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.Graph;
import jane.ir.Shape;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LayerGraphTest {
    @Test
    void inputsAreTheBatchAndTheParameters() {
        var made = LayerGraph.of(new Sequential(new Linear(3, 2), new ReLU()), Shape.of(4, 3));
        assertEquals(
                "[x, linear1_weight, linear1_bias]",
                made.graph().inputs().stream().map(Graph.Port::name).toList().toString());
        assertEquals(Set.of("linear1_weight", "linear1_bias"), made.parameters());
        assertEquals("[4, 2]", made.graph().outputs().get(0).value().shape().toString());
    }

    @Test
    void parameterCalledAsTheInputGetsAnotherName() {
        var layer =
                new Layer() {
                    private final Parameter own = param("x", Tensor.ones(3));

                    @Override
                    public Tensor forward(Tensor x) {
                        return x.mul(own);
                    }
                };
        assertEquals(Set.of("x_2"), LayerGraph.of(layer, Shape.of(4, 3)).parameters());
    }

    @Test
    void tensorsThatAreNoParametersBecomeInputs() {
        var constant = Tensor.ones(3);
        var layer =
                new Layer() {
                    @Override
                    public Tensor forward(Tensor x) {
                        return x.add(constant);
                    }
                };
        assertEquals(
                "[x, captured]",
                LayerGraph.of(layer, Shape.of(4, 3)).graph().inputs().stream()
                        .map(Graph.Port::name)
                        .toList()
                        .toString());
    }
}
