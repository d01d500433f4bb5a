package jane.engine;

import jane.ir.JaneException;

/** An engine's device, or what stands between, failed. */
public class DeviceException extends JaneException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * A failure.
     *
     * @param where the engine
     * @param refused whether the device did not take the program: nothing has run, and the
     *     processor can run it instead
     */
    protected DeviceException(String where, boolean refused, String format, Object... args) {
        super(where, format, args);
        this.refused = refused;
    }

    /** Whether nothing has run, so that the processor can run the program instead. */
    public final boolean refused() {
        return refused;
    }
}
