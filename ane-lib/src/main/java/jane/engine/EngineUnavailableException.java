package jane.engine;

import jane.ir.JaneException;

/** An engine that this machine does not have: why, and what to do. */
public final class EngineUnavailableException extends JaneException {
    private static final long serialVersionUID = 1L;

    /**
     * An engine that is not here.
     *
     * @param engine its name
     * @param why what is missing
     * @param remedy what to do
     */
    public EngineUnavailableException(String engine, String why, String remedy) {
        super(engine, "this engine is not available here: %s; %s", why, remedy);
    }
}
