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
    private static final String IN_PROCESS = "ane:inprocess";
    private static final String ISOLATED = "ane:isolated"; // what ane means, in full
    private static final String ON_CPU = "ane:cpu";
    private static final String BY = "/";

    private Engines() {}

    /** What tells of the power of this machine. */
    public static PowerSource power() {
        return AneEngine.power();
    }

    /**
     * Names that {@link #open} takes: {@code cpu}; {@code ane}, {@code ane:inprocess} and {@code
     * ane:cpu}, on a Mac; and {@code sim:} before each target's name. {@code ane} and {@code
     * ane:inprocess} may be followed by the route to take, {@code /e5rt} or {@code /inmem}.
     */
    public static List<String> names() {
        var names = new ArrayList<>(List.of("cpu", ANE, IN_PROCESS, ON_CPU));
        Target.names().forEach(target -> names.add(SIM + target));
        return List.copyOf(names);
    }

    /**
     * Opens an engine.
     *
     * @param name {@code cpu}; {@code ane}, or {@code ane:isolated} in full, for the Neural Engine
     *     from a worker process; {@code ane:inprocess} for it from this one; {@code ane/inmem} for
     *     a route; {@code ane:cpu}; or {@code sim:} and a target, to which {@code :fast} may be
     *     added for fp16 after each op instead of the measured arithmetic
     * @param threads worker threads, as {@link CpuEngine#requireThreads} has it
     * @throws JaneException if the name means nothing, with what it could be, or the number of
     *     threads is out of range
     * @throws EngineUnavailableException if this machine has no such engine, with why
     */
    public static Engine open(String name, int threads) {
        CpuEngine.requireThreads(threads); // of every engine: the CPU takes what others do not
        if (name.startsWith(SIM)) {
            return SimEngine.named(name.substring(SIM.length()), threads);
        }
        if (name.equals(ON_CPU)) {
            return AneEngine.openOnCpu();
        }
        for (var place : List.of(ANE, ISOLATED, IN_PROCESS)) {
            boolean isolated = !place.equals(IN_PROCESS);
            if (name.equals(place)) {
                return AneEngine.open(isolated);
            }
            for (var route : Route.values()) {
                if (name.equals(place + BY + route.word())) {
                    return AneEngine.open(isolated, route);
                }
            }
        }
        if (!name.equals("cpu")) {
            throw new JaneException("engine", "unknown engine '%s'; need one of %s", name, names());
        }
        return new CpuEngine(threads);
    }
}
