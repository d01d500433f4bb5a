package jane.mil;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reads types and typed literals: {@code tensor<fp16, [2]>([0x1p+0, 0x1p-1])}. */
final class LiteralParser {
    /** Integer types that are read as int32: weight files have none of them. */
    private static final Set<String> WIDE = Set.of("int64", "uint64");

    private final TokenStream tokens;
    private final Source source;

    LiteralParser(TokenStream tokens) {
        this.tokens = tokens;
        this.source = tokens.source();
    }

    /** The type that starts with {@code word}, which has been taken. */
    Syntax.Type type(Token word) {
        return type(word, 0);
    }

    private Syntax.Type type(Token word, int depth) {
        tokens.checkDepth(depth);
        switch (word.text()) {
            case "string":
                return new Syntax.Text();
            case "tensor":
                return tensor();
            case "state":
                return state(depth);
            case "dict", "list", "tuple":
                return container(word, depth);
            default:
                return element(word, Shape.SCALAR);
        }
    }

    private Syntax.Type tensor() {
        tokens.expect("<", "'tensor'");
        var element = tokens.expect(Token.Kind.IDENT, "an element type");
        tokens.expect(",", "the element type");
        int at = tokens.peek().offset();
        tokens.expect("[", "the element type");
        var dims = tokens.list("]", "a dimension", this::dim);
        tokens.expect(">", "the shape");
        return element(element, shape(dims, at));
    }

    private Integer dim() {
        var token = tokens.peek();
        var value = Numbers.integer(token.text());
        if (!token.is(Token.Kind.NUMBER) || value.isEmpty() || value.get().signum() < 0) {
            throw source.error(
                    token.offset(), "%s as a dimension; need a whole number, 0 or more", token);
        }
        if (value.get().bitLength() > 31) {
            throw tooLarge(token.offset(), token.toString());
        }
        tokens.next();
        return value.get().intValue();
    }

    private Shape shape(List<Integer> dims, int at) {
        tokens.checkDepth(dims.size());
        Shape shape;
        try {
            shape = Shape.of(dims);
        } catch (JaneException e) {
            throw tooLarge(at, dims.toString());
        }
        if (shape.size() > Limits.ELEMENTS) {
            throw tooLarge(at, dims.toString());
        }
        return shape;
    }

    private MilParseException tooLarge(int at, String what) {
        return source.error(
                at, "%s is too large a shape; need at most 2^29 elements in a tensor", what);
    }

    private Syntax.Type element(Token word, Shape shape) {
        if (word.text().equals("string")) {
            return new Syntax.Text();
        }
        var stored = BlobType.ofMil(word.text());
        if (stored.isPresent() && !stored.get().isValueType()) {
            return new Syntax.Packed(stored.get(), shape);
        }
        if (WIDE.contains(word.text())) {
            return new Syntax.Wide(word.text(), shape);
        }
        boolean known = Arrays.stream(DType.values()).anyMatch(d -> d.mil().equals(word.text()));
        if (!known) {
            throw source.error(
                    word.offset(), "unknown type %s; need tensor, string, fp16, int32 ...", word);
        }
        return new Syntax.Tensor(new TensorType(DType.ofMil(word.text()), shape));
    }

    private Syntax.Type state(int depth) {
        tokens.expect("<", "'state'");
        var inner = tokens.expect(Token.Kind.IDENT, "a state's type");
        var type = type(inner, depth + 1);
        tokens.expect(">", "a state's type");
        if (type instanceof Syntax.Tensor tensor) {
            return new Syntax.State(tensor.type());
        }
        throw source.error(
                inner.offset(), "a state of %s; need a tensor of fp16, fp32, bool or int", type);
    }

