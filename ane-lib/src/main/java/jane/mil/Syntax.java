package jane.mil;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** MIL text as a tree, before names and types have been checked. Offsets point into the source. */
final class Syntax {
    private static final String MAIN = "main";

    private Syntax() {}

    /** A whole program: one or more functions. */
    record Module(List<Function> functions) {
        /** The function that runs: the one asked for, else {@code main}, else the only one. */
        Function function(Source source, Optional<String> asked) {
            for (var function : functions) {
                if (function.name().text().equals(asked.orElse(MAIN))) {
                    return function;
                }
            }
            if (asked.isEmpty() && functions.size() == 1) {
                return functions.get(0);
            }
            var names = functions.stream().map(f -> f.name().text()).toList();
            throw source.error(
                    functions.get(0).name().offset(),
                    "functions %s; need %s",
                    names,
                    asked.map(a -> "'" + a + "' among them")
                            .orElse("one, or one that is named main"));
        }
    }

    /** {@code func name<opset>(params) { statements } -> (returns);}. */
    record Function(
            Token name,
            Token opset,
            List<Typed> params,
            List<Statement> statements,
            List<Token> returns) {
        /** Whether a statement has a result of this name. */
        boolean defines(String variable) {
            return statements.stream()
                    .flatMap(s -> s.results().stream())
                    .anyMatch(result -> result.name().text().equals(variable));
        }
    }

    /** A declared variable. */
    record Typed(Type type, Token name) {}

    /**
     * {@code results = op(args);}, without results for {@code write_state}. Arguments given in
     * brackets after the op, as {@code const} and {@code constexpr_*} have them, are among {@code
     * args}; the {@code name} attribute is dropped, the variable is the name.
     */
    record Statement(List<Typed> results, Token op, List<Arg> args) {}

    /** {@code name = operand}. */
    record Arg(Token name, Operand operand) {}

    /** What an argument may be. */
    sealed interface Operand {
        int offset();
    }

    /** A variable. */
    record Ref(Token name) implements Operand {
        @Override
        public int offset() {
            return name.offset();
        }
    }

    /** {@code (a, b)}. */
    record Tuple(List<Operand> items, int offset) implements Operand {}

    /** {@code type(payload)}. */
    record Literal(Type type, Payload payload, int offset) implements Operand {}

    /** A type. */
    sealed interface Type {}

    /** A tensor or scalar of a type that values can have. */
    record Tensor(TensorType type) implements Type {
        @Override
        public String toString() {
            return type.toString();
        }
    }

    /** {@code string} or {@code tensor<string, []>}. */
    record Text() implements Type {
        @Override
        public String toString() {
            return "string";
        }
    }

    /** A tensor or scalar of a type that only storage has: {@code tensor<int4, [8, 4]>}. */
    record Packed(BlobType type, Shape shape) implements Type {
        /** The type its elements are read in. */
        TensorType carrier() {
            return new TensorType(type.carrier(), shape);
        }

        @Override
        public String toString() {
            return StoredTensor.name(type, shape);
        }
    }

    /** Numbers of {@code int64} or {@code uint64}: constants only, whose values int32 can hold. */
    record Wide(String element, Shape shape) implements Type {
        /** The type its elements are read in. */
        TensorType carrier() {
            return new TensorType(DType.INT32, shape);
        }

        /** What is wrong with {@code word} as one of its numbers, if anything. */
        Optional<String> problem(String word) {
            long least = element.startsWith("u") ? 0 : Integer.MIN_VALUE;
            boolean fits =
                    Numbers.integer(word)
                            .filter(n -> n.bitLength() < Integer.SIZE)
                            .filter(n -> n.longValue() >= least)
                            .isPresent();
            return fits
                    ? Optional.empty()
                    : Optional.of(
                            String.format(
                                    "need a whole number from %d to %d: %s is read as int32",
                                    least, Integer.MAX_VALUE, element));
        }

        @Override
        public String toString() {
            return shape.rank() == 0 ? element : "tensor<" + element + ", " + shape + ">";
        }
    }

    /** {@code state<tensor<...>>}: a parameter that lives from run to run. */
    record State(TensorType type) implements Type {
        @Override
        public String toString() {
            return "state<" + type + ">";
        }
    }

    /** A type that only stands in text: {@code dict<...>}. */
    record Other(String word) implements Type {
        @Override
        public String toString() {
            return word;
        }
    }

    /** What stands in the parentheses of a literal. */
    sealed interface Payload {}

    /** One number, string, {@code true} or {@code false}. */
    record Scalar(Token word) implements Payload {}

    /**
     * {@code [...]}, flat or nested: dense little-endian elements of the literal's type, in order.
     *
     * @param dims what the brackets show: lengths from the outside in
     */
    record Elements(ByteBuffer bytes, List<Integer> dims) implements Payload {}

    /** {@code BLOBFILE(path = ..., offset = ...)}. */
    record Blob(Token path, Token offset) implements Payload {}

    /** A dictionary or nothing: allowed in attributes that no op reads. */
    record Unread() implements Payload {}
}
