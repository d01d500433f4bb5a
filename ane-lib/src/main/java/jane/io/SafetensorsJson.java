package jane.io;

import jane.ir.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a safetensors header: an object of objects of strings and lists of numbers, and
 * nothing else. Every key once.
 */
final class SafetensorsJson {
    private static final int MOST_DIMS = 32;

    private final Path file;
    private final String text;
    private int at;

    SafetensorsJson(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** The whole text. */
    Map<String, Map<String, Object>> parse() {
        if (text.isEmpty() || text.charAt(0) != '{') {
            throw error("need '{'");
        }
        var result = new LinkedHashMap<String, Map<String, Object>>();
        object(result, this::fields);
        space();
        if (at < text.length()) {
            throw error("need the end");
        }
        return result;
    }

    private interface Parser<T> {
        T parse();
    }

    private Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        object(fields, this::value);
        return fields;
    }

    private Object value() {
        space();
        return at < text.length() && text.charAt(at) == '[' ? numbers() : string();
    }

    private <T> void object(Map<String, T> into, Parser<T> value) {
        expect('{');
        if (skips('}')) {
            return;
        }
        do {
            int start = at;
            var key = string();
            expect(':');
            if (into.put(key, value.parse()) != null) {
                at = start;
                throw error("'" + key + "' stands here twice; need it once");
            }
        } while (skips(','));
        expect('}');
    }

    private List<Long> numbers() {
        expect('[');
        var numbers = new ArrayList<Long>();
        if (skips(']')) {
            return numbers;
        }
        do {
            numbers.add(number());
        } while (skips(',') && numbers.size() < MOST_DIMS);
        expect(']');
        return numbers;
    }

    private long number() {
        space();
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start || at - start > 18) {
            at = start;
            throw error("need a whole number, 0 or more and below 10^18");
        }
        return Long.parseLong(text.substring(start, at));
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                at--;
                throw error("need no control characters in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return out.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw error("need one of \" \\ / b f n r t u after a backslash");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw error("need four hex digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skips(char c) {
        space();
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!skips(c)) {
            throw error("need '" + c + "'");
        }
    }

    private DataException error(String need) {
        var found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new DataException(
                file.toString(), "header, character %d: found %s; %s", at + 1, found, need);
    }

    /** A string as JSON writes it. */
    static String quoted(String s) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