    /** Types that only attributes have: read to the end and kept as a word. */
    private Syntax.Type container(Token word, int depth) {
        tokens.expect("<", "'" + word.text() + "'");
        do {
            var part = tokens.next();
            if (part.is(Token.Kind.IDENT)) {
                type(part, depth + 1);
            } else if (!part.is(Token.Kind.NUMBER) && !part.is("?")) {
                throw source.error(part.offset(), "%s in %s<...>; need a type", part, word.text());
            }
        } while (tokens.accept(","));
        tokens.expect(">", "a type");
        return new Syntax.Other(word.text());
    }

    /** A literal whose type starts with {@code word}, which has been taken. */
    Syntax.Literal literal(Token word) {
        var type = type(word, 0);
        tokens.expect("(", "type " + type);
        var literal = new Syntax.Literal(type, payload(type), word.offset());
        tokens.expect(")", "the value");
        return literal;
    }

    private Syntax.Payload payload(Syntax.Type type) {
        var token = tokens.peek();
        switch (token.kind()) {
            case STRING, NUMBER:
                return new Syntax.Scalar(tokens.next());
            case IDENT:
                tokens.next();
                return token.text().equals("BLOBFILE") ? blob() : new Syntax.Scalar(token);
            default:
                if (token.is("[")) {
                    return sequence(type);
                }
                if (token.is("{")) {
                    tokens.next();
                    dictionary();
                }
                return new Syntax.Unread();
        }
    }

    private Syntax.Payload sequence(Syntax.Type type) {
        if (type instanceof Syntax.Tensor tensor) {
            return new ElementsParser(tokens, tensor.type(), type, true).read();
        }
        if (type instanceof Syntax.Packed packed) {
            return new ElementsParser(tokens, packed.carrier(), type, packed.type().isInt()).read();
        }
        if (type instanceof Syntax.Wide wide) {
            return new ElementsParser(tokens, wide.carrier(), type, true).read();
        }
        throw source.error(
                tokens.peek().offset(), "a list of %s; need a list of numbers or bool", type);
    }

    /** After {@code BLOBFILE}: its two arguments, in either order. */
    private Syntax.Blob blob() {
        var at = tokens.peek();
        tokens.expect("(", "BLOBFILE");
        var path = at;
        var offset = at;
        do {
            var name = tokens.expect(Token.Kind.IDENT, "an argument of BLOBFILE");
            tokens.expect("=", name.toString());
            var value = literal(tokens.expect(Token.Kind.IDENT, "a typed value"));
            if (!(value.payload() instanceof Syntax.Scalar scalar)) {
                throw source.error(value.offset(), "BLOBFILE takes a string and a uint64");
            }
            if (name.text().equals("path")) {
                path = scalar.word();
            } else if (name.text().equals("offset")) {
                offset = scalar.word();
            } else {
                throw source.error(
                        name.offset(), "BLOBFILE has no argument %s; need path and offset", name);
            }
        } while (tokens.accept(","));
        tokens.expect(")", "BLOBFILE's arguments");
        return checked(new Syntax.Blob(path, offset), at);
    }

    private Syntax.Blob checked(Syntax.Blob blob, Token at) {
        if (!blob.path().is(Token.Kind.STRING)) {
            throw source.error(
                    blob.path().offset(), "BLOBFILE needs path = string(\"@model_path/...\")");
        }
        var offset = Numbers.integer(blob.offset().text());
        if (blob.offset() == at || offset.isEmpty() || offset.get().signum() < 0) {
            throw source.error(
                    blob.offset().offset(),
                    "BLOBFILE needs offset = uint64(n), the place of the blob's metadata");
        }
        return blob;
    }

    /** After the opening brace: skips to its match. Build information is not read. */
    private void dictionary() {
        int depth = 1;
        while (depth > 0) {
            tokens.checkDepth(depth);
            var token = tokens.next();
            if (token.is("{")) {
                depth++;
            } else if (token.is("}")) {
                depth--;
            } else if (token.is(Token.Kind.END) || token.is(";")) {
                throw source.error(token.offset(), "%s in a dictionary; need '}'", token);
            }
        }
    }
}
