package jane.engine.ane;

import jane.engine.DeviceException;
import java.util.EnumSet;
import java.util.Set;

/** The Neural Engine, its framework or its worker failed: call, status, native text, remedy. */
public final class AneException extends DeviceException {
    private static final long serialVersionUID = 1L;

    /** What is said of a program that is not on the device yet, and of no other. */
    private static final Set<AneStatus> REFUSALS =
            Set.copyOf(
                    EnumSet.of(
                            AneStatus.ECOMPILE,
                            AneStatus.ELOAD,
                            AneStatus.ESLOTS,
                            AneStatus.EPORT));

    /** What else may keep a program off the device, the processor not being at fault. */
    private static final Set<AneStatus> HINDRANCES =
            Set.copyOf(EnumSet.of(AneStatus.EEXCEPTION, AneStatus.ENOMEM, AneStatus.EIO));

    private final AneStatus status;
    private final String text;

    /**
     * A failure.
     *
     * @param text what happened, beginning with the call
     */
    AneException(AneStatus status, String text) {
        this(status, text, REFUSALS.contains(status));
    }

    private AneException(AneStatus status, String text, boolean refused) {
        super("ane", refused, "%s (%s); %s", text, status, status.remedy());
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
        return status == AneStatus.WORKER
                ? this
                : new AneException(status, action + ": " + text, refused());
    }

    /** The same, of a program on its way to the device. */
    AneException before(String action) {
        return status == AneStatus.WORKER
                ? this
                : new AneException(
                        status, action + ": " + text, refused() || HINDRANCES.contains(status));
    }
}
