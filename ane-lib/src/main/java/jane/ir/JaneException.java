package jane.ir;

/**
 * Base of every error Jane raises for a caller to read: {@code [where] what is wrong: values got;
 * need ...}. The notebook and the command line print the message and no stack.
 */
public class JaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String where;

    /**
     * Formats {@code [where] } followed by {@code format} with {@code args}.
     *
     * @param where the op, file or component that refuses
     * @param format what is wrong, what was found, what is needed
     */
    public JaneException(String where, String format, Object... args) {
        this(null, where, format, args);
    }

    /** As above, keeping the error that led here. */
    public JaneException(Throwable cause, String where, String format, Object... args) {
        super("[" + where + "] " + String.format(format, args), cause);
        this.where = where;
    }

    /** The op, file or component named in brackets. */
    public final String where() {
        return where;
    }
}
