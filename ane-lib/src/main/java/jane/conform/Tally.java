package jane.conform;

import jane.ir.Leaf;
import jane.ir.TensorType;
import java.util.Set;
import java.util.TreeMap;

/** Counts what a campaign did. */
final class Tally {
    private final TreeMap<String, Integer> ops = new TreeMap<>();
    private final TreeMap<String, Integer> rules = new TreeMap<>();
    private final TreeMap<String, Integer> unpacked = new TreeMap<>();
    private long programs;
    private long refused;
    private long judged;
    private long elements;

    void drawn(Sketch sketch) {
        for (var node : sketch.graph().nodes()) {
            if (node.op() != Leaf.CONST) {
                ops.merge(node.op().name(), 1, Integer::sum);
            }
        }
    }

    void ran() {
        programs++;
    }

    void refused(Set<String> by) {
        refused++;
        by.forEach(rule -> rules.merge(rule, 1, Integer::sum));
    }

    void unpacked(TensorType type) {
        var what = type.shape().size() == 0 ? "empty" : type.dtype().mil();
        unpacked.merge(what, 1, Integer::sum);
    }

    void judged(int count, int of) {
        judged += count;
        elements += of;
    }

    TreeMap<String, Integer> ops() {
        return ops;
    }

    TreeMap<String, Integer> rules() {
        return rules;
    }

    TreeMap<String, Integer> unpacked() {
        return unpacked;
    }

    long programs() {
        return programs;
    }

    long refused() {
        return refused;
    }

    double judgedShare() {
        return elements == 0 ? 1 : (double) judged / elements;
    }
}
