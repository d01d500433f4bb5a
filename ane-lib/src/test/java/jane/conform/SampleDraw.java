package jane.conform;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** Choices for one application of an op, each input a placeholder of its own. */
final class SampleDraw extends Draw {
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

    private final OpSamples.Mode mode;
    private final List<Graph.Port> ports = new ArrayList<>();
    private final Map<String, Dense> feeds = new LinkedHashMap<>();
    private List<Integer> grid = List.of();

    SampleDraw(OpSamples.Mode mode, RandomGenerator random) {
        super(random);
        this.mode = mode;
    }

    List<Graph.Port> ports() {
        return ports;
    }

    Map<String, Dense> feeds() {
        return feeds;
    }

    @Override
    boolean smooth() {
        return mode == OpSamples.Mode.SMOOTH;
    }

    @Override
    boolean ugly() {
        return mode == OpSamples.Mode.UGLY;
    }

    @Override
    int size() {
        var sizes = smooth() ? SMALL_SIZES : SIZES;
        return chance(0.03) ? 0 : sizes[random.nextInt(sizes.length)];
    }

    /** Elements that a sample's largest tensor may have. */
    @Override
    int limit() {
        return smooth() ? 48 : 3000;
    }

    @Override
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

    /** fp32 or fp16; fp32 where gradients are checked, since fp16 constants are coarse. */
    @Override
    DType floats() {
        return smooth() || chance(0.6) ? DType.FP32 : DType.FP16;
    }

    /** Mostly a float, sometimes int32. */
    @Override
    DType numbers() {
        return !smooth() && chance(0.12) ? DType.INT32 : floats();
    }

    /** An input of this type with random values of a kind, already rounded to the type. */
    @Override
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

    @Override
    Value indices(DType dtype, Shape shape, int size) {
        var value = input(new TensorType(dtype, shape), Kind.ANY);
        var dense = feeds.get("x" + (ports.size() - 1));
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = between(0, size - 1);
        }
        return value;
    }

    @Override
    Value placeholder(TensorType type, IntToDoubleFunction f) {
        var value = input(type, Kind.ANY);
        var data = feeds.get("x" + (ports.size() - 1)).data();
        for (int i = 0; i < data.length; i++) {
            data[i] = type.dtype().round(f.applyAsDouble(i));
        }
        return value;
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
