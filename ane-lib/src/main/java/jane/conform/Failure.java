package jane.conform;

/**
 * Something that does not conform.
 *
 * @param kind what is wrong, in kind
 * @param variant which program of the graph it was: as drawn, after the passes, ...
 * @param message what is wrong, with numbers
 * @param seed of the campaign
 * @param graph its number under that seed
 * @param reproducer the smallest program found that shows the same
 */
public record Failure(
        Kind kind, String variant, String message, long seed, long graph, Reproducer reproducer) {
    /** Kinds of failure; shrinking keeps them. */
    public enum Kind {
        /** A result differs from the reference's. */
        WRONG_RESULT,
        /** The engine, a pass or the printer threw. */
        THREW,
        /** A program that keeps the target's rules is refused, or one that breaks them taken. */
        RULES,
        /** The text does not read back as what was printed. */
        TEXT,
        /** A gradient differs from finite differences. */
        GRADIENT
    }
}
