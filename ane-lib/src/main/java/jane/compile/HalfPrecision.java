package jane.compile;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Logic;
import jane.op.Movement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The same computation with fp16 between its ops: placeholders and results keep their types, with a
 * cast behind each fp32 placeholder and before each fp32 result; constants are rounded once.
 *
 * <pre>
 * before:  x fp32, w fp32 -> matmul -> relu -> y fp32
 * after:   x -> cast, w -> cast -> matmul -> relu -> cast -> y fp32      (fp16 in between)
 * </pre>
 *
 * <p>What is cast to integers, such as the ids of a lookup, is cast from the placeholder itself:
 * fp16 has no room for every whole number beyond 2048.
 *
 * <p>Differentiated afterwards, the casts become casts of the gradients: weights and their updates
 * stay fp32.
 */
public final class HalfPrecision {
    private final Map<Value, Value> halves = new IdentityHashMap<>();
    private final Map<Value, Value> given = new IdentityHashMap<>(); // as it was, fp32

    private HalfPrecision() {}

    /**
     * The results in half precision inside, of the types they had.
     *
     * @param known values to begin at, as if they were placeholders
     */
    public static List<Value> rewrite(List<Value> results, Set<Value> known) {
        return new HalfPrecision().run(results, known);
    }

    /**
     * The graph with fp16 for fp32 throughout, inputs and outputs included: for inference. Inputs
     * that are cast to integers stay fp32.
     */
    public static Graph whole(Graph graph) {
        var rewrite = new HalfPrecision();
        var inputs = new ArrayList<Graph.Port>();
        for (var port : graph.inputs()) {
            var type = port.value().type();
            boolean whole = becomesInteger(port.value(), graph.nodes());
            var input = Leaf.input(whole ? type : type.as(half(type.dtype())));
            rewrite.halves.put(port.value(), Logic.cast(input, half(type.dtype())));
            if (whole) {
                rewrite.given.put(port.value(), input);
            }
            inputs.add(new Graph.Port(port.name(), input));
        }
        rewrite.rewrite(graph.nodes());
        var outputs =
                graph.outputs().stream()
                        .map(p -> new Graph.Port(p.name(), rewrite.halves.get(p.value())))
                        .toList();
        return Graph.of(inputs, outputs);
    }

    private List<Value> run(List<Value> results, Set<Value> known) {
        known.forEach(v -> halves.put(v, Logic.cast(v, half(v.dtype()))));
        known.forEach(v -> given.put(v, v));
        rewrite(Topology.order(results, known));
        return results.stream().map(v -> Logic.cast(halves.get(v), v.dtype())).toList();
    }

    private void rewrite(List<Node<?>> nodes) {
        for (var node : nodes) {
            var made = results(node);
            for (int i = 0; i < made.size(); i++) {
                halves.putIfAbsent(node.outputs().get(i), made.get(i));
            }
        }
    }

    private List<Value> results(Node<?> node) {
        if (node.op() == Leaf.INPUT) {
            given.put(node.out(), node.out());
            return List.of(Logic.cast(node.out(), half(node.out().dtype())));
        }
        if (node.op() == Leaf.CONST) {
            return List.of(constant(node.out()));
        }
        if (node.attrs() instanceof Movement.Fill fill) {
            var type = new TensorType(half(node.out().dtype()), node.out().shape());
            return List.of(Movement.fill(type, fill.value()));
        }
        var inputs = node.inputs().stream().map(halves::get).toList();
        if (node.op() == Logic.CAST) { // like fill, its result type is an attribute
            var from = isInteger(node.out()) ? given.get(node.in(0)) : null;
            return List.of(
                    Logic.cast(from == null ? inputs.get(0) : from, half(node.out().dtype())));
        }
        return node.withInputs(inputs).outputs();
    }

    private static boolean becomesInteger(Value input, List<Node<?>> nodes) {
        return nodes.stream()
                .anyMatch(n -> n.op() == Logic.CAST && n.in(0) == input && isInteger(n.out()));
    }

    private static boolean isInteger(Value value) {
        return !value.dtype().isFloat() && value.dtype() != DType.BOOL;
    }

    private static Value constant(Value constant) {
        if (constant.dtype() != DType.FP32) {
            return constant;
        }
        var data = Leaf.data(constant);
        var values = new double[constant.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ConstData.get(data.bytes(), DType.FP32, i);
        }
        return Leaf.constant(ConstData.of(new TensorType(DType.FP16, constant.shape()), values));
    }

    private static DType half(DType dtype) {
        return dtype == DType.FP32 ? DType.FP16 : dtype;
    }
}
