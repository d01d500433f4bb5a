package jane.notebook.host;

/**
 * Ends the snippet that called a magic which failed. An error and not an exception, since hosts
 * wrap what exceptions a magic throws in others with stacks of their own.
 */
final class MagicError extends Error {
    private static final long serialVersionUID = 1L;

    MagicError(Throwable cause) {
        super(CellFailed.text(cause), cause, false, false);
    }
}
