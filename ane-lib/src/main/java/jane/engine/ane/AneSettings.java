package jane.engine.ane;

import jane.ir.JaneException;
import jane.target.Route;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about the Neural Engine; read here and nowhere else.
 *
 * @param bridge {@code JANE_ANE}: the path of a bridge that the user built; the bundled one of a
 *     Mac if empty
 * @param framework {@code JANE_ANE_FRAMEWORK}: the path of the framework, or of a stand-in for it;
 *     Apple's if empty
 * @param inMemory {@code JANE_ANE_FRAMEWORK_INMEM}: the same for the in-memory route, paths with
 *     colons between them
 * @param route {@code JANE_ANE_ROUTE}: {@code e5rt} or {@code inmem}, if only that is to be taken
 * @param power {@code JANE_ANE_POWER}: the path of a stand-in for all that tells of power; Apple's
 *     libraries if empty
 * @param target {@code JANE_ANE_TARGET}: the target whose rules to keep, if not that of the machine
 * @param mac whether this is macOS
 * @param arch as {@code os.arch} has it
 * @param system as {@code os.version} has it
 */
record AneSettings(
        Optional<String> bridge,
        Optional<String> framework,
        Optional<String> inMemory,
        Optional<Route> route,
        Optional<String> power,
        Optional<String> target,
        boolean mac,
        String arch,
        String system) {
    static final String BRIDGE = "JANE_ANE";
    static final String FRAMEWORK = "JANE_ANE_FRAMEWORK";
    static final String IN_MEMORY = "JANE_ANE_FRAMEWORK_INMEM";
    static final String ROUTE = "JANE_ANE_ROUTE";
    static final String POWER = "JANE_ANE_POWER";
    static final String TARGET = "JANE_ANE_TARGET";

    /** Those of this process. */
    static AneSettings current() {
        return of(
                System.getenv(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("os.version"));
    }

    static AneSettings of(Map<String, String> env, String os, String arch, String system) {
        return new AneSettings(
                given(env, BRIDGE),
                given(env, FRAMEWORK),
                given(env, IN_MEMORY),
                given(env, ROUTE).map(AneSettings::route),
                given(env, POWER),
                given(env, TARGET),
                os.startsWith("Mac"),
                arch,
                system);
    }

    private static Optional<String> given(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).map(String::strip).filter(s -> !s.isEmpty());
    }

    private static Route route(String word) {
        return Route.ofWord(word)
                .orElseThrow(
                        () ->
                                new JaneException(
                                        "ane", ROUTE + " is '%s'; need e5rt or inmem", word));
    }

    /** The framework to open for a route; Apple's if empty. */
    Optional<String> framework(Route way) {
        return way == Route.E5RT ? framework : inMemory;
    }

    /** Major version of the system, 0 if it cannot be told. */
    int major() {
        var digits = system.split("\\D", 2)[0];
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
