package jane.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Lowering;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.target.Target;
import jane.target.Violation;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

    @Test
    void aBakedModelInHalvesIsTakenWholeByAllTargetsAndHalfTheSize() {
        var model = new Sequential(new Linear(64, 96), new ReLU(), new Linear(96, 40));
        var baked = LayerGraph.baked(model, Shape.of(33, 64));
        var half = baked.in(DType.FP16).graph();
        assertEquals(DType.FP16, half.inputs().get(0).value().dtype());
        assertEquals(DType.FP16, half.outputs().get(0).value().dtype());
        var program = Lowering.program(half, Map.of());
        assertFalse(program.text().contains("fp32"), program.text());
        for (var name : List.of("m1", "m4", "m5", "strict")) {
            var found = Target.named(name).check(program);
            assertTrue(found.stream().noneMatch(Violation::isError), () -> name + found);
        }
        long single =
                Lowering.program(baked.graph(), Map.of())
                        .files()
                        .values()
                        .iterator()
                        .next()
                        .limit();
        assertTrue(program.files().values().iterator().next().limit() < 0.6 * single);
    }

    @Test
    void aBakedModelInHalvesComputesTheSameToThePrecisionOfHalves() {
        var model = new Sequential(new Linear(64, 96), new ReLU(), new Linear(96, 40));
        var baked = LayerGraph.baked(model, Shape.of(33, 64));
        var random = new Random(7);
        var x = new double[33 * 64];
        Arrays.setAll(x, i -> DType.FP16.round(random.nextGaussian()));
        var type = new TensorType(DType.FP16, Shape.of(33, 64));
        var expected =
                baked.graph().reference(Map.of("x", Dense.of(type.as(DType.FP32), x))).get("y");
        try (var cpu = new CpuEngine(1);
                var program =
                        cpu.compile(Lowering.program(baked.in(DType.FP16).graph(), Map.of()))) {
            var in = cpu.allocate(type);
            in.put(Dense.of(type, x));
            var out = cpu.allocate(program.outputs().get("y"));
            program.bind(Map.of("x", in, "y", out)).run();
            for (int i = 0; i < expected.data().length; i++) {
                assertEquals(expected.get(i), out.get(i), 5e-3, "element " + i);
            }
        }
        var e = assertThrows(JaneException.class, () -> baked.in(DType.INT32));
        assertEquals("[model] cannot compute in int32; need fp32 or fp16", e.getMessage());
    }
}
