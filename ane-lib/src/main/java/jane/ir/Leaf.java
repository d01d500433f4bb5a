package jane.ir;

import java.util.List;
import java.util.Optional;

/** Values that no op computes: placeholders and constants. */
public final class Leaf {
    /** A placeholder, bound by name when a program runs. */
    public static final Op<TensorType> INPUT = new Source<>("input", t -> t);

    /** A constant, part of the program. */
    public static final Op<ConstData> CONST = new Source<>("const", ConstData::type);

    private Leaf() {}

    /** A new placeholder of this type. */
    public static Value input(TensorType type) {
        return Node.of(INPUT, type, List.of()).out();
    }

    /** A constant. */
    public static Value constant(ConstData data) {
        return Node.of(CONST, data, List.of()).out();
    }

    /** A rank-0 constant of {@code dtype}. */
    public static Value scalar(DType dtype, double value) {
        return constant(ConstData.scalar(dtype, value));
    }

    /** The contents of a constant value. */
    public static ConstData data(Value constant) {
        return (ConstData) constant.node().attrs();
    }

    private record Source<A>(String name, java.util.function.Function<A, TensorType> type)
            implements Op<A> {
        @Override
        public List<TensorType> infer(A attrs, List<TensorType> inputs) {
            return List.of(type.apply(attrs));
        }

        @Override
        public boolean differentiable() {
            return false;
        }

        @Override
        public List<Value> vjp(Node<A> node, List<Value> dy) {
            return List.of();
        }

        @Override
        public Optional<Spelling<A>> spelling() {
            return Optional.empty();
        }

        @Override
        public List<Value> lower(Node<A> node) {
            return node.outputs();
        }

        @Override
        public void reference(A attrs, List<Dense> in, List<Dense> out) {
            if (attrs instanceof ConstData data) {
                var dense = data.dense().data();
                System.arraycopy(dense, 0, out.get(0).data(), 0, dense.length);
            }
        }

        @Override
        public long flops(Node<A> node) {
            return 0;
        }
    }
}
