package jane.compile;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Node;
import jane.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must hold of a graph after a pass: inputs and outputs have the names and types they had,
 * each node follows what it reads, and every op's type rule still gives the types that its results
 * have.
 */
final class GraphCheck {
    private GraphCheck() {}

    /**
     * Compares a graph with what a pass made of it.
     *
     * @throws JaneException naming the pass and what is wrong
     */
    static void same(String pass, Graph before, Graph after) {
        ports(pass, "inputs", before.inputs(), after.inputs());
        ports(pass, "outputs", before.outputs(), after.outputs());
        sound(pass, after);
    }

    /**
     * Checks what a pass made, whatever its inputs and outputs.
     *
     * @throws JaneException naming the pass and what is wrong
     */
    static void sound(String pass, Graph after) {
        Set<Value> known = new HashSet<>(); // values compare by identity
        after.inputs().forEach(p -> known.add(p.value()));
        for (var node : after.nodes()) {
            for (var in : node.inputs()) {
                if (!known.contains(in)) {
                    throw wrong(pass, node.op().name() + " reads " + in + " before it is made");
                }
            }
            types(pass, node);
            known.addAll(node.outputs());
        }
    }

    private static void ports(
            String pass, String which, List<Graph.Port> before, List<Graph.Port> after) {
        if (!described(before).equals(described(after))) {
            throw wrong(
                    pass, which + " were " + described(before) + " and are " + described(after));
        }
    }

    private static List<String> described(List<Graph.Port> ports) {
        return ports.stream().map(p -> p.name() + " " + p.value().type()).toList();
    }

    private static <A> void types(String pass, Node<A> node) {
        var in = node.inputs().stream().map(Value::type).toList();
        var own = node.outputs().stream().map(Value::type).toList();
        var ruled = node.op().infer(node.attrs(), in);
        if (!ruled.equals(own)) {
            throw wrong(pass, node.op().name() + " makes " + own + " where its rule says " + ruled);
        }
    }

    private static JaneException wrong(String pass, String what) {
        return new JaneException("pass '" + pass + "'", "%s; need the same computation", what);
    }
}
