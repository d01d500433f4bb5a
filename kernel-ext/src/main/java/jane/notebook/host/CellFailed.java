package jane.notebook.host;

import jane.ir.JaneException;

/**
 * Ends a cell by an error of Jane's. The host prints its text and no more, for it has no stack; of
 * any other error, which is a bug, the stack is wanted.
 */
final class CellFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable failure;

    /**
     * Says why.
     *
     * @param place a line to print below the message, or empty
     */
    CellFailed(Throwable failure, String place) {
        super(text(failure) + place, isForReaders(failure) ? null : failure, false, false);
        this.failure = failure;
    }

    private static boolean isForReaders(Throwable failure) {
        return failure instanceof JaneException;
    }

    /** What there is to say of it: a bug may have no message. */
    static String text(Throwable failure) {
        return isForReaders(failure) ? failure.getMessage() : failure.toString();
    }

    Throwable failure() {
        return failure;
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
