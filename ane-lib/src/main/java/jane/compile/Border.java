package jane.compile;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Graph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the values of a part reach the ports of its program. */
interface Border {
    /**
     * Binds the program.
     *
     * @param values by the part's names for its inputs and outputs
     * @param engine that compiled it
     */
    Binding bind(Executable program, Map<String, Buffer> values, Engine engine);

    /** Each value is a port, in the order of the part, under the name in {@code printed}. */
    static Border renamed(Graph part, Graph printed) {
        return (program, values, engine) -> {
            var ports = new HashMap<String, Buffer>();
            rename(part.inputs(), printed.inputs(), values, ports);
            rename(part.outputs(), printed.outputs(), values, ports);
            return program.bind(ports);
        };
    }

    private static void rename(
            List<Graph.Port> own,
            List<Graph.Port> printed,
            Map<String, Buffer> values,
            Map<String, Buffer> ports) {
        for (int i = 0; i < own.size(); i++) {
            ports.put(printed.get(i).name(), values.get(own.get(i).name()));
        }
    }
}
