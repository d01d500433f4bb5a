package jane.compile;

import jane.ir.Graph;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Gives every output a node of its own: MIL names an output after the one value it is.
 *
 * <pre>
 * before:  x -> exp -> y and z          after:  x -> exp -> y -> identity -> z
 * </pre>
 */
final class SeparateOutputs {
    private SeparateOutputs() {}

    static Graph apply(Graph graph) {
        Set<Value> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        graph.inputs().forEach(p -> taken.add(p.value()));
        var outputs = new ArrayList<Graph.Port>();
        for (var port : graph.outputs()) {
            boolean own = !port.value().isConst() && taken.add(port.value());
            outputs.add(
                    own ? port : new Graph.Port(port.name(), Elementwise.identity(port.value())));
        }
        return Graph.named(graph.inputs(), outputs, graph.names());
    }
}
