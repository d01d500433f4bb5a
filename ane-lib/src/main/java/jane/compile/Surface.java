package jane.compile;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Slicing;
import jane.target.Limit;
import jane.target.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * A port of the in-memory route: halves as {@code [1, C, 1, S]}, C rows of S. S is a multiple of
 * 32, so that a row is a multiple of 64 bytes and lies in memory as it is written; C is such that
 * the whole is 16 KiB or more. Each value has rows of its own, filled from their beginning.
 *
 * <pre>
 * x [3, 40], w [40, 10]  as [1, C, 1, 64]:   x  3 rows of 40, then zeros
 *                                            w  8 rows of 50, then zeros
 *                                               zeros
 * </pre>
 */
final class Surface {
    private static final DType ELEMENT = DType.FP16;
    private static final int ROW_ELEMENTS = 64 / ELEMENT.sizeBytes();
    private static final long FLOOR_ELEMENTS = 16384 / ELEMENT.sizeBytes();
    private static final int WIDEST = 16384;

    /** Of the smallest surface, what a wider one with fewer rows may add: a sixty-fourth. */
    private static final long SLACK = 64;

    /** A value's place: {@code rows} rows of {@code width} elements from {@code first} on. */
    private record Slot(String value, TensorType type, int first, int rows, int width) {}

    private final String name;
    private final int rows;
    private final int width;
    private final List<Slot> slots;

    private Surface(String name, int rows, int width, List<Slot> slots) {
        this.name = name;
        this.rows = rows;
        this.width = width;
        this.slots = List.copyOf(slots);
    }

    /** Whether a value can lie in a surface: halves, at least one. */
    static boolean takes(TensorType type) {
        return type.dtype() == ELEMENT && type.shape().size() > 0;
    }

    /** One surface for all values, one after the other. */
    static Surface joined(String name, List<Graph.Port> values, Target target) {
        ToLongFunction<Integer> sum = s -> values.stream().mapToLong(v -> rows(v.value(), s)).sum();
        int width = width(sum, values, target);
        var slots = new ArrayList<Slot>();
        int first = 0;
        for (var value : values) {
            slots.add(slot(value, first, width));
            first += slots.get(slots.size() - 1).rows();
        }
        return new Surface(name, atLeast(first, width), width, slots);
    }

    /** A surface for each value, all of one size; sorting their names keeps their order. */
    static List<Surface> each(String prefix, List<Graph.Port> values, Target target) {
        ToLongFunction<Integer> most =
                s -> values.stream().mapToLong(v -> rows(v.value(), s)).max().orElse(0);
        int width = width(most, values, target);
        int rows = atLeast((int) most.applyAsLong(width), width);
        var surfaces = new ArrayList<Surface>();
        int digits = String.valueOf(values.size() - 1).length();
        for (var value : values) {
            var name = String.format("%s%0" + digits + "d", prefix, surfaces.size());
            surfaces.add(new Surface(name, rows, width, List.of(slot(value, 0, width))));
        }
        return surfaces;
    }

    private static Slot slot(Graph.Port value, int first, int width) {
        int own = own(value.value(), width);
        int rows = value.value().shape().size() / own;
        return new Slot(value.name(), value.value().type(), first, rows, own);
    }

    private static long rows(Value value, int width) {
        return value.shape().size() / own(value, width);
    }

    /** The most elements of a row, up to {@code width}, that leave no row half full. */
    private static int own(Value value, int width) {
        int size = value.shape().size();
        if (size <= width) {
            return Math.max(size, 1);
        }
        int own = width;
        while (size % own != 0) {
            own--;
        }
        return own;
    }

    private static int atLeast(int rows, int width) {
        return (int) Math.max(rows, (FLOOR_ELEMENTS + width - 1) / width);
    }

    /**
     * Among the widths that make nearly the smallest surface, and need no more rows than the target
     * has channels, that of the largest value's own rows, or else the widest. If each needs more
     * rows, the widest of all.
     *
     * @param needs how many rows of a width the values need
     */
    private static int width(
            ToLongFunction<Integer> needs, List<Graph.Port> values, Target target) {
        var areas = new TreeMap<Integer, Long>();
        for (int width = ROW_ELEMENTS; width <= WIDEST; width += ROW_ELEMENTS) {
            int rows = atLeast((int) needs.applyAsLong(width), width);
            if (rows <= target.limit(Limit.CHANNEL_DIM)) {
                areas.put(width, (long) rows * width);
            }
        }
        long least = areas.values().stream().mapToLong(a -> a).min().orElse(0);
        areas.values().removeIf(area -> area - least > least / SLACK);
        int own =
                values.stream()
                        .map(v -> v.value().shape())
                        .filter(s -> s.rank() > 0)
                        .max(Comparator.comparingInt(Shape::size))
                        .map(s -> s.dim(-1))
                        .orElse(WIDEST);
        return areas.isEmpty() ? WIDEST : areas.containsKey(own) ? own : areas.lastKey();
    }

    /** The port's name. */
    String name() {
        return name;
    }

    /** The port's type. */
    TensorType type() {
        return new TensorType(ELEMENT, Shape.of(1, rows, 1, width));
    }

    /** Its values, taken out of the port. */
    List<Value> read(Value port) {
        var values = new ArrayList<Value>();
        for (var slot : slots) {
            var begin = List.of(0, slot.first(), 0, 0);
            var size = List.of(1, slot.rows(), 1, slot.width());
            var own = size.equals(port.shape().toList()) ? port : Slicing.part(port, begin, size);
            values.add(Movement.reshape(own, slot.type().shape()));
        }
        return values;
    }

    /** The port that holds just this value. */
    Value write(Value value) {
        var slot = slots.get(0);
        var packed = Movement.reshape(value, Shape.of(1, slot.rows(), 1, slot.width()));
        return Padding.pad(
                packed, List.of(0, rows - slot.rows(), 0, 0, 0, width - slot.width()), 0);
    }

    /** The port's elements, row after row: its values' own, zeros between them. */
    double[] laid(Map<String, double[]> values) {
        var port = new double[rows * width];
        for (var slot : slots) {
            var own = values.get(slot.value());
            for (int row = 0; row < slot.rows(); row++) {
                int to = (slot.first() + row) * width;
                System.arraycopy(own, row * slot.width(), port, to, slot.width());
            }
        }
        return port;
    }

    /** Copies its values to the port's buffer. */
    void pack(Map<String, Buffer> values, Buffer port) {
        for (var slot : slots) {
            copy(slot, values.get(slot.value()), slot.width(), 0, port, width, slot.first());
        }
    }

    /** Copies its values out of the port's buffer. */
    void unpack(Buffer port, Map<String, Buffer> values) {
        for (var slot : slots) {
            copy(slot, port, width, slot.first(), values.get(slot.value()), slot.width(), 0);
        }
    }

    private static void copy(
            Slot slot, Buffer from, int fromWidth, int fromRow, Buffer to, int toWidth, int toRow) {
        var source = from.bytes();
        var target = to.bytes();
        boolean dense = fromWidth == toWidth;
        int times = dense ? 1 : slot.rows();
        int bytes = slot.width() * ELEMENT.sizeBytes() * (dense ? slot.rows() : 1);
        for (int i = 0; i < times; i++) {
            int at = (toRow + i) * toWidth * ELEMENT.sizeBytes();
            target.put(at, source, (fromRow + i) * fromWidth * ELEMENT.sizeBytes(), bytes);
        }
    }

    /** Name, shape and how many values it holds. */
    @Override
    public String toString() {
        int count = slots.size();
        return name + " " + type().shape() + " of " + count + (count == 1 ? " value" : " values");
    }
}
