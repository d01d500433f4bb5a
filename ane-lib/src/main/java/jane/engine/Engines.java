package jane.engine;

import jane.engine.ane.AneEngine;
import jane.engine.cpu.CpuEngine;
import jane.engine.power.PowerSource;
import jane.engine.sim.SimEngine;
import jane.ir.JaneException;
import jane.target.Route;
import jane.target.Target;
import java.util.ArrayList;
import java.util.List;

/** The chooser: an engine by the name a user gives. */
public final class Engines {
    private static final String SIM = "sim:";
    private static final String ANE = "ane";
    private static final String ISOLATED = "ane:isolated";
    private static final String ON_CPU = "ane:cpu";
    private static final String BY = "/";

    private Engines() {}

    /** What tells of the power of this machine. */
    public static PowerSource power() {
        return AneEngine.power();
    }

    /**
     * Names that {@link #open} takes: {@code cpu}; {@code ane}, {@code ane:isolated} and {@code
     * ane:cpu}, on a Mac; and {@code sim:} before each target's name. {@code ane} and {@code
     * ane:isolated} may be followed by the route to take, {@code /e5rt} or {@code /inmem}.
     */
    public static List<String> names() {
        var names = new ArrayList<>(List.of("cpu", ANE, ISOLATED, ON_CPU));
        Target.names().forEach(target -> names.add(SIM + target));
        return List.copyOf(names);
    }

    /**
     * Opens an engine.
     *
     * @param name {@code cpu}, {@code ane}, {@code ane:isolated/inmem}, {@code ane:cpu}, or {@code
     *     sim:} and a target, to which {@code :fast} may be added for fp16 after each op instead of
     *     the measured arithmetic
     * @param threads worker threads, 1 or more
     * @throws JaneException if the name means nothing, with what it could be
     * @throws EngineUnavailableException if this machine has no such engine, with why
     */
    public static Engine open(String name, int threads) {
        if (threads < 1) {
            throw new JaneException("engine", "%d threads; need 1 or more", threads);
        }
        if (name.startsWith(SIM)) {
            return SimEngine.named(name.substring(SIM.length()), threads);
        }
        if (name.equals(ON_CPU)) {
            return AneEngine.openOnCpu();
        }
        if (name.equals(ANE) || name.equals(ISOLATED)) {
            return AneEngine.open(name.equals(ISOLATED));
        }
        for (var route : Route.values()) {
            var by = BY + route.word();
            if (name.equals(ANE + by) || name.equals(ISOLATED + by)) {
                return AneEngine.open(name.startsWith(ISOLATED), route);
            }
        }
        if (!name.equals("cpu")) {
            throw new JaneException("engine", "unknown engine '%s'; need one of %s", name, names());
        }
        return new CpuEngine(threads);
    }
}
