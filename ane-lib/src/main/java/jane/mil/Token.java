package jane.mil;

/**
 * One word of MIL text.
 *
 * @param text the word; of a string, its contents with escapes resolved
 * @param offset where it starts in the source
 */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        IDENT("a name"),
        NUMBER("a number"),
        STRING("a string"),
        PUNCTUATION("punctuation"),
        END("the end of the text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean is(String punctuation) {
        return kind == Kind.PUNCTUATION && text.equals(punctuation);
    }

    /** For error messages. */
    @Override
    public String toString() {
        if (kind == Kind.END) {
            return kind.toString();
        }
        String shown = text.length() <= 40 ? text : text.substring(0, 37) + "...";
        return kind == Kind.STRING ? "\"" + shown + "\"" : "'" + shown + "'";
    }
}
