package jane.compile;

import jane.ir.Topology;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loss scaling: gradients begin with a factor in the place of 1 and are divided by it at their end,
 * so that what lies between does not vanish in fp16. The loss itself stays as it is.
 *
 * <pre>
 * before:  1 -> d_logits -> cast -> ... -> cast -> d_w
 * after:   scale -> d_logits -> cast -> ... -> cast -> real_div <- scale -> d_w
 * </pre>
 *
 * <p>Source: Micikevicius et al., "Mixed precision training", 2018.
 */
public final class ScaleLoss {
    private ScaleLoss() {}

    /**
     * The gradients rewritten.
     *
     * @param one what they begin with
     * @param scale takes its place; of its type
     * @param known values to begin at: inputs of the graph
     */
    public static List<Value> rewrite(
            List<Value> gradients, Value one, Value scale, Set<Value> known) {
        Map<Value, Value> now = new IdentityHashMap<>();
        now.put(one, scale);
        for (var node : Topology.order(gradients, known)) {
            var inputs = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
            if (node.out() != one && !inputs.equals(node.inputs())) {
                var fresh = node.withInputs(inputs);
                for (int i = 0; i < fresh.outputs().size(); i++) {
                    now.put(node.outputs().get(i), fresh.outputs().get(i));
                }
            }
        }
        return gradients.stream().map(g -> Elementwise.div(now.getOrDefault(g, g), scale)).toList();
    }
}
