package jane.engine.sim;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program on the in-memory route. Each input and output has a surface, in which every innermost
 * row takes a multiple of 64 bytes. A request lists surfaces without names, in the order in which
 * the program declares its ports; the program takes them in the order of its sorted symbols. Where
 * these differ, values are taken for one another, as on the chip, without an error.
 *
 * <p>Sources: ironmill (strides reported by loaded programs); Orion, M5 Max notes (order).
 */
final class Surfaces extends Around {
    private static final int ROW_BYTES = 64;

    private final Map<String, String> aliases;

    /**
     * Around a program.
     *
     * @param inner the program with ports of its own memory
     * @param aliases what a user may bind to one buffer: values are copied, so that it does no harm
     */
    Surfaces(Executable inner, Map<String, String> aliases) {
        super(inner);
        this.aliases = Map.copyOf(aliases);
    }

    /** Where rows lie in a surface. */
    private record Layout(int rows, int rowBytes) {
        static Layout of(TensorType type) {
            var shape = type.shape();
            int width = shape.rank() == 0 ? 1 : shape.dim(-1);
            int rows = width == 0 ? 0 : shape.size() / width;
            return new Layout(rows, width * type.dtype().sizeBytes());
        }

        int stride() {
            return (rowBytes + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES;
        }

        int bytes() {
            return rows * stride();
        }

        void write(Buffer dense, ByteBuffer surface) {
            for (int i = 0; i < rows; i++) {
                surface.put(i * stride(), dense.bytes(), i * rowBytes, rowBytes);
            }
        }

        void read(ByteBuffer surface, Buffer dense) {
            for (int i = 0; i < rows; i++) {
                dense.bytes().put(i * rowBytes, surface, i * stride(), rowBytes);
            }
        }
    }

    /**
     * A surface between a value outside and the symbol that has its place.
     *
     * @param value as the program declares it at this place
     * @param symbol of the program that is sorted to this place
     */
    private record Place(
            String value, String symbol, Layout outside, Layout inside, ByteBuffer at) {
        static List<Place> of(Map<String, TensorType> ports, String suffix) {
            var declared = List.copyOf(ports.keySet());
            var sorted = new ArrayList<>(declared);
            sorted.sort(Comparator.comparing(name -> name + suffix));
            int bytes = ports.values().stream().mapToInt(t -> Layout.of(t).bytes()).max().orElse(0);
            var places = new ArrayList<Place>();
            for (int i = 0; i < declared.size(); i++) {
                var value = declared.get(i);
                var symbol = sorted.get(i);
                places.add(
                        new Place(
                                value,
                                symbol,
                                Layout.of(ports.get(value)),
                                Layout.of(ports.get(symbol)),
                                Buffer.directBytes(bytes)));
            }
            return places;
        }
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        Ports.check(inputs(), outputs(), aliases, buffers);
        var bound = Map.copyOf(buffers);
        var own = new HashMap<String, Buffer>();
        var types = new LinkedHashMap<>(inputs());
        types.putAll(outputs());
        types.forEach((name, type) -> own.put(name, Buffer.direct(type)));
        var inputs = Place.of(inputs(), "");
        var outputs = Place.of(outputs(), "@output");
        var binding = inner.bind(own);
        return () -> {
            for (var place : inputs) {
                place.outside().write(bound.get(place.value()), place.at());
                place.inside().read(place.at(), own.get(place.symbol()));
            }
            binding.run();
            for (var place : outputs) {
                place.inside().write(own.get(place.symbol()), place.at());
                place.outside().read(place.at(), bound.get(place.value()));
            }
        };
    }
}
