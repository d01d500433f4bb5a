package jane.cli.selftest;

/**
 * One thing that was looked at.
 *
 * @param section the part of the report
 * @param name what was looked at
 * @param engine where; empty if on none
 * @param expected from published findings, or by the rules of the target
 * @param found here; the reason if that is unavailable
 * @param evidence what it was found on
 */
public record Line(
        String section,
        String name,
        String engine,
        String expected,
        String found,
        Verdict verdict,
        Evidence evidence) {
    /** The line for a person. */
    public String text() {
        return "%-11s %s%s%s: expected %s; found %s"
                .formatted(
                        verdict,
                        evidence.mark().isEmpty() ? "" : evidence.mark() + "  ",
                        engine.isEmpty() ? "" : engine + "  ",
                        name,
                        expected,
                        found);
    }
}
