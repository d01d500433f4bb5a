package jane.notebook.kernel;

/** The few colours of error output; each is readable on light and on dark pages. */
final class Ansi {
    private static final String RESET = "\u001b[0m";

    private Ansi() {}

    static String error(String text) {
        return "\u001b[1;31m" + text + RESET;
    }

    static String place(String text) {
        return "\u001b[36m" + text + RESET;
    }

    /** Without colours. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[\\d;]*m", "");
    }
}
