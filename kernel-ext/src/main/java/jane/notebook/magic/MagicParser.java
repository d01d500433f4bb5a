package jane.notebook.magic;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes a magic's line apart: words, quotes and options, the same in every notebook host.
 *
 * <p>Single and double quotes hold spaces; inside them a backslash escapes only the quote and
 * itself, elsewhere it is an ordinary character. {@code --} ends the options. {@code -3} and {@code
 * -.5} are words.
 */
public final class MagicParser {
    private static final Pattern NEGATIVE_NUMBER = Pattern.compile("-\\.?\\d.*");
    private static final Pattern KEY_VALUE =
            Pattern.compile("([A-Za-z_][\\w-]*)=.*", Pattern.DOTALL);

    private MagicParser() {}

    /** A word and whether any part of it was quoted: quoted words are never options. */
    private record Token(String text, boolean startsQuoted) {}

    /** Takes {@code line} apart by the options that {@code magic} declares. */
    public static Magic.Call parse(Magic magic, String line, String body, boolean cell) {
        return bind(magic, line, tokens(magic.name(), line), body, cell);
    }

    /** As {@link #parse}, for a host that has split the line into words already. */
    public static Magic.Call parse(Magic magic, List<String> words, String body, boolean cell) {
        List<Token> tokens = words.stream().map(word -> new Token(word, false)).toList();
        return bind(magic, String.join(" ", words), tokens, body, cell);
    }

    /** The words of a line, quotes removed. */
    public static List<String> words(String line) {
        return tokens("line", line).stream().map(Token::text).toList();
    }

    private static List<Token> tokens(String magic, String line) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (Character.isWhitespace(line.charAt(at))) {
                at++;
            } else {
                at = token(magic, line, at, tokens);
            }
        }
        return tokens;
    }

    private static int token(String magic, String line, int start, List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        int at = start;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            char c = line.charAt(at);
            if (c == '"' || c == '\'') {
                at = quoted(magic, line, at, text);
            } else {
                text.append(c);
                at++;
            }
        }
        char first = line.charAt(start);
        tokens.add(new Token(text.toString(), first == '"' || first == '\''));
        return at;
    }

    private static int quoted(String magic, String line, int open, StringBuilder text) {
        char quote = line.charAt(open);
        for (int at = open + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == quote) {
                return at + 1;
            }
            boolean escape = c == '\\' && at + 1 < line.length();
            if (escape && (line.charAt(at + 1) == quote || line.charAt(at + 1) == '\\')) {
                at++;
                c = line.charAt(at);
            }
            text.append(c);
        }
        throw new JaneException(
                "%" + magic,
                "a quote is not closed: %s opened at column %d of \"%s\"; need the closing %s",
                quote,
                open + 1,
                line,
                quote);
    }

    private static Magic.Call bind(
            Magic magic, String line, List<Token> tokens, String body, boolean cell) {
        List<String> words = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        boolean optionsEnded = false;
        for (int i = 0; i < tokens.size(); i++) {
            String text = tokens.get(i).text();
            if (optionsEnded || tokens.get(i).startsQuoted()) {
                words.add(text);
            } else if (text.equals("--")) {
                optionsEnded = true;
            } else if (isDashed(text)) {
                i = dashed(magic, tokens, i, options);
            } else if (KEY_VALUE.matcher(text).matches()) {
                int equals = text.indexOf('=');
                Magic.Option option = option(magic, text.substring(0, equals), text);
                put(magic, options, option, text.substring(equals + 1), text);
            } else {
                words.add(text);
            }
        }
        return new Magic.Call(magic.name(), line, words, options, body, cell);
    }

    private static boolean isDashed(String text) {
        return text.length() > 1
                && text.startsWith("-")
                && !NEGATIVE_NUMBER.matcher(text).matches();
    }

    /**
     * Reads {@code -name}, its value if it takes one, and returns the index of the last token used.
     */
    private static int dashed(
            Magic magic, List<Token> tokens, int index, Map<String, String> options) {
        String text = tokens.get(index).text();
        String name = text.substring(text.startsWith("--") ? 2 : 1);
        int equals = name.indexOf('=');
        if (equals > 0) {
            Magic.Option option = option(magic, name.substring(0, equals), text);
            put(magic, options, option, name.substring(equals + 1), text);
            return index;
        }
        Magic.Option option = option(magic, name, text);
        if (option.isFlag()) {
            put(magic, options, option, "true", text);
            return index;
        }
        if (index + 1 >= tokens.size()) {
            throw new JaneException(
                    "%" + magic.name(),
                    "option %s has no value; need %s %s",
                    text,
                    text,
                    option.placeholder());
        }
        put(magic, options, option, tokens.get(index + 1).text(), text);
        return index + 1;
    }

    private static void put(
            Magic magic,
            Map<String, String> options,
            Magic.Option option,
            String value,
            String text) {
        if (options.put(option.name(), value) != null) {
            throw new JaneException(
                    "%" + magic.name(),
                    "option %s is given twice, the second time as %s; need it once",
                    option.name(),
                    text);
        }
    }

    private static Magic.Option option(Magic magic, String name, String text) {
        List<Magic.Option> options = magic.options();
        for (Magic.Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        List<Magic.Option> starting =
                options.stream().filter(option -> option.name().startsWith(name)).toList();
        if (text.startsWith("-") && starting.size() == 1) {
            return starting.get(0);
        }
        List<String> names = options.stream().map(Magic.Option::name).toList();
        throw new JaneException(
                "%" + magic.name(),
                "unknown option %s%s; need %s",
                text,
                Nearest.hint(name, names, ""),
                names.isEmpty() ? "none, this magic takes no options" : "one of " + names);
    }
}
