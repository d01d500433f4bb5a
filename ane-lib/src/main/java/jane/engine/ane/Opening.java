package jane.engine.ane;

import jane.engine.EngineUnavailableException;
import jane.engine.natives.NativeException;
import jane.engine.power.PowerSource;
import jane.target.Route;
import jane.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which route to the Neural Engine is open, and for which target. */
final class Opening {
    private static final String REMEDY =
            "use cpu, or sim:T with the target T of a chip for the numbers of a Mac";

    private Opening() {}

    /**
     * Opens an engine by the route that is asked for, or by that of the settings, or by the first
     * one that opens.
     */
    static AneEngine of(
            AneSettings settings,
            String name,
            boolean isolated,
            Device device,
            Optional<Route> asked) {
        var routes =
                asked.or(settings::route).map(List::of).orElseGet(() -> List.of(Route.values()));
        var missing = missing(settings, routes);
        if (missing.isPresent()) {
            throw new EngineUnavailableException(name, missing.get(), REMEDY);
        }
        var failures = new ArrayList<String>();
        for (var route : routes) {
            if (!isThere(settings, route)) {
                continue;
            }
            try {
                var target = target(settings, route); // before a worker that it could leave behind
                var bridge = bridge(settings, isolated, device, route);
                var instead = failures.stream().findFirst().map(Opening::told);
                return over(bridge, name, target, instead, power(device));
            } catch (NativeException e) {
                throw new EngineUnavailableException(name, e.reason(), REMEDY);
            } catch (AneException e) {
                failures.add(route.word() + " cannot be opened: " + e.text());
            }
        }
        throw new EngineUnavailableException(name, String.join("; ", failures), REMEDY);
    }

    /** Leaves no worker if there is no folder for programs. */
    private static AneEngine over(
            Bridge bridge,
            String name,
            Target target,
            Optional<String> instead,
            PowerSource power) {
        try {
            return AneEngine.of(name, target, bridge, instead, power);
        } catch (AneException e) {
            bridge.close();
            throw e;
        }
    }

    /** Energy is the Neural Engine's. */
    private static PowerSource power(Device device) {
        return device == Device.ANE ? AneEngine.power() : PowerSource.NONE;
    }

    private static String told(String why) {
        warn(why + "; programs go by the in-memory route");
        return why;
    }

    static void warn(String text) {
        System.getLogger("jane.engine").log(System.Logger.Level.WARNING, text);
    }

    private static Bridge bridge(
            AneSettings settings, boolean isolated, Device device, Route route) {
        return isolated
                ? IsolatedBridge.open(WorkerSettings.of(settings, device, route))
                : NativeBridge.open(
                        settings.bridge(),
                        settings.framework(route),
                        device,
                        settings.power(),
                        route);
    }

    /** Why none of the routes is here, as far as that shows without opening one. */
    static Optional<String> missing(AneSettings settings, List<Route> routes) {
        if (routes.stream().noneMatch(route -> isThere(settings, route))) {
            return Optional.of("the Neural Engine needs a Mac, and this is not macOS");
        }
        if (settings.mac() && !settings.arch().equals("aarch64")) {
            return Optional.of(
                    "this Java is built for " + settings.arch() + "; need one for aarch64");
        }
        return Optional.empty();
    }

    /** On other systems than a Mac's, a route is there with a bridge and a framework for it. */
    private static boolean isThere(AneSettings settings, Route route) {
        return settings.mac()
                || settings.bridge().isPresent() && settings.framework(route).isPresent();
    }

    private static Target target(AneSettings settings, Route route) {
        return settings.target()
                .map(named -> Target.named(named).by(route))
                .orElseGet(() -> Target.detected(processor(), settings.major(), route));
    }

    /** As macOS calls the processor: {@code Apple M4 Pro}; empty where it cannot be asked. */
    private static String processor() {
        try {
            var sysctl =
                    new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
                            .redirectErrorStream(true)
                            .start();
            var said = sysctl.getInputStream().readAllBytes();
            return new String(said, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
