package jane.mil;

/** MIL text that knows where its lines are, and so can say where something is wrong. */
final class Source {
    private static final int EXCERPT_CHARS = 120;

    /** A message that repeats a text of any length is cut here. */
    private static final int MESSAGE_CHARS = 1000;

    private final String text;

    Source(String text) {
        this.text = text;
        if (text.length() > Limits.TEXT_CHARS) {
            throw error(
                    0,
                    "%d characters of text; need at most %d: split the program",
                    text.length(),
                    Limits.TEXT_CHARS);
        }
    }

    String text() {
        return text;
    }

    /** The error for what stands at {@code offset}. */
    MilParseException error(int offset, String format, Object... args) {
        return error(null, offset, format, args);
    }

    /** As above, keeping the error that led here. */
    MilParseException error(Throwable cause, int offset, String format, Object... args) {
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        int line = 1;
        for (int i = 0; i < start; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return new MilParseException(
                cause,
                line,
                offset - start + 1,
                cut(String.format(format, args)),
                excerpt(start, offset));
    }

    private static String cut(String message) {
        return message.length() > MESSAGE_CHARS
                ? message.substring(0, MESSAGE_CHARS) + "..."
                : message;
    }

    /** The line around {@code offset}, cut to a readable width, and a caret under the place. */
    private String excerpt(int start, int offset) {
        int newline = text.indexOf('\n', start);
        int end = newline < 0 ? text.length() : newline;
        int from = Math.max(start, Math.min(offset - EXCERPT_CHARS / 2, end - EXCERPT_CHARS));
        int to = Math.min(end, from + EXCERPT_CHARS);
        String left = from > start ? "..." : "";
        String shown = left + text.substring(from, to) + (to < end ? "..." : "");
        String caret = " ".repeat(left.length() + offset - from) + "^";
        return shown.replaceAll("[\\p{Cntrl}\uFEFF]", " ") + "\n" + caret;
    }
}
