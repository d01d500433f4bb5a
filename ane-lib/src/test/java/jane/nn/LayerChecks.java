package jane.nn;

import jane.grad.GradientCheck;
import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Holds gradients of layers and losses against finite differences. */
final class LayerChecks {
    private LayerChecks() {}

    /** Of the output by input and parameters, all at random values within +-1. */
    static void gradients(Layer layer, int... shape) {
        var random = new SplittableRandom(1);
        var x = Tensor.placeholder(TensorType.fp32(shape));
        Map<Value, Dense> point = new LinkedHashMap<>();
        point.put(x.value(), draw(x.type(), random));
        var held = new ArrayList<Tensor>();
        layer.parameters()
                .values()
                .forEach(
                        p -> {
                            held.add(p.operand());
                            point.put(p.operand().value(), draw(p.type(), random));
                        });
        GradientCheck.check(layer.forward(x).value(), point, random);
        held.clear();
    }

    /** Of a function of one tensor. */
    static void gradients(UnaryOperator<Tensor> f, Tensor at) {
        var x = Leaf.input(at.type());
        var values = at.toArray();
        var dense = Dense.zeros(at.type());
        for (int i = 0; i < values.length; i++) {
            dense.data()[i] = values[i];
        }
        var y = f.apply(Tensor.made(x));
        GradientCheck.check(y.value(), Map.of(x, dense), new SplittableRandom(1));
    }

    private static Dense draw(TensorType type, SplittableRandom random) {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = random.nextDouble(-1, 1);
        }
        return dense;
    }
}
