package jane.mil;

import jane.ir.ConstData;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.op.Indexing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;

/**
 * Before iOS 17 a negative index of gather and scatter counts from the end of its axis; since then
 * it is out of range. Constant ones of older functions are read as what they mean.
 */
final class OldIndices {
    private static final Set<String> OPSETS = Set.of("ios13", "ios14", "ios15", "ios16");

    private OldIndices() {}

    /** The node of a function of this opset, its constant indices counted from the front. */
    static Node<?> fromFront(Node<?> node, String opset) {
        return OPSETS.contains(opset) ? fromFront(node) : node;
    }

    private static Node<?> fromFront(Node<?> node) {
        if (node.attrs() instanceof Indexing.Gather gather) {
            return fromFront(node, gather.axis());
        }
        return node.attrs() instanceof Indexing.Scatter scatter
                ? fromFront(node, scatter.axis())
                : node;
    }

    private static Node<?> fromFront(Node<?> node, int axis) {
        var indices = node.in(1);
        if (!indices.isConst()) {
            return node;
        }
        int size = node.in(0).shape().dim(axis);
        double[] given = Leaf.data(indices).dense().data();
        double[] meant = Arrays.stream(given).map(i -> i < 0 ? i + size : i).toArray();
        if (Arrays.equals(given, meant)) {
            return node;
        }
        var inputs = new ArrayList<Value>(node.inputs());
        inputs.set(1, Leaf.constant(ConstData.of(indices.type(), meant)));
        return node.withInputs(inputs);
    }
}
