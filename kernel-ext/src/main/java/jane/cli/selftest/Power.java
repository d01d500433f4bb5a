package jane.cli.selftest;

import jane.engine.power.Pacing;
import jane.engine.power.PowerSource;
import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import java.util.List;
import java.util.Locale;

/** What the system tells of power. */
final class Power {
    private static final String SECTION = "power";
    private static final String NO_REASON = "no reason to pause is told";

    private Power() {}

    /** With what the engine does about it by itself. */
    static List<Line> of(PowerSource source, Pacing pacing) {
        var state = source.state();
        var words = state.toString().split("; ");
        var energy = source.nanojoules();
        return List.of(
                line("supply", words[0], state.supply() != Supply.UNKNOWN),
                line("low-power mode", words[1], state.lowPower().isPresent()),
                line("heat", words[2], state.heat() != Heat.UNKNOWN),
                line(
                        "duty cycle and pauses",
                        pacing + "; now: " + pacing.reason(state).orElse(NO_REASON),
                        state.heat() != Heat.UNKNOWN),
                line(
                        "energy of the Neural Engine",
                        energy.isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "%.3f J since the machine started",
                                        energy.getAsLong() / 1e9)
                                : "no counter",
                        energy.isPresent()));
    }

    private static Line line(String name, String found, boolean told) {
        var verdict = told ? Verdict.OK : Verdict.UNAVAILABLE;
        return new Line(SECTION, name, "", "told", found, verdict, Evidence.ofMachine());
    }
}
