package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.grad.Gradients;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScaleLossTest {
    private final Value x = Leaf.input(TensorType.fp32(33, 7));
    private final Value w = Leaf.input(TensorType.fp32(7, 13));
    private final Value scale = Leaf.input(TensorType.fp32());
    private final Value hidden =
            HalfPrecision.rewrite(List.of(Activations.tanh(Contraction.matmul(x, w))), Set.of())
                    .get(0);
    private final Value loss = Reductions.sumAll(hidden);
    private final Value one = Movement.fill(loss.type(), 1);
    private final List<Value> plain = Gradients.of(loss, one, List.of(x, w));

    private Graph graph(List<Value> gradients) {
        var inputs =
                List.of(
                        new Graph.Port("x", x),
                        new Graph.Port("w", w),
                        new Graph.Port("scale", scale));
        return Graph.of(
                inputs,
                List.of(
                        new Graph.Port("dx", gradients.get(0)),
                        new Graph.Port("dw", gradients.get(1))));
    }

    private static Dense random(TensorType type, double size) {
        var random = new Random(3);
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = (float) (size * random.nextGaussian());
        }
        return dense;
    }

    private Map<String, Dense> run(Graph graph, double factor) {
        return graph.reference(
                Map.of(
                        "x", random(x.type(), 1),
                        "w", random(w.type(), 1),
                        "scale", Dense.of(TensorType.fp32(), factor)));
    }

    @Test
    void gradientsAreDividedByWhatTheyBeginWith() {
        var scaled = ScaleLoss.rewrite(plain, one, scale, Set.of(x, w));
        for (var gradient : scaled) {
            assertEquals("real_div", gradient.node().op().name());
            assertEquals(scale, gradient.node().in(1));
        }
        var expected = run(graph(plain), 1);
        var found = run(graph(scaled), 1024); // a power of two: to the bit, where nothing is lost

        for (var name : expected.keySet()) {
            for (int i = 0; i < expected.get(name).data().length; i++) {
                double e = expected.get(name).get(i);
                assertEquals(e, found.get(name).get(i), 2e-3 * Math.abs(e) + 1e-6, name);
            }
        }
    }

    @Test
    void itIsTheGradientOfTheLossTimesTheScale() {
        var scaled = ScaleLoss.rewrite(plain, one, scale, Set.of(x, w));
        var product = Elementwise.mul(loss, scale);
        var asProduct =
                Gradients.of(product, List.of(x, w)).stream()
                        .map(g -> Elementwise.div(g, scale))
                        .toList();
        var expected = run(graph(asProduct), 4096);
        var found = run(graph(scaled), 4096);
        for (var name : expected.keySet()) {
            for (int i = 0; i < expected.get(name).data().length; i++) {
                assertEquals(expected.get(name).get(i), found.get(name).get(i), name);
            }
        }
    }

    @Test
    void aGradientThatDoesNotComeFromTheLossIsStillDivided() {
        var other = Leaf.input(TensorType.fp32(2));
        var zero = Gradients.of(loss, one, List.of(other));
        var scaled = ScaleLoss.rewrite(zero, one, scale, Set.of(x, w));
        assertEquals(Shape.of(2), scaled.get(0).shape());
    }
}
