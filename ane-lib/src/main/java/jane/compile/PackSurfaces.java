package jane.compile;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program as the in-memory route wants it: one input that holds all values, and for each result
 * an output, all of one size; both {@code [1, C, 1, S]}. Their values have the shapes that they had
 * in between, and outside, where they are copied to and from the ports' buffers.
 *
 * <pre>
 * before:  x [64, 784], w [784, 10]  -> matmul -> y [64, 10], relu -> z [64, 10]
 * after:   x_in -> slice, reshape, slice, reshape -> matmul, relu -> reshape, pad -> y_out0, y_out1
 * </pre>
 *
 * <p>One input, since by some reports several fail, and since it has no order and no size to differ
 * from another's; several outputs, since reports on concat contradict one another. Each rule of the
 * route on surfaces (ANE-C04 to C08b) is kept by that, whatever the program.
 */
final class PackSurfaces {
    private static final String INPUT = "x_in";
    private static final String OUTPUT = "y_out";

    /** A packed program, and the way of values to it and back. */
    record Packed(Graph graph, List<Surface> inputs, List<Surface> outputs) implements Border {
        @Override
        public String toString() {
            return "in " + inputs + ", out " + outputs;
        }

        @Override
        public Binding bind(Executable program, Map<String, Buffer> values, Engine engine) {
            var ports = new HashMap<String, Buffer>();
            inputs.forEach(s -> ports.put(s.name(), engine.allocate(s.type())));
            outputs.forEach(s -> ports.put(s.name(), engine.allocate(s.type())));
            var bound = Map.copyOf(values);
            var binding = program.bind(ports);
            return () -> {
                inputs.forEach(s -> s.pack(bound, ports.get(s.name())));
                binding.run();
                outputs.forEach(s -> s.unpack(ports.get(s.name()), bound));
            };
        }
    }

    private PackSurfaces() {}

    /**
     * Packs a program.
     *
     * @param graph whose inputs and outputs are fp16, each output a value of its own
     */
    static Packed of(Graph graph, Target target) {
        var given = new IdentityHashMap<Value, Value>();
        var ports = new ArrayList<Graph.Port>();
        var inputs = new ArrayList<Surface>();
        if (!graph.inputs().isEmpty()) {
            var surface = Surface.joined(INPUT, graph.inputs(), target);
            var port = Leaf.input(surface.type());
            var values = surface.read(port);
            for (int i = 0; i < values.size(); i++) {
                given.put(graph.inputs().get(i).value(), values.get(i));
            }
            inputs.add(surface);
            ports.add(new Graph.Port(INPUT, port));
        }
        var inner = Rewriter.substitute(graph, ports, given);
        var outputs = Surface.each(OUTPUT, inner.outputs(), target);
        var results = new ArrayList<Graph.Port>();
        for (int i = 0; i < outputs.size(); i++) {
            var value = inner.outputs().get(i).value();
            results.add(new Graph.Port(outputs.get(i).name(), last(inner, value, outputs.get(i))));
        }
        return new Packed(Graph.named(ports, results, inner.names()), inputs, outputs);
    }

    /** The output, by a multiplication by 1 where it would be read inside or be a bare reshape. */
    private static Value last(Graph inner, Value value, Surface surface) {
        var port = surface.write(value);
        boolean readInside = port == value && inner.readers().get(value) > 1;
        var op = port.node();
        boolean bareReshape =
                inner.outputs().size() == 1
                        && op.op() == Movement.RESHAPE
                        && op.in(0).node().op() == Contraction.MATMUL;
        return readInside || bareReshape ? Elementwise.scale(port, 1) : port;
    }
}
