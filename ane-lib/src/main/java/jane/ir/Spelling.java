package jane.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

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

    /**
     * The op's input {@code index}. Inputs that are optional may be missing from the end; text that
     * leaves out one before another gets {@code filler} in its place.
     */
    public record Operand<A>(String name, int index, boolean optional, double filler)
            implements Param<A> {}

    /** The inputs from {@code from} on as one tuple: {@code values = (a, b)}. */
    public record Variadic<A>(String name, int from) implements Param<A> {}

    /** An attribute, always printed; {@code fallback} is what MIL assumes when text omits it. */
    public record Attribute<A>(
            String name, Literal.Kind kind, Function<A, Literal> get, Optional<Literal> fallback)
            implements Param<A> {}

    /** An attribute that text may leave out without a default: its absence has its own meaning. */
    public record OptionalAttribute<A>(
            String name, Literal.Kind kind, Function<A, Optional<Literal>> get)
            implements Param<A> {}

    /**
     * Attribute values by name, complete with defaults, for {@link #read}.
     *
     * @param results the declared types of the op's results, one or more
     * @param inputs the types of the op's inputs
     */
    public record Args(
            Map<String, Literal> values, List<TensorType> results, List<TensorType> inputs) {
        /** Whether an optional attribute is given. */
        public boolean has(String name) {
            return values.containsKey(name);
        }

        /** The shape of input {@code i}. */
        public Shape shape(int i) {
            return inputs.get(i).shape();
        }

        /** A number with the element type it was written in. */
        public Literal.Scalar scalar(String name) {
            return (Literal.Scalar) values.get(name);
        }

        public boolean bool(String name) {
            return ((Literal.Bool) values.get(name)).value();
        }

        public int integer(String name) {
            return ((Literal.Int) values.get(name)).value();
        }

        public int unsigned(String name) {
            return ((Literal.Unsigned) values.get(name)).value();
        }

        /** The scalars of a tuple, which are all of type {@code item}. */
        public <L extends Literal> List<L> tuple(String name, Class<L> item) {
            var items = ((Literal.Tuple) values.get(name)).items();
            if (!items.stream().allMatch(item::isInstance)) {
                throw new JaneException(
                        "mil",
                        "'%s' has items of another type; need a tuple of int32 for"
                                + " indices, of bool for masks",
                        name);
            }
            return items.stream().map(item::cast).toList();
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

        /** A list, or what its absence means. */
        public List<Integer> intsOr(String name, List<Integer> absent) {
            return has(name) ? ints(name) : absent;
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

        /** The MIL op name. */
        public String milOp() {
            return milOp;
        }

        /** The next input of the op. */
        public Builder<A> operand(String name) {
            params.add(new Operand<>(name, operands++, false, 0));
            return this;
        }

        /**
         * The next input of the op, which may be missing.
         *
         * @param filler what its elements are if it is missing and a later one is given
         */
        public Builder<A> optional(String name, double filler) {
            params.add(new Operand<>(name, operands++, true, filler));
            return this;
        }

        /** The rest of the op's inputs, one or more. */
        public Builder<A> variadic(String name) {
            params.add(new Variadic<>(name, operands));
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

        /** An attribute that may be left out, which is a meaning of its own. */
        public Builder<A> maybe(
                String name, Literal.Kind kind, Function<A, Optional<Literal>> get) {
            params.add(new OptionalAttribute<>(name, kind, get));
            return this;
        }

        /** An {@code int32} that text must give. */
        public Builder<A> integer(String name, ToIntFunction<A> get) {
            return attr(name, Literal.Kind.INT, a -> new Literal.Int(get.applyAsInt(a)));
        }

        /** An {@code int32} with a default. */
        public Builder<A> integer(String name, ToIntFunction<A> get, int fallback) {
            return attr(
                    name,
                    Literal.Kind.INT,
                    a -> new Literal.Int(get.applyAsInt(a)),
                    new Literal.Int(fallback));
        }

        /** A {@code bool} with a default. */
        public Builder<A> bool(String name, Predicate<A> get, boolean fallback) {
            return attr(
                    name,
                    Literal.Kind.BOOL,
                    a -> new Literal.Bool(get.test(a)),
                    new Literal.Bool(fallback));
        }

        /** A {@code string} that text must give. */
        public Builder<A> string(String name, Function<A, String> get) {
            return attr(name, Literal.Kind.STRING, a -> new Literal.Str(get.apply(a)));
        }

        /** A {@code string} with a default. */
        public Builder<A> string(String name, Function<A, String> get, String fallback) {
            return attr(
                    name,
                    Literal.Kind.STRING,
                    a -> new Literal.Str(get.apply(a)),
                    new Literal.Str(fallback));
        }

        /** A float of the first input's element type that text must give. */
        public Builder<A> number(String name, ToDoubleFunction<A> get) {
            return attr(name, Literal.Kind.FLOAT, a -> new Literal.Float(get.applyAsDouble(a)));
        }

        /** A float of the first input's element type with a default. */
        public Builder<A> number(String name, ToDoubleFunction<A> get, double fallback) {
            return attr(
                    name,
                    Literal.Kind.FLOAT,
                    a -> new Literal.Float(get.applyAsDouble(a)),
                    new Literal.Float(fallback));
        }

        /** A list of {@code int32} that text must give. */
        public Builder<A> ints(String name, Function<A, List<Integer>> get) {
            return attr(name, Literal.Kind.INTS, a -> new Literal.Ints(get.apply(a)));
        }

        /**
         * A list of {@code int32} that {@link #read} completes from the inputs if it is missing.
         */
        public Builder<A> intsOr(String name, Function<A, List<Integer>> get) {
            return maybe(name, Literal.Kind.INTS, a -> Optional.of(new Literal.Ints(get.apply(a))));
        }

        /** Ends with the function from attribute values to the op's record. */
        public Spelling<A> build(Function<Args, A> reader) {
            return new Spelling<>(milOp, params, reader);
        }
    }
}
