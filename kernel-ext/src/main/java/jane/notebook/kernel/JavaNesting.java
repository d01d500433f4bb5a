package jane.notebook.kernel;

/**
 * Follows Java line by line as far as needed to know what a line stands in: brackets, a text block,
 * a comment.
 */
final class JavaNesting {
    private int depth;
    private boolean comment;
    private boolean textBlock;

    /** How many brackets of any kind are open. */
    int depth() {
        return depth;
    }

    /** Whether the next line starts inside a comment or a text block. */
    boolean inText() {
        return comment || textBlock;
    }

    void read(String line) {
        int at = 0;
        while (at < line.length()) {
            if (comment) {
                int end = line.indexOf("*/", at);
                comment = end < 0;
                at = end < 0 ? line.length() : end + 2;
            } else if (textBlock) {
                at = afterTextBlock(line, at);
            } else {
                at = code(line, at);
            }
        }
    }

    private int afterTextBlock(String line, int from) {
        int end = line.indexOf("\"\"\"", from);
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end = line.indexOf("\"\"\"", end + 1);
        }
        textBlock = end < 0;
        return end < 0 ? line.length() : end + 3;
    }

    private int code(String line, int at) {
        if (line.startsWith("//", at)) {
            return line.length();
        }
        if (line.startsWith("/*", at)) {
            comment = true;
            return at + 2;
        }
        if (line.startsWith("\"\"\"", at)) {
            textBlock = true;
            return at + 3;
        }
        char c = line.charAt(at);
        if (c == '"' || c == '\'') {
            return afterLiteral(line, at);
        }
        if ("([{".indexOf(c) >= 0) {
            depth++;
        } else if (")]}".indexOf(c) >= 0) {
            depth = Math.max(0, depth - 1);
        }
        return at + 1;
    }

    private static int afterLiteral(String line, int open) {
        for (int at = open + 1; at < line.length(); at++) {
            if (line.charAt(at) == '\\') {
                at++;
            } else if (line.charAt(at) == line.charAt(open)) {
                return at + 1;
            }
        }
        return line.length();
    }
}
