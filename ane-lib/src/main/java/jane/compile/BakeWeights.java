package jane.compile;

import jane.ir.ConstData;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Rewriter;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Turns inputs into constants of the program, as inference wants it: the weights then go to the
 * engine once, with the program, and a target may take what it takes for constants only.
 *
 * <pre>
 * before:  x, w (input) -> matmul -> y
 * after:   x, w (const) -> matmul -> y
 * </pre>
 */
public final class BakeWeights {
    private BakeWeights() {}

    /**
     * The graph with some inputs fixed.
     *
     * @param weights contents by the name of the input
     * @throws JaneException if a name is no input's, or a type is another
     */
    public static Graph apply(Graph graph, Map<String, ConstData> weights) {
        var left = new ArrayList<Graph.Port>();
        Map<Value, Value> baked = new IdentityHashMap<>();
        for (var port : graph.inputs()) {
            var data = weights.get(port.name());
            if (data == null) {
                left.add(port);
                continue;
            }
            if (!data.type().equals(port.value().type())) {
                throw new JaneException(
                        "bake",
                        "'%s' is given as %s; need %s",
                        port.name(),
                        data.type(),
                        port.value().type());
            }
            baked.put(port.value(), Leaf.constant(data));
        }
        if (baked.size() < weights.size()) {
            throw new JaneException(
                    "bake",
                    "weights for %s; need names among the inputs %s",
                    weights.keySet(),
                    graph.inputs().stream().map(Graph.Port::name).toList());
        }
        return Rewriter.substitute(graph, left, baked);
    }
}
