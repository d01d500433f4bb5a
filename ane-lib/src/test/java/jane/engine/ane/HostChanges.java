package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Two bindings of a program with state, and one of another program, over buffers that they share;
 * between runs the host writes some of them in every way there is. After each action all contents
 * are those of the CPU engine.
 */
final class HostChanges {
    private final Map<String, Buffer> buffers = new TreeMap<>();
    private final List<ByteBuffer> kept = new ArrayList<>();
    private final List<Binding> bindings = new ArrayList<>();
    private final Random random;

    private HostChanges(Engine engine, long seed) {
        random = new Random(seed);
        // w and m are state of both; x is fed, and the sum's result is fed to the second as well
        bind(engine, Steps.momentum(), Map.of("x", "x"));
        bind(engine, Steps.momentum(), Map.of("x", "y", "half", "half2"));
        bind(engine, twice(), Map.of("x", "w"));
        buffers.forEach((name, buffer) -> fill(buffer, 0.1f));
    }

    private void bind(Engine engine, Program program, Map<String, String> names) {
        var executable = engine.compile(program);
        var bound = new HashMap<String, Buffer>();
        var types = new LinkedHashMap<String, TensorType>(executable.inputs());
        types.putAll(executable.outputs());
        types.forEach(
                (port, type) -> {
                    var state = program.aliases().getOrDefault(port, port);
                    var name = names.getOrDefault(state, state);
                    bound.put(port, buffers.computeIfAbsent(name, n -> engine.allocate(type)));
                });
        bindings.add(executable.bind(bound));
    }

    /** y = x + x, as wide as the state. */
    private static Program twice() {
        Value x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 256)));
        Value y = Node.of(Elementwise.ADD, NoAttrs.NONE, List.of(x, x)).out();
        return MilPrinter.print(
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
    }

    /**
     * Acts and compares.
     *
     * @param also called before each action with its number
     */
    static void compare(Engine engine, int actions, long seed, IntConsumer also) {
        try (Engine cpu = new CpuEngine(1)) {
            var expected = new HostChanges(cpu, seed);
            var found = new HostChanges(engine, seed);
            for (int i = 0; i < actions; i++) {
                also.accept(i);
                var what = expected.act(i);
                assertEquals(what, found.act(i));
                int number = i;
                assertEquals(
                        expected.contents(),
                        found.contents(),
                        () -> "seed " + seed + ", action " + number + ": " + what);
            }
        }
    }

    private Map<String, List<Double>> contents() {
        var all = new LinkedHashMap<String, List<Double>>();
        buffers.forEach((name, buffer) -> all.put(name, Steps.values(buffer)));
        return all;
    }

    private String act(int number) {
        var names = List.copyOf(buffers.keySet());
        var name = names.get(random.nextInt(names.size()));
        var buffer = buffers.get(name);
        int kind = random.nextInt(14);
        switch (kind) {
            case 0 -> fill(buffer, 0.1f);
            case 1 -> buffer.bytes().putShort(2 * random.nextInt(256), (short) 0x2c00);
            case 2 -> buffer.copyFrom(buffers.get(names.get(random.nextInt(names.size()))));
            case 3 -> buffer.put(buffer.dense());
            case 4 -> {
                if (number > 40 && !name.equals("w")) { // always copied from then on
                    kept.add(buffer.pinned());
                }
            }
            case 5 -> kept.forEach(memory -> memory.putShort(0, (short) random.nextInt(0x3000)));
            default -> { // runs, several of one binding at a time
                int which = random.nextInt(bindings.size());
                for (int n = random.nextInt(4); n >= 0; n--) {
                    bindings.get(which).run();
                }
                return "run " + which;
            }
        }
        return kind + " of " + name;
    }

    private void fill(Buffer buffer, float scale) {
        var values = new float[buffer.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * scale;
        }
        buffer.put(values);
    }
}
