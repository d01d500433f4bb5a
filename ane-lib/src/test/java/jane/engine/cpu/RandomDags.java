package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Logic;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Reductions;
import jane.op.Slicing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random graphs in which fused kernels, views, concats, products and reductions meet, with several
 * outputs; values stay near 1, so that a float result is close to the one in double.
 */
final class RandomDags {
    private static final int[] SIZES = {1, 1, 2, 3, 5, 13};
    private static final int LARGEST = 3000;

    private final Random random;
    private final List<Value> pool = new ArrayList<>();
    private final List<Graph.Port> inputs = new ArrayList<>();
    private final List<Graph.Port> outputs = new ArrayList<>();
    private final Map<String, Dense> feeds = new HashMap<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();

    RandomDags(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            addInput(Shape.of(size(), size(), size()));
        }
        int nodes = 5 + random.nextInt(25);
        for (int i = 0; i < nodes; i++) {
            var next = next(any());
            if (next.shape().size() <= LARGEST) {
                pool.add(next);
            }
        }
        for (int i = 0; i < 4; i++) {
            addOutput(any());
        }
        addOutput(pool.get(pool.size() - 1));
    }

    Graph graph() {
        return Graph.of(inputs, outputs);
    }

    Map<String, Dense> feeds() {
        return feeds;
    }

    /** Input name by the output name that may share its buffer. */
    Map<String, String> aliases() {
        return aliases;
    }

    private int size() {
        return random.nextInt(40) == 0 ? 0 : SIZES[random.nextInt(SIZES.length)];
    }

    private Value any() {
        return pool.get(random.nextInt(pool.size()));
    }

    private Value addInput(Shape shape) {
        var type = new TensorType(DType.FP32, shape);
        var value = Leaf.input(type);
        var name = "in" + inputs.size();
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = (float) random.nextGaussian();
        }
        inputs.add(new Graph.Port(name, value));
        feeds.put(name, dense);
        pool.add(value);
        return value;
    }

    /** Some outputs may overwrite an input of their shape, which readers then must see before. */
    private void addOutput(Value value) {
        var name = "out" + outputs.size();
        var own = outputs.stream().anyMatch(p -> p.value() == value);
        outputs.add(new Graph.Port(name, own ? Elementwise.identity(value) : value));
        for (var in : inputs) {
            boolean taken = aliases.containsValue(in.name()) || random.nextInt(3) == 0;
            if (!taken && in.value().type().equals(value.type())) {
                aliases.put(name, in.name());
                return;
            }
        }
    }

    private Value next(Value x) {
        int rank = x.shape().rank();
        int axis = rank == 0 ? 0 : random.nextInt(rank);
        return switch (rank == 0 ? random.nextInt(4) : random.nextInt(16)) {
            case 0 -> Activations.tanh(Elementwise.add(x, partner(x)));
            case 1 -> Elementwise.mul(Activations.sigmoid(x), partner(x));
            case 2 -> Logic.select(Logic.less(x, partner(x)), Elementwise.scale(x, 0.5), x);
            case 3 -> Elementwise.clip(Elementwise.sub(x, partner(x)), -2, 2);
            case 4 -> Movement.transpose(x, order(rank));
            case 5 -> Movement.reshape(x, List.of(x.shape().size()));
            case 6 -> Movement.reshape(x, grown(x.shape()));
            case 7 -> slice(x, axis);
            case 8 -> Joining.concat(List.of(x, Elementwise.scale(x, -1), x), axis);
            case 9 -> Joining.interleave(List.of(Activations.relu(x), partnerLike(x)), axis);
            case 10 -> Padding.pad(x, axis, random.nextInt(3), random.nextInt(3), 0.25);
            case 11 -> Reductions.mean(x, List.of(axis), true);
            case 12 -> Reductions.max(Elementwise.abs(x), List.of(axis), random.nextBoolean());
            case 13 -> Activations.softmax(x, axis);
            case 14 -> Elementwise.add(x, addInput(x.shape()));
            default -> product(x);
        };
    }

    /** A value that broadcasts with {@code x}: of its shape, a mean of it, or a constant. */
    private Value partner(Value x) {
        return switch (random.nextInt(3)) {
            case 0 -> partnerLike(x);
            case 1 -> x.shape().size() == 0 ? x : Reductions.sumAll(Elementwise.scale(x, 0.01));
            default -> Leaf.scalar(DType.FP32, random.nextInt(5) / 4.0);
        };
    }

    private Value partnerLike(Value x) {
        var same = pool.stream().filter(v -> v.shape().equals(x.shape())).toList();
        return same.isEmpty() ? x : same.get(random.nextInt(same.size()));
    }

    private List<Integer> order(int rank) {
        var order = new ArrayList<>(Reductions.all(Shape.of(new int[rank])));
        Collections.shuffle(order, random);
        return order;
    }

    /** The shape with a 1 put in, or its first two dimensions made one. */
    private List<Integer> grown(Shape shape) {
        var dims = new ArrayList<>(shape.toList());
        if (dims.size() > 1 && random.nextBoolean()) {
            dims.set(0, dims.get(0) * dims.remove(1));
        } else if (dims.size() < 5) {
            dims.add(random.nextInt(dims.size() + 1), 1);
        }
        return dims;
    }

    private Value slice(Value x, int axis) {
        int dim = x.shape().dim(axis);
        int begin = random.nextInt(dim + 1);
        return Slicing.slice(x, axis, begin, dim, 1 + random.nextInt(3));
    }

    private Value product(Value x) {
        if (x.shape().rank() < 2) {
            return Elementwise.square(Activations.tanh(x));
        }
        var y = random.nextBoolean() ? Movement.transpose(x) : Activations.tanh(x);
        boolean turned = y.shape().dim(-2) != x.shape().dim(-1);
        return Elementwise.scale(Contraction.matmul(x, y, false, turned), 0.1);
    }
}
