package jane.notebook.kernel;

/** Lines and columns of an offset in a text, both from 0. */
final class Lines {
    private Lines() {}

    /** How many line ends stand before {@code offset}. */
    static int count(String text, int offset) {
        int lines = 0;
        for (int i = 0; i < Math.min(offset, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                lines++;
            }
        }
        return lines;
    }

    /** How many characters stand between the line's start and {@code offset}. */
    static int column(String text, int offset) {
        int end = Math.min(offset, text.length());
        return end - (text.lastIndexOf('\n', end - 1) + 1);
    }
}
