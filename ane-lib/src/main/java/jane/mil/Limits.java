package jane.mil;

/** Bounds on text from outside, so that hostile text ends in an error and not in a full heap. */
final class Limits {
    /** Characters of MIL text: large programs have a few million. */
    static final int TEXT_CHARS = 1 << 26;

    /** Nested brackets, types or tuples: bounds the parser's recursion. */
    static final int DEPTH = 64;

    /** Elements of one tensor: larger ones fit no buffer. */
    static final int ELEMENTS = 1 << 29;

    /** Characters of one number: hex floats need about 25. */
    static final int NUMBER_CHARS = 512;

    private Limits() {}
}
