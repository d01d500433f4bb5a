package jane.mil;

import java.util.ArrayList;
import java.util.List;

/** From text to {@link Syntax}: the grammar of MIL, both dialects, and nothing about ops. */
final class SyntaxParser {
    private final TokenStream tokens;
    private final Source source;
    private final LiteralParser literals;

    private SyntaxParser(Source source) {
        this.source = source;
        this.tokens = new TokenStream(source);
        this.literals = new LiteralParser(tokens);
    }

    /** The program in {@code source}. */
    static Syntax.Module parse(Source source) {
        return new SyntaxParser(source).module();
    }

    private Syntax.Module module() {
        tokens.expectWord("program", "at the start");
        tokens.expect("(", "'program'");
        tokens.expect(Token.Kind.NUMBER, "the version");
        tokens.expect(")", "the version");
        attributes();
        tokens.expect("{", "the program's header");
        var functions = new ArrayList<Syntax.Function>();
        do {
            functions.add(function());
        } while (!tokens.accept("}"));
        if (!tokens.peek().is(Token.Kind.END)) {
            throw source.error(tokens.peek().offset(), "%s after the program's end", tokens.peek());
        }
        return new Syntax.Module(functions);
    }

    private Syntax.Function function() {
        tokens.expectWord("func", "in the program's body");
        var name = tokens.expect(Token.Kind.IDENT, "the function's name");
        tokens.expect("<", "the function's name");
        var opset = tokens.expect(Token.Kind.IDENT, "the opset");
        tokens.expect(">", "the opset");
        tokens.expect("(", "the opset");
        var params = tokens.list(")", "a parameter", this::typed);
        skipAttributes();
        tokens.expect("{", "the parameters");
        var statements = new ArrayList<Syntax.Statement>();
        while (!tokens.accept("}")) {
            statements.add(statement());
        }
        tokens.expect("->", "the function's body");
        tokens.expect("(", "'->'");
        var returns =
                tokens.list(")", "an output", () -> tokens.expect(Token.Kind.IDENT, "an output"));
        tokens.expect(";", "the outputs");
        return new Syntax.Function(name, opset, params, statements, returns);
    }

    private Syntax.Typed typed() {
        return typed(tokens.expect(Token.Kind.IDENT, "a type"));
    }

    /** A declared variable whose type starts with {@code word}. */
    private Syntax.Typed typed(Token word) {
        var type = literals.type(word);
        return new Syntax.Typed(type, tokens.expect(Token.Kind.IDENT, "a variable's name"));
    }

    private Syntax.Statement statement() {
        var results = new ArrayList<Syntax.Typed>();
        var op = tokens.expect(Token.Kind.IDENT, "a type or an op");
        if (!tokens.peek().is("(")) {
            results.add(typed(op));
            while (tokens.accept(",")) {
                results.add(typed());
            }
            tokens.expect("=", "'" + results.get(results.size() - 1).name().text() + "'");
            op = tokens.expect(Token.Kind.IDENT, "an op");
        }
        tokens.expect("(", "op " + op);
        var args = tokens.list(")", "an argument", this::arg);
        var named = false;
        for (var attribute : attributes()) {
            if (!attribute.name().text().equals("name")) {
                args.add(attribute);
            } else if (named) {
                throw source.error(attribute.name().offset(), "a second name; need one");
            }
            named |= attribute.name().text().equals("name");
        }
        if (tokens.peek().is("{")) {
            throw source.error(
                    tokens.peek().offset(),
                    "a block of op %s; need ops without: unroll loops and choose branches when the"
                            + " program is made",
                    op);
        }
        tokens.expect(";", "op " + op);
        return new Syntax.Statement(results, op, args);
    }

    private List<Syntax.Arg> attributes() {
        return tokens.accept("[") ? tokens.list("]", "an attribute", this::arg) : List.of();
    }

    /** Attributes of a function, such as the shapes it was exported for: nothing reads them. */
    private void skipAttributes() {
        int depth = 0;
        while (depth > 0 || tokens.peek().is("[")) {
            tokens.checkDepth(depth);
            var token = tokens.next();
            boolean opens = token.is("[") || token.is("(") || token.is("{");
            boolean closes = token.is("]") || token.is(")") || token.is("}");
            if (token.is(Token.Kind.END) || token.is(";")) {
                throw source.error(
                        token.offset(), "%s in a function's attributes; need ']'", token);
            }
            depth += opens ? 1 : closes ? -1 : 0;
        }
    }

    private Syntax.Arg arg() {
        var name = tokens.expect(Token.Kind.IDENT, "an argument's name");
        tokens.expect("=", "argument " + name);
        return new Syntax.Arg(name, operand(0));
    }

    /** After {@code const}, where some generators put it around an inline value. */
    private Syntax.Operand wrapped() {
        tokens.expect("(", "'const'");
        var value = literals.literal(tokens.expect(Token.Kind.IDENT, "a typed value"));
        tokens.expect(")", "the value");
        return value;
    }

    private Syntax.Operand operand(int depth) {
        tokens.checkDepth(depth);
        int start = tokens.peek().offset();
        if (tokens.accept("(")) {
            return new Syntax.Tuple(
                    tokens.list(")", "an operand", () -> operand(depth + 1)), start);
        }
        if (!tokens.peek().is(Token.Kind.IDENT)) {
            throw source.error(
                    start,
                    "%s as an argument; need a variable or a typed value such as int32(1)",
                    tokens.peek());
        }
        var word = tokens.next();
        boolean typed = tokens.peek().is("(") || tokens.peek().is("<");
        if (typed && word.text().equals("const")) {
            return wrapped();
        }
        return typed ? literals.literal(word) : new Syntax.Ref(word);
    }
}
