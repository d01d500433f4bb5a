package jane.compile;

import jane.grad.Gradients;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Attention;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Blocks of a language model as the Stories models have them: RMSNorm, queries, keys and values,
 * causal attention, SwiGLU; nine weights each. T: positions, D: width, H: heads, F: hidden width.
 */
record StoriesBlock(int positions, int width, int heads, int hidden) {
    static final StoriesBlock FULL = new StoriesBlock(256, 768, 12, 2048);

    private static final double EPSILON = 1e-5;

    /** Forward and backward in fp16 from fp32 inputs and weights, of blocks in a row. */
    Graph training(int blocks) {
        var inputs = new ArrayList<Graph.Port>();
        var x = input("x", inputs, positions, width);
        var target = input("dy", inputs, positions, width);
        var weights = new ArrayList<Value>();
        var y = x;
        for (int i = 0; i < blocks; i++) {
            y = block(y, i, inputs, weights);
        }
        var half = HalfPrecision.rewrite(List.of(y), Set.of()).get(0);
        var loss = Reductions.sumAll(Elementwise.mul(half, target));
        var outputs = new ArrayList<>(List.of(new Graph.Port("loss", loss)));
        var by = new ArrayList<>(weights);
        by.add(x);
        var gradients = Gradients.of(loss, by);
        for (int i = 0; i < gradients.size(); i++) {
            var name = inputs.get(i == weights.size() ? 0 : i + 2).name();
            outputs.add(new Graph.Port("d_" + name, gradients.get(i)));
        }
        return Graph.of(inputs, outputs);
    }

    /** Forward alone, with the weights as inputs, in fp32. */
    Graph forward(int blocks) {
        var inputs = new ArrayList<Graph.Port>();
        var y = input("x", inputs, positions, width);
        for (int i = 0; i < blocks; i++) {
            y = block(y, i, inputs, new ArrayList<>());
        }
        return Graph.of(inputs, List.of(new Graph.Port("y", y)));
    }

    /** Small random values for every input. */
    static Map<String, float[]> values(Graph graph, long seed) {
        var random = new Random(seed);
        var all = new HashMap<String, float[]>();
        for (var port : graph.inputs()) {
            var x = new float[port.value().shape().size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian() / 16;
            }
            all.put(port.name(), x);
        }
        return all;
    }

    private Value block(Value x, int i, List<Graph.Port> inputs, List<Value> weights) {
        var own = new ArrayList<Value>();
        for (var name : List.of("wq", "wk", "wv", "wo")) {
            own.add(input(name + i, inputs, width, width));
        }
        own.add(input("w1_" + i, inputs, hidden, width));
        own.add(input("w2_" + i, inputs, width, hidden));
        own.add(input("w3_" + i, inputs, hidden, width));
        own.add(input("norm1_" + i, inputs, width));
        own.add(input("norm2_" + i, inputs, width));
        weights.addAll(own);
        var a = norm(x, own.get(7));
        var q = perHead(Contraction.matmul(a, own.get(0), false, true));
        var k = perHead(Contraction.matmul(a, own.get(1), false, true));
        var v = perHead(Contraction.matmul(a, own.get(2), false, true));
        var mixed = Movement.transpose(Attention.attention(q, k, v, mask()), List.of(0, 2, 1, 3));
        var joined = Movement.reshape(mixed, List.of(positions, width));
        var h = Elementwise.add(x, Contraction.matmul(joined, own.get(3), false, true));
        var b = norm(h, own.get(8));
        var gate = Activations.silu(Contraction.matmul(b, own.get(4), false, true));
        var up = Contraction.matmul(b, own.get(6), false, true);
        return Elementwise.add(
                h, Contraction.matmul(Elementwise.mul(gate, up), own.get(5), false, true));
    }

    private Value perHead(Value x) {
        var split = Movement.reshape(x, List.of(1, positions, heads, width / heads));
        return Movement.transpose(split, List.of(0, 2, 1, 3));
    }

    private static Value norm(Value x, Value gain) {
        var mean = Reductions.mean(Elementwise.square(x), List.of(-1), true);
        return Elementwise.mul(Elementwise.mul(x, Elementwise.rsqrt(mean, EPSILON)), gain);
    }

    /** 0 up to the own position, -1e4 after it: added to the scores. */
    private Value mask() {
        var values = new double[positions * positions];
        for (int row = 0; row < positions; row++) {
            for (int column = row + 1; column < positions; column++) {
                values[row * positions + column] = -1e4;
            }
        }
        var shape = Shape.of(1, 1, positions, positions);
        return Leaf.constant(ConstData.of(new TensorType(DType.FP32, shape), values));
    }

    private static Value input(String name, List<Graph.Port> inputs, int... dims) {
        var value = Leaf.input(new TensorType(DType.FP32, Shape.of(dims)));
        inputs.add(new Graph.Port(name, value));
        return value;
    }
}
