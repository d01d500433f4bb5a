package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Logic;
import jane.op.Movement;
import jane.op.Reductions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small random graphs with shared values, constants of every type, several outputs and names. */
final class RandomGraphs {
    private static final int[] SIZES = {0, 1, 1, 2, 3, 5, 13};
    private static final int LARGE = 300;
    private static final String[] NAMES = {"x", "y0", "h", "add_0", "mul_1", "fp16", "1st", "a b"};

    private final Random random;
    private final List<Value> pool = new ArrayList<>();

    private RandomGraphs(long seed) {
        this.random = new Random(seed);
    }

    /** The graph of {@code seed}. */
    static Graph of(long seed) {
        return new RandomGraphs(seed).graph();
    }

    private Graph graph() {
        var inputs = new ArrayList<Graph.Port>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            var value = Leaf.input(new TensorType(floats(), shape()));
            pool.add(value);
            inputs.add(new Graph.Port("in" + i, value));
        }
        int leaves = pool.size();
        for (int i = 0; i < 3 + random.nextInt(10); i++) {
            var x = any();
            grow(x.shape().size() > LARGE ? Reductions.sum(x, List.of(0), true) : x);
        }
        var outputs = new ArrayList<Graph.Port>();
        for (int i = leaves; i < pool.size(); i++) {
            boolean last = i == pool.size() - 1;
            if (!pool.get(i).isConst() && (last || random.nextInt(4) == 0)) {
                outputs.add(new Graph.Port("out" + i, pool.get(i)));
            }
        }
        Map<Value, String> names = new HashMap<>();
        for (var value : pool) {
            if (random.nextBoolean()) {
                names.put(value, NAMES[random.nextInt(NAMES.length)]);
            }
        }
        return Graph.named(inputs, outputs, names);
    }

    private void grow(Value x) {
        var types = DType.values();
        Value next =
                switch (random.nextInt(9)) {
                    case 0 -> Elementwise.add(x, constant(x.type()));
                    case 1 -> Elementwise.mul(x, x);
                    case 2 -> Elementwise.clip(x, -random.nextDouble(), random.nextDouble());
                    case 3 -> Elementwise.rsqrt(x, Math.exp(-30 * random.nextDouble()));
                    case 4 -> Movement.reshape(x, List.of(x.shape().size()));
                    case 5 -> Joining.concat(List.of(x, x, constant(x.type())), 0);
                    case 6 -> Reductions.sum(x, List.of(-1), true);
                    case 7 -> Activations.gelu(x, Activations.GeluMode.TANH_APPROXIMATION);
                    default -> {
                        var whole = constant(x.type().as(types[random.nextInt(types.length)]));
                        yield Elementwise.maximum(x, Logic.cast(whole, x.dtype()));
                    }
                };
        // A function may give its argument back: every output needs a value of its own.
        pool.add(pool.contains(next) ? Elementwise.identity(next) : next);
    }

    private Value any() {
        return pool.get(random.nextInt(pool.size()));
    }

    private Value constant(TensorType type) {
        var bytes = new byte[(int) type.sizeBytes()];
        random.nextBytes(bytes);
        if (type.dtype() == DType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= 1;
            }
        }
        return Leaf.constant(ConstData.ofBytes(type, ByteBuffer.wrap(bytes)));
    }

    private DType floats() {
        return random.nextBoolean() ? DType.FP32 : DType.FP16;
    }

    private Shape shape() {
        var dims = new int[1 + random.nextInt(3)];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = SIZES[random.nextInt(SIZES.length)];
        }
        return Shape.of(dims);
    }
}
