package jane.mil;

import jane.ir.DType;
import jane.ir.Literal;
import jane.ir.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MIL text as its statements stand there, before ops and types are checked: what rules on spelling
 * need, and all there is to see of an op that Jane does not know. Of several functions the one that
 * {@link Program#function()} says is listed, else {@code main}. Weight files are not read.
 *
 * <p><b>Errors.</b> {@link MilParseException} where the text does not follow the grammar.
 */
public final class Listing {
    /** A declared variable. {@code dims} is empty for types that only stand in text. */
    public record Variable(String name, String dtype, List<Integer> dims, int line) {}

    /** {@code results = op(args);}. Line from 1. */
    public record Statement(
            int line, String op, List<Variable> results, Map<String, Operand> args) {}

    /** What an argument may be. */
    public sealed interface Operand {}

    /** A variable. */
    public record Reference(String name) implements Operand {}

    /** {@code (a, b)}. */
    public record Several(List<Operand> items) implements Operand {}

    /**
     * A constant in the text.
     *
     * @param value what it is, if it is a string, one number or a list of int32 or bool
     * @param blob whether it stands in a weight file
     */
    public record Value(String dtype, List<Integer> dims, Optional<Literal> value, boolean blob)
            implements Operand {}

    private final String opset;
    private final List<Variable> inputs;
    private final List<Statement> statements;
    private final List<String> outputs;

    private Listing(
            String opset, List<Variable> inputs, List<Statement> statements, List<String> outputs) {
        this.opset = opset;
        this.inputs = List.copyOf(inputs);
        this.statements = List.copyOf(statements);
        this.outputs = List.copyOf(outputs);
    }

    /** The statements of {@code text}'s function {@code main}, or of its only one. */
    public static Listing of(String text) {
        return of(text, Optional.empty());
    }

    /** The statements of {@code program}'s function. */
    public static Listing of(Program program) {
        return of(program.text(), program.function());
    }

    private static Listing of(String text, Optional<String> function) {
        var source = new Source(text);
        var module = SyntaxParser.parse(source);
        return new Maker(source).listing(module.function(source, function));
    }

    /** The opset the function declares: {@code ios18}. */
    public String opset() {
        return opset;
    }

    /** The function's parameters in order. */
    public List<Variable> inputs() {
        return inputs;
    }

    /** The statements in order, constants included. */
    public List<Statement> statements() {
        return statements;
    }

    /** The names returned, in order. */
    public List<String> outputs() {
        return outputs;
    }

    /** Makes the listing of one function. */
    private static final class Maker {
        private final Source source;
        private final ConstantReader constants;
        private final Lines lines;

        Maker(Source source) {
            this.source = source;
            this.constants = new ConstantReader(source, Map.of());
            this.lines = new Lines(source.text());
        }

        Listing listing(Syntax.Function function) {
            // In the order of the text: line numbers are counted on the way.
            var inputs = function.params().stream().map(this::variable).toList();
            var statements = function.statements().stream().map(this::statement).toList();
            var outputs = function.returns().stream().map(Token::text).toList();
            return new Listing(function.opset().text(), inputs, statements, outputs);
        }

        private Statement statement(Syntax.Statement statement) {
            var results = statement.results().stream().map(this::variable).toList();
            int line = lines.of(statement.op().offset());
            var args = new LinkedHashMap<String, Operand>();
            statement.args().forEach(a -> args.put(a.name().text(), operand(a.operand())));
            return new Statement(line, statement.op().text(), results, args);
        }

        private Variable variable(Syntax.Typed typed) {
            int line = lines.of(typed.name().offset());
            var type = typed.type();
            return new Variable(typed.name().text(), dtype(type), dims(type), line);
        }

        private static String dtype(Syntax.Type type) {
            if (type instanceof Syntax.Packed p) {
                return p.type().mil();
            }
            if (type instanceof Syntax.Wide w) {
                return w.element();
            }
            if (type instanceof Syntax.State s) {
                return s.type().dtype().mil();
            }
            return type instanceof Syntax.Tensor t ? t.type().dtype().mil() : type.toString();
        }

        private static List<Integer> dims(Syntax.Type type) {
            if (type instanceof Syntax.Packed p) {
                return p.shape().toList();
            }
            if (type instanceof Syntax.Wide w) {
                return w.shape().toList();
            }
            if (type instanceof Syntax.State s) {
                return s.type().shape().toList();
            }
            return type instanceof Syntax.Tensor t ? t.type().shape().toList() : List.of();
        }

        private Operand operand(Syntax.Operand operand) {
            if (operand instanceof Syntax.Ref ref) {
                return new Reference(ref.name().text());
            }
            if (operand instanceof Syntax.Tuple tuple) {
                return new Several(tuple.items().stream().map(this::operand).toList());
            }
            var literal = (Syntax.Literal) operand;
            boolean blob = literal.payload() instanceof Syntax.Blob;
            Optional<Literal> value = blob ? Optional.empty() : value(literal);
            return new Value(dtype(literal.type()), dims(literal.type()), value, blob);
        }

        private Optional<Literal> value(Syntax.Literal literal) {
            boolean read =
                    literal.type() instanceof Syntax.Text
                            || literal.type() instanceof Syntax.Tensor
                            || literal.type() instanceof Syntax.Wide;
            if (!read) {
                return Optional.empty();
            }
            return kind(literal.type()).flatMap(constants.read(literal)::literal);
        }

        private static Optional<Literal.Kind> kind(Syntax.Type type) {
            if (type instanceof Syntax.Text) {
                return Optional.of(Literal.Kind.STRING);
            }
            TensorType t =
                    type instanceof Syntax.Wide wide
                            ? wide.carrier()
                            : ((Syntax.Tensor) type).type();
            boolean list = t.shape().rank() == 1;
            if (t.dtype() == DType.BOOL) {
                return Optional.of(list ? Literal.Kind.BOOLS : Literal.Kind.BOOL);
            }
            if (t.dtype().isInt()) {
                return Optional.of(list ? Literal.Kind.INTS : Literal.Kind.INT);
            }
            return t.shape().rank() == 0 ? Optional.of(Literal.Kind.FLOAT) : Optional.empty();
        }
    }

    /** Line numbers of offsets that come in ascending order. */
    private static final class Lines {
        private final String text;
        private int at;
        private int line = 1;

        Lines(String text) {
            this.text = text;
        }

        int of(int offset) {
            if (offset < at) {
                at = 0;
                line = 1;
            }
            for (; at < offset; at++) {
                line += text.charAt(at) == '\n' ? 1 : 0;
            }
            return line;
        }
    }
}
