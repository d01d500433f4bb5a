package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.fail;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Rewriter;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Short forms for running graphs on the engine, by way of their text, and judging results. */
final class Runs {
    private Runs() {}

    /** The graph as text, composites lowered and outputs that are inputs copied; no other pass. */
    static Program program(Graph graph) {
        var spelled =
                Rewriter.rewrite(
                        graph,
                        n ->
                                n.op() != Leaf.CONST && n.op().spelling().isEmpty()
                                        ? n.lower()
                                        : n.outputs());
        var inputs = spelled.inputs().stream().map(Graph.Port::value).toList();
        var outputs = new ArrayList<Graph.Port>();
        for (var port : spelled.outputs()) {
            var value = port.value();
            boolean own = !inputs.contains(value) && !value.isConst();
            outputs.add(new Graph.Port(port.name(), own ? value : Elementwise.identity(value)));
        }
        return MilPrinter.print(Graph.named(spelled.inputs(), outputs, spelled.names()));
    }

    static Map<String, Dense> run(Engine engine, Graph graph, Map<String, Dense> feeds) {
        return run(engine, program(graph), feeds);
    }

    static Map<String, Dense> run(Engine engine, Program program, Map<String, Dense> feeds) {
        try (var exe = engine.compile(program)) {
            var buffers = buffers(engine, exe.inputs());
            exe.outputs().forEach((name, type) -> buffers.put(name, garbage(engine, type)));
            feeds.forEach((name, values) -> buffers.get(name).put(values));
            exe.bind(buffers).run();
            var results = new HashMap<String, Dense>();
            exe.outputs().keySet().forEach(name -> results.put(name, buffers.get(name).dense()));
            return results;
        }
    }

    static Map<String, Buffer> buffers(Engine engine, Map<String, TensorType> types) {
        var buffers = new LinkedHashMap<String, Buffer>();
        types.forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        return buffers;
    }

    /** A buffer that is not zero, so that an element nobody writes is found. */
    static Buffer garbage(Engine engine, TensorType type) {
        var buffer = engine.allocate(type);
        var bytes = buffer.bytes();
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) 0x55);
        }
        return buffer;
    }

    /**
     * Fails unless each element is as expected: rounded to the type, within {@code absolute} plus a
     * few units in the last place, and the same NaN or infinity.
     */
    static void assertClose(Dense expected, Dense actual, double absolute, Object what) {
        var dtype = actual.type().dtype();
        double relative =
                switch (dtype) {
                    case FP32 -> 0x1p-19;
                    case FP16 -> 0x1p-10;
                    default -> 0;
                };
        double slack = dtype.isFloat() ? absolute : 0;
        for (int i = 0; i < expected.data().length; i++) {
            double e = dtype.round(expected.get(i));
            double a = actual.get(i);
            boolean same = Double.compare(e, a) == 0 || e == a;
            if (!same && !(Math.abs(e - a) <= slack + relative * Math.abs(e))) {
                fail(what + ": element " + i + " is " + a + "; need " + e);
            }
        }
    }
}
