package jane.engine.cpu;

import jane.ir.Node;
import jane.ir.Shape;
import jane.op.Activations;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the nodes of a fused kernel run over: the elements of {@code shape}, which are {@link
 * #lines} along some axes if there is a softmax or a sum of each line, say. Then nodes on one
 * number a line may be there too, such as the root of a norm, and broadcast to the elements again.
 *
 * @param along axes of a line, ascending; empty if there are no lines
 */
record Domain(Shape shape, List<Integer> along) {
    /** Longer lines are not fused: many of them would not fit the caches. */
    private static final int LONGEST = 8192;

    /** Where a fused kernel may compute a node; empty if none can. */
    static Optional<Domain> of(Node<?> node) {
        if (isSoftmax(node)) {
            int axis = ((Activations.Axis) node.attrs()).axis();
            var shape = node.out().shape();
            return Optional.of(new Domain(shape, List.of(shape.axis(axis, "softmax"))));
        }
        if (PlanNodes.totals(node)) {
            return Optional.of(new Domain(node.in(0).shape(), List.of()));
        }
        if (PlanNodes.fuses(node)) {
            return Optional.of(new Domain(node.out().shape(), List.of()));
        }
        return ofLines(node);
    }

    /** Whether a node is a softmax of lines whose length a float can tell. */
    static boolean isSoftmax(Node<?> node) {
        return node.op() == Activations.SOFTMAX
                && node.out().dtype().isFloat()
                && node.out().shape().size() <= 1 << 24;
    }

    /** A reduction of the last axes, or of the last ones but for some of length 1. */
    private static Optional<Domain> ofLines(Node<?> node) {
        if (!PlanNodes.reduces(node) || !node.out().dtype().isFloat()) {
            return Optional.empty();
        }
        var shape = node.in(0).shape();
        var along = new ArrayList<Integer>();
        for (int axis : ((Reductions.Axes) node.attrs()).axes()) {
            along.add(shape.axis(axis, node.op().name()));
        }
        along.sort(null);
        boolean last = !along.isEmpty() && along.get(0) == shape.rank() - along.size();
        var domain = new Domain(shape, List.copyOf(along));
        return last && shape.size() > 0 && domain.line() > 1 && domain.line() <= LONGEST
                ? Optional.of(domain)
                : Optional.empty();
    }

    boolean lines() {
        return !along.isEmpty();
    }

    /** Elements of a line, 0 if there are no lines. */
    int line() {
        int size = lines() ? 1 : 0;
        for (int axis : along) {
            size *= shape.dim(axis);
        }
        return size;
    }

    /** The shape of one number a line. */
    Shape narrow() {
        int[] dims = shape.toArray();
        along.forEach(axis -> dims[axis] = 1);
        return Shape.of(dims);
    }

    /** The axes of the shape, those of a line last. */
    int[] order() {
        var order = new int[shape.rank()];
        int next = 0;
        for (int i = 0; i < order.length; i++) {
            if (!along.contains(i)) {
                order[next++] = i;
            }
        }
        for (int axis : along) {
            order[next++] = axis;
        }
        return order;
    }

    /** Where the nodes of both can be in one kernel. */
    Optional<Domain> and(Domain other) {
        if (!fits() || !other.fits()) {
            return Optional.empty();
        }
        if (shape.equals(other.shape)) {
            boolean one = !lines() || !other.lines() || along.equals(other.along);
            return one ? Optional.of(lines() ? this : other) : Optional.empty();
        }
        if (holds(other)) {
            return Optional.of(this);
        }
        return other.holds(this) ? Optional.of(other) : Optional.empty();
    }

    /** Whether the other one's elements are numbers of lines here. */
    boolean holds(Domain other) {
        return lines() && !other.lines() && other.shape.equals(narrow());
    }

    private boolean fits() {
        return line() <= LONGEST;
    }
}
