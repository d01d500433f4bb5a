package jane.conform;

import jane.ir.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of JSON as reproducers need: objects as maps, arrays as lists, strings, numbers as
 * doubles, null. A number that JSON has no word for is a string: {@code "NaN"}.
 */
final class Json {
    private static final int DEEPEST = 16;

    private final String where;
    private final String text;
    private int at;

    private Json(String where, String text) {
        this.where = where;
        this.text = text;
    }

    /** The object that {@code text} is. */
    static Map<?, ?> object(String where, String text) {
        var json = new Json(where, text);
        var value = json.value(0);
        json.space();
        if (!(value instanceof Map<?, ?> map) || json.at < text.length()) {
            throw json.error("need one object");
        }
        return map;
    }

    /** {@code text} in quotes. */
    static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** A number that reads back as the same double. */
    static String number(double x) {
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return quoted(Double.toString(x));
        }
        boolean whole = x == Math.rint(x) && Math.abs(x) < 1e9;
        return whole && (x != 0 || 1 / x > 0) ? Long.toString((long) x) : Double.toString(x);
    }

    private Object value(int depth) {
        space();
        if (depth > DEEPEST) {
            throw error("nested more than " + DEEPEST + " deep");
        }
        char c = peek();
        return switch (c) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> map(int depth) {
        var map = new LinkedHashMap<String, Object>();
        at++;
        while (!ends('}', map.isEmpty())) {
            space();
            var key = string();
            space();
            expect(':');
            map.put(key, value(depth + 1));
        }
        return map;
    }

    private List<Object> list(int depth) {
        var list = new ArrayList<Object>();
        at++;
        while (!ends(']', list.isEmpty())) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private boolean ends(char end, boolean first) {
        space();
        if (peek() == end) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        if (c == 'u' && at + 4 <= text.length()) {
            at += 4;
            try {
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            } catch (NumberFormatException e) {
                throw error("\\u" + text.substring(at - 4, at));
            }
        }
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> c;
        };
    }

    private Object word() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789nul".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        var word = text.substring(from, at);
        if (word.equals("null")) {
            return Double.NaN; // not judged
        }
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw error("'" + word + "' is no value");
        }
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw error("it ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw error("found '" + peek() + "'; need '" + c + "'");
        }
        at++;
    }

    private DataException error(String what) {
        return new DataException(where, "character %d: %s", at, what);
    }
}
