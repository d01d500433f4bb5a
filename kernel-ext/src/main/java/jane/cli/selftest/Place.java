package jane.cli.selftest;

import jane.engine.Engine;
import jane.ir.JaneException;
import java.util.List;
import java.util.function.Supplier;

/**
 * An engine that is looked at, and what lines about it come from.
 *
 * @param engine open
 * @param evidence of what it does
 */
record Place(Engine engine, Evidence evidence) {
    /** Whether a Neural Engine runs, so that times are its own. */
    boolean hardware() {
        return evidence == Evidence.HARDWARE;
    }

    Line line(String section, String name, String expected, String found, Verdict verdict) {
        return new Line(section, name, engine.name(), expected, found, verdict, evidence);
    }

    /** Ok or different. */
    Line line(String section, String name, String expected, String found, boolean ok) {
        return line(section, name, expected, found, ok ? Verdict.OK : Verdict.DIFFERS);
    }

    /** An error is a line too: it ends what it came from, not the report. */
    List<Line> tried(String section, String name, Supplier<List<Line>> work) {
        try {
            return work.get();
        } catch (JaneException e) {
            return List.of(line(section, name, "no error", e.getMessage(), Verdict.DIFFERS));
        }
    }
}
