package jane.notebook.kernel;

import java.util.List;

/** Why a cell ended without finishing, worded for the person at the notebook. */
final class CellFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final transient List<String> lines;

    CellFailure(String name, String message, List<String> lines, Throwable cause) {
        super(message, cause);
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    static CellFailure interrupted(Throwable cause) {
        String message = "the cell was interrupted; what ran before stays";
        return new CellFailure(
                "Interrupted", message, List.of(Ansi.error("Interrupted: ") + message), cause);
    }

    static CellFailure leftBehind(long millis) {
        String message =
                String.format(
                        "the cell did not stop within %.1f s: it is in code that never looks at its"
                            + " interrupt flag, and goes on in the background; restart the kernel"
                            + " to end it",
                        millis / 1000.0);
        return new CellFailure(
                "Interrupted", message, List.of(Ansi.error("Interrupted: ") + message), null);
    }

    /** For a cell that was queued behind one that failed. */
    static CellFailure aborted() {
        return new CellFailure("Aborted", "an earlier cell failed", List.of(), null);
    }

    /** The kind of error, as {@code ArithmeticException}. */
    String name() {
        return name;
    }

    /** What the notebook prints, line by line. */
    List<String> lines() {
        return lines;
    }
}
