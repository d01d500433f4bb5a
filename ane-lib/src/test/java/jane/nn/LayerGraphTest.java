package jane.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.List;
import java.util.Map;
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

    @Test
    void bakedWeightsAreConstantsOfTheSameNumbers() {
        var model = new Sequential(new Linear(3, 4), new Linear(4, 2));
        var baked = LayerGraph.baked(model, Shape.of(1, 3)).graph();
        assertEquals(List.of("x"), baked.inputs().stream().map(p -> p.name()).toList());
        var x = Dense.of(TensorType.fp32(1, 3), 1, -2, 3);
        var y = baked.reference(Map.of("x", x)).get("y").data();
        var expected = model.apply(Tensor.of(new float[][] {{1, -2, 3}})).toArray();
        assertEquals(expected[0], y[0], 1e-5);
        assertEquals(expected[1], y[1], 1e-5);
    }
}
