package jane.cli.selftest;

import jane.engine.EngineUnavailableException;
import jane.engine.ane.AneEngine;
import jane.target.Route;
import java.util.ArrayList;
import java.util.List;

/** This machine, and the ways from it to a Neural Engine. */
final class Surroundings {
    private static final String MACHINE = "machine";
    private static final String ROUTES = "routes";

    private final Evidence evidence = Evidence.ofMachine();
    private final List<Line> lines = new ArrayList<>();

    private Surroundings() {}

    /** With the processor's name, which may be empty. */
    static List<Line> of(String processor) {
        var found = new Surroundings();
        found.machine(processor);
        found.e5rt();
        found.inMemory();
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

    private void e5rt() {
        var missing = AneEngine.missing();
        if (missing.isPresent()) {
            closed(missing.get(), Verdict.UNAVAILABLE);
            return;
        }
        try (var engine = AneEngine.open(true, Route.E5RT)) {
            var said = told(engine);
            add(ROUTES, "e5rt", "opens", said, Verdict.OK);
            var symbols = said.replaceFirst(".*symbols=([^;]*).*", "$1");
            add(ROUTES, "symbols of e5rt", "all there", symbols, Verdict.OK);
            var target = engine.target().orElseThrow();
            add(
                    ROUTES,
                    "target",
                    "a chip with findings",
                    target.chip().map(c -> target.name()).orElse("none: all rules are kept"),
                    target.chip().isPresent() ? Verdict.OK : Verdict.UNAVAILABLE);
        } catch (EngineUnavailableException e) {
            closed(e.getMessage(), notOpen());
        }
    }

    private void inMemory() {
        try (var engine = AneEngine.open(true, Route.IN_MEMORY)) {
            add(ROUTES, "in-memory", "opens", told(engine), Verdict.OK);
        } catch (EngineUnavailableException e) {
            add(ROUTES, "in-memory", "opens", e.getMessage(), notOpen());
        }
    }

    private Verdict notOpen() {
        return evidence == Evidence.HARDWARE ? Verdict.DIFFERS : Verdict.UNAVAILABLE;
    }

    private static String told(AneEngine engine) {
        return engine.route().strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private void closed(String why, Verdict verdict) {
        add(ROUTES, "e5rt", "opens", why, verdict);
        add(ROUTES, "symbols of e5rt", "all there", why, verdict);
        add(ROUTES, "target", "a chip with findings", why, verdict);
    }

    private void add(String section, String name, String expected, String found, Verdict verdict) {
        lines.add(new Line(section, name, "", expected, found, verdict, evidence));
    }
}
