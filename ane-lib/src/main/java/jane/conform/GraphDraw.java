package jane.conform;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Choices for a graph: an operand is a value that the graph already has, where one fits, else a new
 * placeholder or constant. Each value's numbers are known as the graph grows.
 */
final class GraphDraw extends Draw {
    /** A value and its numbers. */
    private record Known(Value value, Dense numbers) {}

    private static final int[] SIZES = {
        1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33
    };
    private static final int LIMIT = 400;
    private static final double[] DANGER = {
        1024, -1024, 2047, -2047, 4094, -4094, 30000, 6.1e-5, -6.1e-5, 6e-8, 0, -0.0
    };
    private static final double[] WHOLE_DANGER = {1024, -1024, 2047, -2047, 2048, 0, -0.0, 1000};

    private final Style style;
    private final List<Known> pool = new ArrayList<>();
    private final List<Graph.Port> ports = new ArrayList<>();
    private final Map<String, Dense> feeds = new LinkedHashMap<>();

    GraphDraw(Style style, RandomGenerator random) {
        super(random);
        this.style = style;
    }

    List<Graph.Port> ports() {
        return ports;
    }

    Map<String, Dense> feeds() {
        return feeds;
    }

    /** How much there is, to go {@link #back} to. */
    int mark() {
        return pool.size();
    }

    /** Forgets what was drawn since. */
    void back(int mark) {
        while (pool.size() > mark) {
            var gone = pool.remove(pool.size() - 1).value();
            ports.removeIf(p -> p.value() == gone && feeds.remove(p.name()) != null);
        }
    }

    /** The numbers of a node's operands. */
    List<Dense> numbers(Node<?> node) {
        return node.inputs().stream().map(this::numbers).toList();
    }

    private Dense numbers(Value value) {
        return pool.stream().filter(k -> k.value() == value).findFirst().orElseThrow().numbers();
    }

    /** Makes a node's results operands of later ones. */
    void add(Node<?> node, List<Dense> results) {
        for (int i = 0; i < results.size(); i++) {
            pool.add(new Known(node.outputs().get(i), results.get(i)));
        }
    }

    @Override
    boolean smooth() {
        return false;
    }

    @Override
    boolean ugly() {
        return false;
    }

    @Override
    int size() {
        return !style.tame() && chance(0.02) ? 0 : SIZES[random.nextInt(SIZES.length)];
    }

    @Override
    int limit() {
        return LIMIT;
    }

    @Override
    Shape shape(int minRank, int maxRank) {
        if (!pool.isEmpty() && chance(0.8)) {
            for (int i = 0; i < 4; i++) {
                var shape = pool.get(random.nextInt(pool.size())).value().shape();
                if (shape.rank() >= minRank && shape.rank() <= maxRank && shape.size() <= LIMIT) {
                    return shape;
                }
            }
        }
        int rank = between(minRank, maxRank);
        while (true) {
            var dims = new int[rank];
            long size = 1;
            for (int i = 0; i < rank; i++) {
                dims[i] = size();
                size *= Math.max(1, dims[i]);
            }
            if (size <= LIMIT) {
                return Shape.of(dims);
            }
        }
    }

    @Override
    DType floats() {
        if (style.tame() || chance(0.93)) {
            return style.floats();
        }
        return style.floats() == DType.FP32 ? DType.FP16 : DType.FP32;
    }

    @Override
    DType numbers() {
        return !style.tame() && chance(0.1) ? DType.INT32 : floats();
    }

    @Override
    Value input(TensorType type, Kind kind) {
        if (chance(0.85)) {
            var fit = new ArrayList<Value>();
            for (var known : pool) {
                if (known.value().type().equals(type) && suits(known.numbers(), kind)) {
                    fit.add(known.value());
                }
            }
            if (!fit.isEmpty()) {
                return fit.get(Math.max(random.nextInt(fit.size()), random.nextInt(fit.size())));
            }
        }
        boolean danger = chance(0.12);
        return fresh(type, chance(0.25), i -> element(type.dtype(), kind, danger));
    }

    @Override
    Value indices(DType dtype, Shape shape, int size) {
        var type = new TensorType(dtype, shape);
        for (var known : pool) {
            if (known.value().type().equals(type) && within(known.numbers(), 0, size - 1)) {
                return known.value();
            }
        }
        return fresh(type, style.tame() || chance(0.4), i -> between(0, size - 1));
    }

    @Override
    Value placeholder(TensorType type, IntToDoubleFunction f) {
        return fresh(type, false, f);
    }

    private Value fresh(TensorType type, boolean constant, IntToDoubleFunction f) {
        var numbers = Dense.zeros(type);
        for (int i = 0; i < numbers.data().length; i++) {
            numbers.data()[i] = type.dtype().round(f.applyAsDouble(i));
        }
        Value value;
        if (constant) {
            value = Leaf.constant(ConstData.of(type, numbers.data()));
        } else {
            value = Leaf.input(type);
            String name = "x" + ports.size();
            ports.add(new Graph.Port(name, value));
            feeds.put(name, numbers);
        }
        pool.add(new Known(value, numbers));
        return value;
    }

    private static boolean suits(Dense numbers, Kind kind) {
        return switch (kind) {
            case ANY -> true;
            case POSITIVE -> within(numbers, 0.02, 1e4);
            case EXPONENT -> within(numbers, -3, 3);
            case PROBABILITY -> within(numbers, 0, 1);
            case UNIT -> within(numbers, -0.9, 0.9);
        };
    }

    private static boolean within(Dense numbers, double low, double high) {
        for (double x : numbers.data()) {
            if (!(x >= low && x <= high)) {
                return false;
            }
        }
        return true;
    }

    private double element(DType dtype, Kind kind, boolean danger) {
        if (dtype == DType.BOOL) {
            return between(0, 1);
        }
        if (dtype.isInt()) {
            return between(-9, 9);
        }
        if (kind == Kind.ANY && danger && chance(0.1)) {
            var choices = style.whole() ? WHOLE_DANGER : DANGER;
            return choices[random.nextInt(choices.length)];
        }
        return style.whole() ? whole(kind) : real(kind);
    }

    private int whole(Kind kind) {
        return switch (kind) {
            case ANY -> between(-4, 4);
            case POSITIVE -> between(1, 4);
            case EXPONENT -> between(0, 3);
            case PROBABILITY -> between(0, 1);
            case UNIT -> 0;
        };
    }

    private double real(Kind kind) {
        return switch (kind) {
            case ANY -> chance(0.3) ? between(-8, 8) / 4.0 : random.nextGaussian() * 1.5;
            case POSITIVE -> random.nextDouble(0.05, 3);
            case EXPONENT -> random.nextDouble(-2, 2);
            case PROBABILITY -> random.nextDouble();
            case UNIT -> random.nextDouble(-0.9, 0.9);
        };
    }
}
