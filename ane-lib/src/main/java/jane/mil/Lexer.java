package jane.mil;

/** Cuts MIL text into {@link Token}s, one at a time. */
final class Lexer {
    private final Source source;
    private final String text;
    private int at;

    Lexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    /** The next word; {@code END} at the end, as often as asked. */
    Token next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", at);
        }
        char c = text.charAt(at);
        if (isLetter(c)) {
            return ident();
        }
        char after = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (isDigit(c) || c == '-' && startsNumber(after) || c == '.' && isDigit(after)) {
            return number();
        }
        return c == '"' ? string() : punctuation(c);
    }

    private Token ident() {
        int start = at;
        while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        return new Token(Token.Kind.IDENT, text.substring(start, at), start);
    }

    /** Anything number-like as one word: {@link Numbers} judges it. */
    private Token number() {
        int start = at++;
        while (at < text.length() && continuesNumber(text.charAt(at), text.charAt(at - 1))) {
            at++;
        }
        if (at - start > Limits.NUMBER_CHARS) {
            throw source.error(
                    start,
                    "a number of %d characters; need at most %d",
                    at - start,
                    Limits.NUMBER_CHARS);
        }
        return new Token(Token.Kind.NUMBER, text.substring(start, at), start);
    }

    private Token string() {
        int start = at++;
        var contents = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c < ' ') {
                break;
            }
            if (c == '\\') {
                at++;
                if (at == text.length() || "\\\"".indexOf(text.charAt(at)) < 0) {
                    throw source.error(at - 1, "unknown escape in a string; need \\\" or \\\\");
                }
            }
            contents.append(text.charAt(at++));
        }
        if (at == text.length() || text.charAt(at) != '"') {
            throw source.error(start, "a string that does not end on its line; need a closing \"");
        }
        at++;
        return new Token(Token.Kind.STRING, contents.toString(), start);
    }

    private Token punctuation(char c) {
        int start = at;
        if (text.startsWith("->", at)) {
            at += 2;
            return new Token(Token.Kind.PUNCTUATION, "->", start);
        }
        if ("(){}[]<>,;=?".indexOf(c) < 0) {
            throw source.error(
                    start,
                    "character %s has no meaning here; MIL has no comments or operators",
                    shown(c));
        }
        at++;
        return new Token(Token.Kind.PUNCTUATION, String.valueOf(c), start);
    }

    /** What a reader can see of a character: its number if it leaves no mark. */
    private static String shown(char c) {
        return c > ' ' && c <= '~' ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** After a minus: a digit, {@code .5}, {@code inf} or {@code nan}. */
    private static boolean startsNumber(char c) {
        return isDigit(c) || c == '.' || c == 'i' || c == 'n';
    }

    private static boolean continuesNumber(char c, char before) {
        boolean afterExponent = before == 'e' || before == 'E' || before == 'p' || before == 'P';
        return isLetter(c) || isDigit(c) || c == '.' || (c == '+' || c == '-') && afterExponent;
    }
}
