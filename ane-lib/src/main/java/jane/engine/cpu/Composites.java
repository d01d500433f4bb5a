package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Rewriter;
import jane.ir.Value;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Indexing;
import jane.op.Joining;
import jane.op.Logic;
import jane.op.Normalisation;
import jane.op.Pooling;
import jane.op.Rectifiers;
import jane.op.Reductions;
import jane.op.Resize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Replaces ops that are others composed (attention, norms, linear, split, and so on) by those, for
 * which there are kernels. An op in fp16 rounds its result once: where its definition would round
 * in between, the definition runs in fp32.
 */
final class Composites {
    /** An op that comes to more than this stays as it is. */
    private static final int MOST = 64;

    /** Ops whose results are elements of their operands. */
    private static final Set<Op<?>> EXACT =
            Set.of(Elementwise.IDENTITY, Logic.SELECT, Indexing.GATHER);

    /**
     * Ops that have a kernel of their own, or whose definition in fp32 may overflow in between
     * where the result does not.
     */
    private static final Set<Op<?>> KEPT =
            Set.of(
                    Convolution.CONV,
                    Convolution.CONV_TRANSPOSE,
                    Normalisation.L2_NORM,
                    Normalisation.LOCAL_RESPONSE_NORM,
                    Pooling.L2_POOL,
                    Rectifiers.SOFTPLUS_PARAMETRIC,
                    Reductions.REDUCE_L2_NORM,
                    Reductions.REDUCE_LOG_SUM,
                    Reductions.REDUCE_LOG_SUM_EXP,
                    Resize.RESIZE_BILINEAR,
                    Resize.UPSAMPLE_BILINEAR);

    private Composites() {}

    /**
     * {@code graph} with ops replaced by their definitions, the ops of these in turn, each once.
     */
    static Graph expand(Graph graph) {
        var changed = new boolean[] {true};
        while (changed[0]) {
            changed[0] = false;
            graph =
                    Rewriter.rewrite(
                            graph,
                            node -> {
                                var results = expand(node);
                                changed[0] |= !results.equals(node.outputs());
                                return results;
                            });
        }
        return shared(graph);
    }

    /**
     * One node for equal ones: the gradient of a composite computes its definition again, which is
     * now there twice.
     */
    private static Graph shared(Graph graph) {
        var known = new HashMap<List<Object>, List<Value>>();
        return Rewriter.rewrite(
                graph,
                node ->
                        known.computeIfAbsent(
                                List.of(node.op(), node.attrs(), node.inputs()),
                                key -> node.outputs()));
    }

    private static List<Value> expand(Node<?> node) {
        var results = KEPT.contains(node.op()) ? node.outputs() : node.lower();
        if (results.equals(node.outputs())) {
            return results;
        }
        var nodes = between(node.inputs(), results);
        if (nodes.size() > MOST) {
            return node.outputs();
        }
        boolean half = node.outputs().stream().anyMatch(v -> v.dtype() == DType.FP16);
        return half && nodes.stream().filter(Composites::rounds).count() > 1
                ? inSingle(node)
                : results;
    }

    private static List<Value> inSingle(Node<?> node) {
        var inputs = new ArrayList<Value>();
        for (var in : node.inputs()) {
            inputs.add(in.dtype() == DType.FP16 ? Logic.cast(in, DType.FP32) : in);
        }
        var results = new ArrayList<Value>();
        for (var result : node.withInputs(inputs).lower()) {
            results.add(result.dtype() == DType.FP32 ? Logic.cast(result, DType.FP16) : result);
        }
        return results;
    }

    private static boolean rounds(Node<?> node) {
        return node.outputs().get(0).dtype() == DType.FP16
                && !PlanNodes.isView(node)
                && !(node.attrs() instanceof Joining.Concat)
                && !EXACT.contains(node.op());
    }

    /** The nodes that lead from {@code inputs} to {@code results}. */
    private static Set<Node<?>> between(List<Value> inputs, List<Value> results) {
        var given = new HashSet<Value>(inputs); // values and nodes compare by identity
        var nodes = new HashSet<Node<?>>();
        var waiting = new ArrayDeque<Value>(results);
        while (!waiting.isEmpty()) {
            var value = waiting.remove();
            boolean inner = !given.contains(value) && value.node().op() != Leaf.INPUT;
            if (inner && nodes.add(value.node())) {
                waiting.addAll(value.node().inputs());
            }
        }
        return nodes;
    }
}
