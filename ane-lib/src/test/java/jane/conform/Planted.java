package jane.conform;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An op with a wrong rule: of its type, or of its first operand's gradient. */
record Planted<A>(Op<A> op, UnaryOperator<TensorType> type, UnaryOperator<Value> gradient)
        implements Op<A> {
    static <A> Node<A> gradient(Node<A> node, UnaryOperator<Value> change) {
        return Node.of(new Planted<>(node.op(), t -> t, change), node.attrs(), node.inputs());
    }

    static <A> Node<A> type(Node<A> node, UnaryOperator<TensorType> change) {
        return Node.of(new Planted<>(node.op(), change, v -> v), node.attrs(), node.inputs());
    }

    @Override
    public String name() {
        return op.name();
    }

    @Override
    public List<TensorType> infer(A attrs, List<TensorType> inputs) {
        return op.infer(attrs, inputs).stream().map(type).toList();
    }

    @Override
    public boolean differentiable() {
        return op.differentiable();
    }

    @Override
    public List<Value> vjp(Node<A> node, List<Value> dy) {
        var dx = new ArrayList<>(op.vjp(node, dy));
        dx.set(0, gradient.apply(dx.get(0)));
        return dx;
    }

    @Override
    public Optional<Spelling<A>> spelling() {
        return op.spelling();
    }

    @Override
    public List<Value> lower(Node<A> node) {
        return node.outputs();
    }

    @Override
    public void reference(A attrs, List<Dense> in, List<Dense> out) {
        op.reference(attrs, in, out);
    }

    @Override
    public long flops(Node<A> node) {
        return op.flops(node);
    }
}
