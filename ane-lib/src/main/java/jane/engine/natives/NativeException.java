package jane.engine.natives;

import jane.ir.JaneException;

/** Native code cannot be had: says why and what helps. Whoever can do without it goes on. */
public final class NativeException extends JaneException {
    private static final long serialVersionUID = 1L;

    /** A reason, with what to do about it. */
    public NativeException(String format, Object... args) {
        super("native", format, args);
    }

    /** As above, keeping the error that led here. */
    public NativeException(Throwable cause, String format, Object... args) {
        super(cause, "native", format, args);
    }

    /** The message without its {@code [native]}, to be put into another sentence. */
    public String reason() {
        return getMessage().substring("[native] ".length());
    }
}
