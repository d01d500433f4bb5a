package jane.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How MIL writes an op, as data: the printer, the parser, the defaults check and the docs read this
 * one table. Parameters are printed in the order given here, defaults included.
 */
public final class Spelling<A> {
    /** One named parameter of a MIL op. */
    public sealed interface Param<A> {
        /** The name before the {@code =}. */
        String name();
    }

    /** The op's input {@code index}. */
    public record Operand<A>(String name, int index) implements Param<A> {}

    /** All inputs as one tuple: {@code values = (a, b)}. */
    public record Variadic<A>(String name) implements Param<A> {}

    /** An attribute, always printed; {@code fallback} is what MIL assumes when text omits it. */
    public record Attribute<A>(
            String name, Literal.Kind kind, Function<A, Literal> get, Optional<Literal> fallback)
            implements Param<A> {}

    /**
     * Attribute values by name, complete with defaults, for {@link #read}.
     *
     * @param result the declared type of the op's first result
     */
    public record Args(Map<String, Literal> values, TensorType result) {
        public boolean bool(String name) {
            return ((Literal.Bool) values.get(name)).value();
        }

        public int integer(String name) {
            return ((Literal.Int) values.get(name)).value();
        }

        public String string(String name) {
            return ((Literal.Str) values.get(name)).value();
        }

        public double number(String name) {
            return ((Literal.Float) values.get(name)).value();
        }

        public List<Integer> ints(String name) {
            return ((Literal.Ints) values.get(name)).values();
        }

        public List<Boolean> bools(String name) {
            return ((Literal.Bools) values.get(name)).values();
        }
    }

    private final String milOp;
    private final List<Param<A>> params;
    private final Function<Args, A> reader;

    private Spelling(String milOp, List<Param<A>> params, Function<Args, A> reader) {
        this.milOp = milOp;
        this.params = List.copyOf(params);
        this.reader = reader;
    }

    /** Starts the spelling of MIL op {@code milOp}. */
    public static <A> Builder<A> of(String milOp) {
        return new Builder<>(milOp);
    }

    /** The MIL op name. */
    public String milOp() {
        return milOp;
    }

    /** All parameters in printing order. */
    public List<Param<A>> params() {
        return params;
    }

    /** The attribute record that these values describe. */
    public A read(Args args) {
        return reader.apply(args);
    }

    /** Collects parameters in printing order. */
    public static final class Builder<A> {
        private final String milOp;
        private final List<Param<A>> params = new ArrayList<>();
        private int operands;

        private Builder(String milOp) {
            this.milOp = milOp;
        }

        /** The next input of the op. */
        public Builder<A> operand(String name) {
            params.add(new Operand<>(name, operands++));
            return this;
        }

        /** All inputs of the op. */
        public Builder<A> variadic(String name) {
            params.add(new Variadic<>(name));
            return this;
        }

        /** An attribute that text must give. */
        public Builder<A> attr(String name, Literal.Kind kind, Function<A, Literal> get) {
            params.add(new Attribute<>(name, kind, get, Optional.empty()));
            return this;
        }

        /** An attribute with a default. */
        public Builder<A> attr(
                String name, Literal.Kind kind, Function<A, Literal> get, Literal fallback) {
            params.add(new Attribute<>(name, kind, get, Optional.of(fallback)));
            return this;
        }

        /** Ends with the function from attribute values to the op's record. */
        public Spelling<A> build(Function<Args, A> reader) {
            return new Spelling<>(milOp, params, reader);
        }
    }
}
