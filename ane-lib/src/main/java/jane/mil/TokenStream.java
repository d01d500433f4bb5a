package jane.mil;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Tokens with one look-ahead, and the errors of a text that does not go on as it should. */
final class TokenStream {
    private final Source source;
    private final Lexer lexer;
    private Token ahead;

    TokenStream(Source source) {
        this.source = source;
        this.lexer = new Lexer(source);
        this.ahead = lexer.next();
    }

    Source source() {
        return source;
    }

    Token peek() {
        return ahead;
    }

    Token next() {
        var token = ahead;
        ahead = lexer.next();
        return token;
    }

    /** Takes this punctuation if it comes next. */
    boolean accept(String punctuation) {
        boolean found = ahead.is(punctuation);
        if (found) {
            next();
        }
        return found;
    }

    /** Takes this punctuation, which must come next; {@code after} says where we are. */
    void expect(String punctuation, String after) {
        if (!accept(punctuation)) {
            throw source.error(ahead.offset(), "%s after %s; need '%s'", ahead, after, punctuation);
        }
    }

    /** Takes a token of this kind; {@code what} says what it is for. */
    Token expect(Token.Kind kind, String what) {
        if (!ahead.is(kind)) {
            throw source.error(ahead.offset(), "%s in place of %s; need %s", ahead, what, kind);
        }
        return next();
    }

    /** Takes this word. */
    void expectWord(String word, String where) {
        if (!ahead.is(Token.Kind.IDENT) || !ahead.text().equals(word)) {
            throw source.error(ahead.offset(), "%s %s; need '%s'", ahead, where, word);
        }
        next();
    }

    /** Items between commas up to {@code close}, which is taken; {@code what} names the list. */
    <T> List<T> list(String close, String what, Supplier<T> item) {
        var items = new ArrayList<T>();
        if (accept(close)) {
            return items;
        }
        do {
            items.add(item.get());
        } while (accept(","));
        expect(close, what);
        return items;
    }

    /** Refuses nesting deeper than {@link Limits#DEPTH}. */
    void checkDepth(int depth) {
        if (depth > Limits.DEPTH) {
            throw source.error(ahead.offset(), "nested more than %d deep; need less", Limits.DEPTH);
        }
    }
}
