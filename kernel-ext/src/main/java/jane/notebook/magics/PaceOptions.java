package jane.notebook.magics;

import jane.engine.Engines;
import jane.engine.power.Pacing;
import jane.engine.power.PowerState.Heat;
import jane.engine.power.Qos;
import jane.ir.JaneException;
import jane.notebook.chart.HtmlTable;
import jane.notebook.magic.Magic;
import jane.tensor.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code %jane} says and sets of how training spares the machine. */
final class PaceOptions {
    static final List<Magic.Option> ALL =
            List.of(
                    new Magic.Option(
                            "duty", "SHARE", "of the time for training steps, 0.5 for half"),
                    new Magic.Option("battery", "pause|run", "whether to train on battery"),
                    new Magic.Option("lowpower", "pause|run", "whether to train in low-power mode"),
                    new Magic.Option(
                            "heat", "LEVEL", "pause from fair, serious or critical on; or run"),
                    new Magic.Option(
                            "qos", "CLASS", "urgency of ane: background to user-interactive"));

    static final String HELP =
            "%jane duty=0.5 battery=pause  training steps take half of the time, and none on"
                    + " battery\n"
                    + "%jane qos=utility           less urgent work, on engine ane\n";

    private PaceOptions() {}

    /** Does what the options of a call say; nothing if it has none of them. */
    static void apply(Magic.Call call) {
        var session = Session.current();
        if (call.has("qos")) {
            session.engine().qos(Qos.named(call.option("qos", "")));
        }
        var before = session.pacer().pacing();
        var pacing = before;
        if (call.has("duty")) {
            pacing = pacing.dutyCycle(share(call.option("duty", "")));
        }
        if (call.has("battery")) {
            pacing = pauses(call, "battery") ? pacing.pauseOnBattery() : pacing.runOnBattery();
        }
        if (call.has("lowpower")) {
            pacing = pauses(call, "lowpower") ? pacing.pauseInLowPower() : pacing.runInLowPower();
        }
        if (call.has("heat")) {
            pacing = heat(pacing, call.option("heat", ""));
        }
        if (!pacing.equals(before)) {
            session.pace(pacing);
        }
    }

    private static double share(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw new JaneException("%jane", "duty=%s; need a share such as 0.5", word);
        }
    }

    private static boolean pauses(Magic.Call call, String option) {
        var word = call.option(option, "");
        if (!List.of("pause", "run").contains(word)) {
            throw new JaneException(
                    "%jane", "%s=%s; need %s=pause or %s=run", option, word, option, option);
        }
        return word.equals("pause");
    }

    private static Pacing heat(Pacing pacing, String word) {
        if (word.equals("run")) {
            return pacing.runAtAnyHeat();
        }
        return Arrays.stream(Heat.values())
                .filter(h -> h.compareTo(Heat.NOMINAL) > 0 && h.word().equals(word))
                .findFirst()
                .map(pacing::pauseAt)
                .orElseThrow(
                        () ->
                                new JaneException(
                                        "%jane",
                                        "heat=%s; need fair, serious, critical or run", word));
    }

    /** What is set, and what the system tells. */
    static void rows(HtmlTable table) {
        table.row("pace", Session.current().pacer().pacing().toString());
        var power = Engines.power();
        table.row("power", power.state().toString());
        var energy = power.nanojoules();
        table.row(
                "energy of the engine",
                energy.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%.3f J since the machine started",
                                energy.getAsLong() / 1e9)
                        : "unavailable");
    }
}
