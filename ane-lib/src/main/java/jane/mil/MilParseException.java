package jane.mil;

import jane.ir.JaneException;

/**
 * MIL text that cannot be read: the message gives line and column, what is wrong and what is
 * needed, then the source line and a caret under the place.
 */
public final class MilParseException extends JaneException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    MilParseException(Throwable cause, int line, int column, String problem, String excerpt) {
        super(cause, "mil", "line %d, column %d: %s\n%s", line, column, problem, excerpt);
        this.line = line;
        this.column = column;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The column in UTF-16 units, from 1. */
    public int column() {
        return column;
    }
}
