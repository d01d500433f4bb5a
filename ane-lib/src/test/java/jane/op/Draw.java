package jane.op;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** Random choices for one sample: shapes, attributes, and inputs with the values fed to them. */
final class Draw {
    /** What values suit an input. */
    enum Kind {
        ANY,
        POSITIVE,
        EXPONENT,
        PROBABILITY,
        /** Within the domain of asin and atanh, away from its ends. */
        UNIT
    }

    private static final int[] SIZES = {1, 1, 2, 2, 3, 3, 5, 5, 7, 13, 17, 257};
    private static final int[] SMALL_SIZES = {1, 1, 2, 2, 3, 5, 7};
    private static final double[] UGLY = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        0x1p-149,
        -0x1p-140,
        0x1p-24,
        -0x1p-15,
        0x1p-126,
        65504,
        -65504,
        65520,
        1e30,
        -3e38,
        Float.MAX_VALUE,
        -1,
        1,
        0.5
    };

    final OpSamples.Mode mode;
    private final RandomGenerator random;
    private final List<Graph.Port> ports = new ArrayList<>();
    private final Map<String, Dense> feeds = new LinkedHashMap<>();
    private List<Integer> grid = List.of();

    Draw(OpSamples.Mode mode, RandomGenerator random) {
        this.mode = mode;
        this.random = random;
    }

    List<Graph.Port> ports() {
        return ports;
    }

    Map<String, Dense> feeds() {
        return feeds;
    }

    boolean smooth() {
        return mode == OpSamples.Mode.SMOOTH;
    }

    boolean chance(double p) {
        return random.nextDouble() < p;
    }

    /** A number from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Now and then counted from the end. */
    int axis(int axis, int rank) {
        return chance(0.4) ? axis - rank : axis;
    }

    int size() {
        var sizes = smooth() ? SMALL_SIZES : SIZES;
        return chance(0.03) ? 0 : sizes[random.nextInt(sizes.length)];
    }

    /** Elements that a sample's largest tensor may have. */
    int limit() {
        return smooth() ? 48 : 3000;
    }

    Shape shape(int minRank, int maxRank) {
        int rank = between(minRank, maxRank);
        while (true) {
            var dims = new int[rank];
            for (int i = 0; i < rank; i++) {
                dims[i] = size();
            }
            long size = 1;
            for (int d : dims) {
                size *= Math.max(1, d);
            }
            if (size <= limit()) {
                return Shape.of(dims);
            }
        }
    }

    /** A shape that broadcasts to {@code whole}: leading axes gone, some axes 1. */
    Shape narrowed(Shape whole) {
        var dims = whole.slice(chance(0.4) ? between(0, whole.rank()) : 0, whole.rank()).toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = chance(0.3) ? 1 : dims[i];
        }
        return Shape.of(dims);
    }

    List<Integer> permutation(int n) {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < n; i++) {
            order.add(i);
        }
        for (int i = n - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    /** fp32 or fp16; fp32 where gradients are checked, since fp16 constants are coarse. */
    DType floats() {
        return smooth() || chance(0.6) ? DType.FP32 : DType.FP16;
    }

    /** Mostly a float, sometimes int32. */
    DType numbers() {
        return !smooth() && chance(0.12) ? DType.INT32 : floats();
    }

    /** An input of this type with random values of a kind, already rounded to the type. */
    Value input(TensorType type, Kind kind) {
        var value = Leaf.input(type);
        var dense = Dense.zeros(type);
        grid = smooth() ? permutation(1024) : List.of();
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = type.dtype().round(element(type.dtype(), kind, i));
        }
        var name = "x" + ports.size();
        ports.add(new Graph.Port(name, value));
        feeds.put(name, dense);
        return value;
    }

    /** An input after others of its op, present or not: an optional one. */
    void maybe(List<Value> inputs, DType dtype, Shape shape) {
        if (chance(0.6)) {
            inputs.add(input(dtype, shape));
        }
    }

    Value input(DType dtype, Shape shape) {
        return input(new TensorType(dtype, shape), Kind.ANY);
    }

    /** An int32 input of numbers from 0 to {@code size - 1}, in every mode. */
    Value indices(Shape shape, int size) {
        return indices(DType.INT32, shape, size);
    }

    /** As above, of another integer type. */
    Value indices(DType dtype, Shape shape, int size) {
        var value = input(new TensorType(dtype, shape), Kind.ANY);
        var dense = feeds.get("x" + (ports.size() - 1));
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = between(0, size - 1);
        }
        return value;
    }

    /** Feeds an input other values: for each element a function of its flat index. */
    void set(Value input, IntToDoubleFunction f) {
        for (var port : ports) {
            if (port.value() == input) {
                var data = feeds.get(port.name()).data();
                for (int i = 0; i < data.length; i++) {
                    data[i] = input.dtype().round(f.applyAsDouble(i));
                }
            }
        }
    }

    private double element(DType dtype, Kind kind, int i) {
        if (dtype == DType.BOOL) {
            return between(0, 1);
        }
        if (dtype.isInt()) {
            return mode == OpSamples.Mode.UGLY && chance(0.3)
                    ? pick(-2147483648.0, 2147483647.0, -129.0, 255.0, 16777217.0, 65536.0)
                    : between(-40, 40);
        }
        if (mode == OpSamples.Mode.UGLY && chance(0.5)) {
            return UGLY[random.nextInt(UGLY.length)];
        }
        return switch (kind) {
            case ANY -> smooth() ? apart(i) : usual();
            case POSITIVE -> random.nextDouble(smooth() ? 0.5 : 0.02, 3);
            case EXPONENT -> random.nextDouble(-2, 2);
            case PROBABILITY -> random.nextDouble();
            case UNIT -> random.nextDouble(-0.9, 0.9);
        };
    }

    /**
     * Elements of one sample's inputs that differ from each other and from every multiple of 1/256
     * by 1/1024 or more, so that no finite difference crosses a kink or a tie.
     */
    private double apart(int i) {
        return (grid.get(i) - 512 + 0.25 * (ports.size() % 3 + 1)) / 256;
    }

    /** A third are quarters, so that ties and zeros happen. */
    private double usual() {
        return chance(0.3) ? between(-8, 8) / 4.0 : random.nextGaussian() * 1.5;
    }
}
