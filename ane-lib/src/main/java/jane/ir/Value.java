package jane.ir;

/** One result of a {@link Node}; compared by identity. */
public final class Value {
    private final Node<?> node;
    private final int index;
    private final TensorType type;

    Value(Node<?> node, int index, TensorType type) {
        this.node = node;
        this.index = index;
        this.type = type;
    }

    /** The node that makes this value. */
    public Node<?> node() {
        return node;
    }

    /** Which of the node's results this is. */
    public int index() {
        return index;
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** Shorthand for {@code type().shape()}. */
    public Shape shape() {
        return type.shape();
    }

    /** Shorthand for {@code type().dtype()}. */
    public DType dtype() {
        return type.dtype();
    }

    /** Whether this is a placeholder made by {@link Leaf#input}. */
    public boolean isInput() {
        return node.op() == Leaf.INPUT;
    }

    /** Whether this is a constant made by {@link Leaf#constant}. */
    public boolean isConst() {
        return node.op() == Leaf.CONST;
    }

    @Override
    public String toString() {
        return node.op().name() + (node.outputs().size() > 1 ? "#" + index : "") + " " + type;
    }
}
