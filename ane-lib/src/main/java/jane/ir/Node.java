package jane.ir;

import java.util.ArrayList;
import java.util.List;

/**
 * One typed operation: an op, its attribute record, its inputs and its results. Immutable; compared
 * by identity. A node keeps what it reads alive and knows nothing of who reads it.
 */
public final class Node<A> {
    private final Op<A> op;
    private final A attrs;
    private final List<Value> inputs;
    private final List<Value> outputs;

    private Node(Op<A> op, A attrs, List<Value> inputs) {
        this.op = op;
        this.attrs = attrs;
        this.inputs = List.copyOf(inputs);
        var types = op.infer(attrs, this.inputs.stream().map(Value::type).toList());
        var results = new ArrayList<Value>(types.size());
        for (int i = 0; i < types.size(); i++) {
            results.add(new Value(this, i, types.get(i)));
        }
        this.outputs = List.copyOf(results);
    }

    /** Applies {@code op}; its type rule throws {@link ShapeException} if the inputs do not fit. */
    public static <A> Node<A> of(Op<A> op, A attrs, List<Value> inputs) {
        return new Node<>(op, attrs, inputs);
    }

    /** The same op and attributes on other inputs. */
    public Node<A> withInputs(List<Value> others) {
        return new Node<>(op, attrs, others);
    }

    /** The operation. */
    public Op<A> op() {
        return op;
    }

    /** The op's attributes. */
    public A attrs() {
        return attrs;
    }

    /** What the node reads, in the op's order. */
    public List<Value> inputs() {
        return inputs;
    }

    /** Input {@code i}. */
    public Value in(int i) {
        return inputs.get(i);
    }

    /** What the node makes, in the op's order. */
    public List<Value> outputs() {
        return outputs;
    }

    /** The only result of a single-result op. */
    public Value out() {
        return outputs.get(0);
    }

    /** The op's gradient rule: one cotangent per input, from one per output. */
    public List<Value> vjp(List<Value> dy) {
        return op.vjp(this, dy);
    }

    /** Floating-point operations of one evaluation. */
    public long flops() {
        return op.flops(this);
    }

    /** Bytes read and written by one evaluation. */
    public long bytes() {
        return op.bytes(this);
    }

    /** The same computation in simpler ops, if the op is defined by them; else its own results. */
    public List<Value> lower() {
        return op.lower(this);
    }
}
