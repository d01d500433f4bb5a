package jane.ir;

/** Shapes or dtypes that do not fit an op; the message names the op, what it got and the fix. */
public final class ShapeException extends JaneException {
    private static final long serialVersionUID = 1L;

    /** See {@link JaneException#JaneException(String, String, Object...)}. */
    public ShapeException(String where, String format, Object... args) {
        super(where, format, args);
    }
}
