package jane.ir;

import java.util.List;
import java.util.Optional;

/**
 * What an operation is: type rule, gradient, MIL spelling, reference kernel and cost, all in one
 * place. Ops are the constants of {@code jane.op}; {@code A} is the op's attribute record.
 */
public interface Op<A> {
    /** The field's name for it, unique; also the prefix of generated value names. */
    String name();

    /**
     * Types of the results.
     *
     * @throws ShapeException if these inputs do not fit, naming both and the fix
     */
    List<TensorType> infer(A attrs, List<TensorType> inputs);

    /** Whether gradients flow through; if not, {@link #vjp} is never called. */
    boolean differentiable();

    /**
     * Cotangents of the inputs, one each, from those of the outputs. Entries for inputs that are
     * not floats are ignored. Unused entries cost nothing: what no output reaches is never run.
     */
    List<Value> vjp(Node<A> node, List<Value> dy);

    /** How MIL writes the op; empty for a composite, which is lowered first. */
    Optional<Spelling<A>> spelling();

    /**
     * The node in simpler ops, for an op that is defined by them; else the node's own results. An
     * op without a spelling has a definition; one with a spelling may.
     */
    List<Value> lower(Node<A> node);

    /** Computes {@code out} from {@code in} naively in double: the meaning of the op. */
    void reference(A attrs, List<Dense> in, List<Dense> out);

    /** Floating-point operations of one evaluation. */
    long flops(Node<A> node);

    /** Bytes read and written by one evaluation: by default each operand and result once. */
    default long bytes(Node<A> node) {
        long sum = 0;
        for (var v : node.inputs()) {
            sum += v.type().sizeBytes();
        }
        for (var v : node.outputs()) {
            sum += v.type().sizeBytes();
        }
        return sum;
    }
}
