package jane.notebook.magics;

import java.util.regex.Pattern;

/**
 * Java text with its comments blanked out, and a copy in which the insides of strings are blanked
 * too: brackets and semicolons that are left in that copy are code. Every character keeps its
 * place.
 */
final class MaskedJava {
    private final char[] code;
    private final char[] structure;

    MaskedJava(String source) {
        code = source.toCharArray();
        structure = source.toCharArray();
        int at = 0;
        while (at < code.length) {
            if (isAt(at, "//")) {
                at = blank(at, end(at, "\n", 0), true);
            } else if (isAt(at, "/*")) {
                at = blank(at, end(at + 2, "*/", 2), true);
            } else if (isAt(at, "\"\"\"")) {
                at = blank(at, end(at + 3, "\"\"\"", 3), false);
            } else if (code[at] == '"' || code[at] == '\'') {
                at = blank(at, literalEnd(at), false);
            } else {
                at++;
            }
        }
    }

    private boolean isAt(int at, String token) {
        for (int i = 0; i < token.length(); i++) {
            if (at + i >= code.length || code[at + i] != token.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int end(int from, String token, int length) {
        for (int at = from; at < code.length; at++) {
            if (isAt(at, token) && code[at - 1] != '\\') {
                return at + length;
            }
        }
        return code.length;
    }

    private int literalEnd(int open) {
        for (int at = open + 1; at < code.length && code[at] != '\n'; at++) {
            if (code[at] == '\\') {
                at++;
            } else if (code[at] == code[open]) {
                return at + 1;
            }
        }
        return open + 1; // not closed: the compiler words that best
    }

    private int blank(int from, int to, boolean alsoInCode) {
        for (int at = from; at < to; at++) {
            if (code[at] != '\n') {
                structure[at] = alsoInCode ? ' ' : '_';
                code[at] = alsoInCode ? ' ' : code[at];
            }
        }
        return to;
    }

    /** The text without comments. */
    String code() {
        return new String(code);
    }

    /** The text without comments and without the insides of strings. */
    String structure() {
        return new String(structure);
    }

    /** Whether {@code pattern} is found between two places, outside of brackets. */
    boolean outside(Pattern pattern, int from, int to) {
        var found = pattern.matcher(structure()).region(from, to);
        while (found.find()) {
            if (depth(from, found.start()) == 0) {
                return true;
            }
        }
        return false;
    }

    /** How many brackets are open at {@code to} that were not at {@code from}. */
    private int depth(int from, int to) {
        int depth = 0;
        for (int at = from; at < to; at++) {
            depth += "([{".indexOf(structure[at]) >= 0 ? 1 : 0;
            depth -= ")]}".indexOf(structure[at]) >= 0 ? 1 : 0;
        }
        return depth;
    }

    /**
     * Where the statement that contains {@code from} ends with its semicolon; -1 if it does not.
     */
    int semicolon(int from) {
        int depth = 0;
        for (int at = from; at < structure.length; at++) {
            switch (structure[at]) {
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth--;
                case ';' -> {
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> {}
            }
            if (depth < 0) {
                return -1;
            }
        }
        return -1;
    }
}
