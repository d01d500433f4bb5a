package jane.cli.selftest;

import jane.engine.power.PowerSource;
import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import java.util.List;
import java.util.Locale;

/** What the system tells of power. */
final class Power {
    private static final String SECTION = "power";

    private Power() {}

    static List<Line> of(PowerSource source) {
        var state = source.state();
        var energy = source.nanojoules();
        return List.of(
                line("supply", state.toString(), state.supply() != Supply.UNKNOWN),
                line("low-power mode", state.toString(), state.lowPower().isPresent()),
                line("heat", state.toString(), state.heat() != Heat.UNKNOWN),
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
