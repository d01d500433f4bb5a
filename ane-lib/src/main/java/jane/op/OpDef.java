package jane.op;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** An op built from its rules; {@link Builder#build} refuses one that lacks any. */
final class OpDef<A> implements Op<A> {
    /** Result types from attributes and input types. */
    interface TypeRule<A> {
        List<TensorType> apply(A attrs, List<TensorType> in);
    }

    /** Input cotangents from the node and its single output's cotangent. */
    interface Vjp<A> {
        List<Value> apply(Node<A> node, Value dy);
    }

    /** The naive computation. */
    interface Reference<A> {
        void apply(A attrs, List<Dense> in, Dense out);
    }

    private final Builder<A> rules;

    private OpDef(Builder<A> rules) {
        this.rules = rules;
    }

    static <A> Builder<A> named(String name) {
        return new Builder<>(name);
    }

    @Override
    public String name() {
        return rules.name;
    }

    @Override
    public List<TensorType> infer(A attrs, List<TensorType> inputs) {
        if (rules.arity >= 0 && inputs.size() != rules.arity) {
            throw new ShapeException(rules.name, "%d inputs; need %d", inputs.size(), rules.arity);
        }
        return rules.type.apply(attrs, inputs);
    }

    @Override
    public boolean differentiable() {
        return rules.vjp != null;
    }

    @Override
    public List<Value> vjp(Node<A> node, List<Value> dy) {
        return rules.vjp.apply(node, dy.get(0));
    }

    @Override
    public Optional<Spelling<A>> spelling() {
        return Optional.ofNullable(rules.spelling);
    }

    @Override
    public List<Value> lower(Node<A> node) {
        return rules.lower == null ? node.outputs() : List.of(rules.lower.apply(node));
    }

    @Override
    public void reference(A attrs, List<Dense> in, List<Dense> out) {
        rules.reference.apply(attrs, in, out.get(0));
    }

    @Override
    public long flops(Node<A> node) {
        return rules.flops.applyAsLong(node);
    }

    @Override
    public String toString() {
        return rules.name;
    }

    /** Collects the rules of one op. */
    static final class Builder<A> {
        private final String name;
        private TypeRule<A> type;
        private Vjp<A> vjp;
        private boolean vjpDecided;
        private Spelling<A> spelling;
        private Function<Node<A>, Value> lower;
        private int arity = -1; // any number
        private Reference<A> reference;
        private ToLongFunction<Node<A>> flops = n -> n.out().shape().size();

        private Builder(String name) {
            this.name = name;
        }

        Builder<A> type(TypeRule<A> rule) {
            type = rule;
            return this;
        }

        Builder<A> vjp(Vjp<A> rule) {
            vjp = rule;
            vjpDecided = true;
            return this;
        }

        /** Says that no gradient flows through, which must be said and not forgotten. */
        Builder<A> notDifferentiable() {
            vjpDecided = true;
            return this;
        }

        Builder<A> mil(Spelling<A> rule) {
            spelling = rule;
            var params = rule.params();
            boolean fixed = params.stream().noneMatch(p -> p instanceof Spelling.Variadic<A>);
            long operands = params.stream().filter(p -> p instanceof Spelling.Operand<A>).count();
            arity = fixed ? (int) operands : -1;
            return this;
        }

        /** For an op of so many inputs that MIL has no word for: the same in simpler ops. */
        Builder<A> lower(int inputs, Function<Node<A>, Value> rule) {
            arity = inputs;
            lower = rule;
            return this;
        }

        Builder<A> reference(Reference<A> rule) {
            reference = rule;
            return this;
        }

        Builder<A> flops(ToLongFunction<Node<A>> rule) {
            flops = rule;
            return this;
        }

        OpDef<A> build() {
            boolean spelled = (spelling == null) != (lower == null);
            if (type == null || !vjpDecided || !spelled || reference == null) {
                throw new IllegalStateException("op " + name + " lacks a rule");
            }
            return new OpDef<>(this);
        }
    }
}
