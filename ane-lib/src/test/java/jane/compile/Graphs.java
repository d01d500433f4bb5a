package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Losses;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Graphs for the tests of passes. */
final class Graphs {
    private Graphs() {}

    static Graph of(List<Value> inputs, Value... outputs) {
        var in = new ArrayList<Graph.Port>();
        inputs.forEach(v -> in.add(new Graph.Port("x" + in.size(), v)));
        var out = new ArrayList<Graph.Port>();
        for (var v : outputs) {
            out.add(new Graph.Port("y" + out.size(), v));
        }
        return Graph.of(in, out);
    }

    /** Runs once. */
    static Map<String, float[]> run(
            Executable executable, Engine engine, Map<String, float[]> values) {
        var buffers = new HashMap<String, Buffer>();
        executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
        executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
        values.forEach((name, x) -> buffers.get(name).put(x));
        executable.bind(buffers).run();
        var results = new HashMap<String, float[]>();
        executable
                .outputs()
                .forEach(
                        (n, t) -> {
                            results.put(n, new float[t.shape().size()]);
                            buffers.get(n).get(results.get(n));
                        });
        return results;
    }

    static List<String> ops(Graph graph) {
        return graph.nodes().stream().map(n -> n.op().name()).toList();
    }

    static Map<String, Dense> feeds(Graph graph, RandomGenerator random) {
        Map<String, Dense> feeds = new HashMap<>();
        for (var port : graph.inputs()) {
            var dense = Dense.zeros(port.value().type());
            for (int i = 0; i < dense.data().length; i++) {
                double x = random.nextInt(8) == 0 ? 0 : random.nextGaussian();
                dense.data()[i] = dense.type().dtype().round(x);
            }
            feeds.put(port.name(), dense);
        }
        return feeds;
    }

    /** Both give the same bits for the same inputs, under the same names and types. */
    static void assertSameBits(Graph before, Graph after, RandomGenerator random) {
        assertSameBits(before, after, feeds(before, random));
    }

    /** Both give the same to the precision of fp32: constants are rounded where they are folded. */
    static void assertClose(Graph before, Graph after, RandomGenerator random) {
        var feeds = feeds(before, random);
        var expected = before.reference(feeds);
        var actual = after.reference(feeds);
        for (var name : expected.keySet()) {
            for (int i = 0; i < expected.get(name).data().length; i++) {
                double want = expected.get(name).get(i);
                double got = actual.get(name).get(i);
                boolean same = Double.compare(want, got) == 0;
                boolean close = Math.abs(want - got) <= 1e-5 * (1 + Math.abs(want));
                int at = i;
                assertTrue(same || close, () -> name + "[" + at + "]: " + got + " for " + want);
            }
        }
    }

    /** As above, for these inputs. */
    static void assertSameBits(Graph before, Graph after, Map<String, Dense> feeds) {
        assertEquals(before.inputs(), after.inputs());
        var expected = before.reference(feeds);
        var actual = after.reference(feeds);
        assertEquals(expected.keySet(), actual.keySet());
        for (var name : expected.keySet()) {
            assertEquals(expected.get(name).type(), actual.get(name).type(), name);
            for (int i = 0; i < expected.get(name).data().length; i++) {
                assertEquals(
                        Double.doubleToLongBits(expected.get(name).get(i)),
                        Double.doubleToLongBits(actual.get(name).get(i)),
                        name + " element " + i);
            }
        }
    }

    /**
     * A graph full of what the passes look for; some values repeat, some inputs are inner values.
     */
    static Graph random(RandomGenerator random) {
        var values = new ArrayList<Value>();
        var inputs = new ArrayList<Value>();
        for (int i = 0; i < 3; i++) {
            inputs.add(Leaf.input(TensorType.fp32(2, 6)));
        }
        inputs.add(Elementwise.neg(Leaf.input(TensorType.fp32(2, 6))));
        inputs.add(Movement.fill(TensorType.fp32(2, 6), 1));
        inputs.add(Movement.reshape(inputs.get(0), List.of(2, 6)));
        values.addAll(inputs);
        for (int i = 0; i < 25; i++) {
            values.add(next(values, random));
        }
        var outputs = new Value[4];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = values.get(random.nextInt(values.size()));
        }
        outputs[3] = values.get(values.size() - 1);
        return of(inputs, outputs);
    }

    /** Of [2, 6] again. */
    private static Value next(List<Value> values, RandomGenerator random) {
        var x = values.get(random.nextInt(values.size()));
        var y = values.get(random.nextInt(values.size()));
        return switch (random.nextInt(12)) {
            case 0 -> Elementwise.scale(x, 1);
            case 1 -> Elementwise.mul(Movement.fill(x.type(), random.nextBoolean() ? 1 : 0.1), y);
            case 2 -> Movement.reshape(Movement.reshape(x, List.of(3, 4)), x.shape());
            case 3 -> Movement.reshape(x, List.of(2, 6));
            case 4 -> Elementwise.stopGradient(x);
            case 5 -> {
                var loss = Losses.crossEntropy(x, y);
                yield Elementwise.add(x, Movement.reshape(loss, List.of(2, 1)));
            }
            case 6 -> Elementwise.maximum(x, Movement.fill(TensorType.fp32(6), -0.3));
            case 7 -> Activations.tanh(x);
            case 8 -> Elementwise.sub(x, Reductions.mean(y, List.of(1), true));
            case 9 -> Elementwise.add(x, y);
            case 10 ->
                    Leaf.constant(
                            ConstData.of(TensorType.fp32(2, 6), random.doubles(12).toArray()));
            default -> Elementwise.add(x, Leaf.scalar(DType.FP32, random.nextInt(2)));
        };
    }
}
