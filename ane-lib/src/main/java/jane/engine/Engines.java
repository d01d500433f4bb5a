package jane.engine;

import jane.engine.cpu.CpuEngine;
import jane.ir.JaneException;
import java.util.List;

/** The chooser: an engine by the name a user gives. */
public final class Engines {
    private Engines() {}

    /** Names that {@link #open} takes. */
    public static List<String> names() {
        return List.of("cpu");
    }

    /**
     * Opens an engine.
     *
     * @param name one of {@link #names}
     * @param threads worker threads, 1 or more
     */
    public static Engine open(String name, int threads) {
        if (threads < 1) {
            throw new JaneException("engine", "%d threads; need 1 or more", threads);
        }
        if (!names().contains(name)) {
            throw new JaneException("engine", "unknown engine '%s'; need one of %s", name, names());
        }
        return new CpuEngine(threads);
    }
}
