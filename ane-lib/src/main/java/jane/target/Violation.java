package jane.target;

/**
 * One place where a program breaks one rule.
 *
 * @param rule the rule's id, such as {@code ANE-C29}
 * @param effect what happens on the chip
 * @param target the target's name
 * @param position index of the node in {@link jane.ir.Graph#nodes()}, or of the statement in the
 *     text; -1 for the program as a whole, an input or an output
 * @param line line in the text, from 1; 0 for graphs
 * @param op the MIL op; {@code input}, {@code output} or {@code program} where it is none
 * @param name the variable; empty for the program as a whole
 * @param found what stands there, with its numbers
 * @param need what the target takes
 * @param remedy what to do
 */
public record Violation(
        String rule,
        Severity severity,
        Effect effect,
        String target,
        int position,
        int line,
        String op,
        String name,
        String found,
        String need,
        String remedy) {
    /** Whether the program must not be given to the target. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code [ANE-C29] error: conv 'y' (line 12): kernel width 17; need at most 13 on m1: ...}. */
    @Override
    public String toString() {
        String where = name.isEmpty() ? op : op + " '" + name + "'";
        return String.format(
                "[%s] %s: %s%s: %s; need %s on %s: %s",
                rule,
                severity.word(),
                where,
                line > 0 ? " (line " + line + ")" : "",
                found,
                need,
                target,
                remedy);
    }
}
