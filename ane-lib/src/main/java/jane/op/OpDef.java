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

    /** Input cotangents from the node and the cotangents of its outputs. */
    interface Vjps<A> {
        List<Value> apply(Node<A> node, List<Value> dy);
    }

    /** The naive computation of one result. */
    interface Reference<A> {
        void apply(A attrs, List<Dense> in, Dense out);
    }

    /** The naive computation of several results. */
    interface References<A> {
        void apply(A attrs, List<Dense> in, List<Dense> out);
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
        if (inputs.size() < rules.least || inputs.size() > rules.most) {
            String need = rules.least == rules.most ? "" : rules.least + " to ";
            throw new ShapeException(
                    rules.name, "%d inputs; need %s%d", inputs.size(), need, rules.most);
        }
        return rules.type.apply(attrs, inputs);
    }

    @Override
    public boolean differentiable() {
        return rules.vjp != null;
    }

    @Override
    public List<Value> vjp(Node<A> node, List<Value> dy) {
        return rules.vjp.apply(node, dy);
    }

    @Override
    public Optional<Spelling<A>> spelling() {
        return Optional.ofNullable(rules.spelling);
    }

    @Override
    public List<Value> lower(Node<A> node) {
        return rules.lower == null ? node.outputs() : rules.lower.apply(node);
    }

    @Override
    public void reference(A attrs, List<Dense> in, List<Dense> out) {
        rules.reference.apply(attrs, in, out);
    }

    @Override
    public long flops(Node<A> node) {
        return rules.flops.applyAsLong(node);
    }

    @Override
    public long bytes(Node<A> node) {
        return rules.bytes == null ? Op.super.bytes(node) : rules.bytes.applyAsLong(node);
    }

    @Override
    public String toString() {
        return rules.name;
    }

    /** Collects the rules of one op. */
    static final class Builder<A> {
        private final String name;
        private TypeRule<A> type;
        private Vjps<A> vjp;
        private boolean vjpDecided;
        private Spelling<A> spelling;
        private Function<Node<A>, List<Value>> lower;
        private int least;
        private int most = Integer.MAX_VALUE;
        private References<A> reference;
        private ToLongFunction<Node<A>> flops = Cost::perElement;
        private ToLongFunction<Node<A>> bytes; // none: each operand and result once

        private Builder(String name) {
            this.name = name;
        }

        Builder<A> type(TypeRule<A> rule) {
            type = rule;
            return this;
        }

        Builder<A> vjp(Vjp<A> rule) {
            return vjps((n, dy) -> rule.apply(n, dy.get(0)));
        }

        /** For an op of several results. */
        Builder<A> vjps(Vjps<A> rule) {
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
            if (rule.params().stream().noneMatch(p -> p instanceof Spelling.Variadic<A>)) {
                most = operands(rule, true);
                least = operands(rule, false);
            }
            return this;
        }

        private static <A> int operands(Spelling<A> rule, boolean optionalToo) {
            return (int)
                    rule.params().stream()
                            .filter(p -> p instanceof Spelling.Operand<A>)
                            .filter(p -> optionalToo || !((Spelling.Operand<A>) p).optional())
                            .count();
        }

        /** For an op of so many inputs that MIL has no word for: the same in simpler ops. */
        Builder<A> lower(int inputs, Function<Node<A>, Value> rule) {
            least = inputs;
            most = inputs;
            lower = n -> List.of(rule.apply(n));
            return this;
        }

        /** The same in simpler ops, where MIL has a word too; the node's own result where not. */
        Builder<A> defined(Function<Node<A>, Value> rule) {
            return definedAll(n -> List.of(rule.apply(n)));
        }

        /** For an op of several results. */
        Builder<A> definedAll(Function<Node<A>, List<Value>> rule) {
            lower = rule;
            return this;
        }

        /**
         * For an op that is exactly others composed: the composition, which also gives its
         * gradient.
         */
        Builder<A> is(Function<Node<A>, Value> rule) {
            lower = n -> List.of(rule.apply(n));
            return vjps((n, dy) -> Reverse.through(n, lower, dy));
        }

        Builder<A> reference(Reference<A> rule) {
            return references((a, in, out) -> rule.apply(a, in, out.get(0)));
        }

        /** For an op of several results. */
        Builder<A> references(References<A> rule) {
            reference = rule;
            return this;
        }

        /** Floating-point operations; one per element of the results unless said. */
        Builder<A> flops(ToLongFunction<Node<A>> rule) {
            flops = rule;
            return this;
        }

        /** Floating-point operations, and bytes for an op that does not touch each operand once. */
        Builder<A> cost(ToLongFunction<Node<A>> flopsRule, ToLongFunction<Node<A>> bytesRule) {
            flops = flopsRule;
            bytes = bytesRule;
            return this;
        }

        OpDef<A> build() {
            if (type == null
                    || !vjpDecided
                    || spelling == null && lower == null
                    || reference == null) {
                throw new IllegalStateException("op " + name + " lacks a rule");
            }
            return new OpDef<>(this);
        }
    }
}
