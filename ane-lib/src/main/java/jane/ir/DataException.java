package jane.ir;

/** Data that cannot be used: a missing, truncated or lying file, a label or value out of range. */
public final class DataException extends JaneException {
    private static final long serialVersionUID = 1L;

    /** See {@link JaneException#JaneException(String, String, Object...)}. */
    public DataException(String where, String format, Object... args) {
        super(where, format, args);
    }

    /** As above, keeping the error that led here. */
    public DataException(Throwable cause, String where, String format, Object... args) {
        super(cause, where, format, args);
    }
}
