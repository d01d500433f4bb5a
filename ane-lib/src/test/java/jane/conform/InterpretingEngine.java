package jane.conform;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilParser;
import jane.mil.Program;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Interprets programs node by node, with kernels that a test can make wrong. */
final class InterpretingEngine implements Engine {
    /** Computes one node; results are rounded to their types afterwards. */
    interface Kernel {
        List<Dense> run(Node<?> node, List<Dense> in);
    }

    private final Kernel kernel;

    InterpretingEngine(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return "interpreter";
    }

    @Override
    public String description() {
        return "reference kernels";
    }

    @Override
    public Executable compile(Program program) {
        return new Interpreted(MilParser.parse(program));
    }

    @Override
    public Buffer allocate(TensorType type) {
        return Buffer.direct(type);
    }

    @Override
    public void close() {}

    private final class Interpreted implements Executable {
        private final Graph graph;

        Interpreted(Graph graph) {
            this.graph = graph;
        }

        private static Map<String, TensorType> types(List<Graph.Port> ports) {
            var types = new LinkedHashMap<String, TensorType>();
            ports.forEach(p -> types.put(p.name(), p.value().type()));
            return types;
        }

        @Override
        public Map<String, TensorType> inputs() {
            return types(graph.inputs());
        }

        @Override
        public Map<String, TensorType> outputs() {
            return types(graph.outputs());
        }

        @Override
        public Binding bind(Map<String, Buffer> buffers) {
            return () -> run(buffers);
        }

        private void run(Map<String, Buffer> buffers) {
            Map<Value, Dense> values = new IdentityHashMap<>();
            graph.inputs().forEach(p -> values.put(p.value(), buffers.get(p.name()).dense()));
            for (var node : graph.nodes()) {
                var out = kernel.run(node, node.inputs().stream().map(values::get).toList());
                for (int i = 0; i < out.size(); i++) {
                    var data = out.get(i).data();
                    for (int k = 0; k < data.length; k++) {
                        data[k] = out.get(i).type().dtype().round(data[k]);
                    }
                    values.put(node.outputs().get(i), out.get(i));
                }
            }
            graph.outputs().forEach(p -> buffers.get(p.name()).put(values.get(p.value())));
        }

        @Override
        public long scratchBytes() {
            return 0;
        }

        @Override
        public List<String> plan() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
