package jane.engine.ane;

import jane.ir.JaneException;

/** The Neural Engine, its framework or its worker failed: call, status, native text, remedy. */
public final class AneException extends JaneException {
    private static final long serialVersionUID = 1L;

    private final AneStatus status;
    private final String text;

    /**
     * A failure.
     *
     * @param text what happened, beginning with the call
     */
    AneException(AneStatus status, String text) {
        super("ane", "%s (%s); %s", text, status, status.remedy());
        this.status = status;
        this.text = text;
    }

    /** What kind it is. */
    public AneStatus status() {
        return status;
    }

    /** What happened, beginning with the call, without the remedy. */
    public String text() {
        return text;
    }

    /** The same failure, told with what was under way, which that of a worker tells already. */
    AneException during(String action) {
        return status == AneStatus.WORKER ? this : new AneException(status, action + ": " + text);
    }
}
