package jane.cli.selftest;

import jane.engine.EngineUnavailableException;
import jane.engine.ane.AneEngine;
import jane.engine.power.Qos;
import jane.ir.JaneException;
import jane.target.Route;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This machine, and the ways from it to a Neural Engine. */
final class Surroundings {
    private static final String MACHINE = "machine";
    private static final String ROUTES = "routes";
    private static final String POWER = "power";
    private static final String SYMBOLS = "symbols of ";
    private static final String ALL_THERE = "all there";
    private static final String TARGET = "target by ";
    private static final String KNOWN = "a chip with findings";
    private static final String QOS = "quality of service by ";
    private static final String LEVELS =
            Stream.of(Qos.values()).map(Qos::word).collect(Collectors.joining(", "));
    private static final Map<Route, String> NAMES =
            new EnumMap<>(Map.of(Route.E5RT, "e5rt", Route.IN_MEMORY, "in-memory"));

    private final Evidence evidence = Evidence.ofMachine();
    private final List<Line> lines = new ArrayList<>();

    private Surroundings() {}

    /** With the processor's name, which may be empty. */
    static List<Line> of(String processor) {
        var found = new Surroundings();
        found.machine(processor);
        NAMES.keySet().forEach(found::route);
        return found.lines;
    }

    private void machine(String processor) {
        boolean none = AneEngine.missing().isPresent();
        var os = System.getProperty("os.name");
        add(
                MACHINE,
                "chip",
                "Apple silicon",
                processor.isEmpty() ? "no Apple chip, or one that is not told" : processor,
                processor.startsWith("Apple") ? Verdict.OK : Verdict.UNAVAILABLE);
        add(
                MACHINE,
                "system",
                "macOS 14 or newer",
                os + " " + System.getProperty("os.version"),
                os.startsWith("Mac") ? Verdict.OK : Verdict.UNAVAILABLE);
        add(
                MACHINE,
                "Java",
                none ? "17 or newer" : "17 or newer, for aarch64",
                Runtime.version() + ", for " + System.getProperty("os.arch"),
                Runtime.version().feature() >= 17 ? Verdict.OK : Verdict.DIFFERS);
    }

    private void route(Route route) {
        var name = NAMES.get(route);
        try (var engine = AneEngine.open(true, route)) {
            var said = told(engine);
            add(ROUTES, name, "opens", said, Verdict.OK);
            var calls = said.replaceFirst(".*(?:symbols|methods)=([^;]*).*", "$1");
            add(ROUTES, SYMBOLS + name, ALL_THERE, calls, Verdict.OK);
            var target = engine.target().orElseThrow();
            add(
                    ROUTES,
                    TARGET + name,
                    KNOWN,
                    target.chip().map(c -> target.name()).orElse("none: all rules are kept"),
                    target.chip().isPresent() ? Verdict.OK : Verdict.UNAVAILABLE);
            qos(engine, name);
        } catch (EngineUnavailableException e) {
            add(ROUTES, name, "opens", e.getMessage(), notThere());
            var closed = name + " does not open";
            add(ROUTES, SYMBOLS + name, ALL_THERE, closed, Verdict.UNAVAILABLE);
            add(ROUTES, TARGET + name, KNOWN, closed, Verdict.UNAVAILABLE);
            add(POWER, QOS + name, LEVELS, closed, Verdict.UNAVAILABLE);
        }
    }

    /** Which classes of urgency the bridge and the system take. */
    private void qos(AneEngine engine, String name) {
        var taken = new ArrayList<String>();
        var refused = "";
        for (var level : Qos.values()) {
            try {
                engine.qos(level);
                taken.add(level.word());
            } catch (JaneException e) {
                refused = refused.isEmpty() ? "; " + level.word() + ": " + e.getMessage() : refused;
            }
        }
        var found =
                (taken.isEmpty() ? "none taken" : "taken: " + String.join(", ", taken)) + refused;
        var verdict = refused.isEmpty() ? Verdict.OK : notThere();
        add(POWER, QOS + name, LEVELS, found, verdict);
    }

    /** A Mac with a Neural Engine has it all. */
    private Verdict notThere() {
        return AneEngine.missing().isEmpty() && evidence == Evidence.HARDWARE
                ? Verdict.DIFFERS
                : Verdict.UNAVAILABLE;
    }

    private static String told(AneEngine engine) {
        return engine.route().strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private void add(String section, String name, String expected, String found, Verdict verdict) {
        lines.add(new Line(section, name, "", expected, found, verdict, evidence));
    }
}
