package jane.notebook.kernel;

/** The protocol counts characters, Java counts halves of them outside the basic plane. */
final class CodePoints {
    private CodePoints() {}

    static int toUtf16(String text, int characters) {
        int all = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.max(0, Math.min(characters, all)));
    }

    static int fromUtf16(String text, int index) {
        return text.codePointCount(0, Math.max(0, Math.min(index, text.length())));
    }
}
