package jane.engine.power;

import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/**
 * How training spares the machine.
 *
 * @param dutyCycle the share of the time that steps may take, above 0 and up to 1
 * @param onBattery whether to pause on battery
 * @param inLowPower whether to pause in low-power mode
 * @param heat from which heat on to pause; empty for never
 */
public record Pacing(double dutyCycle, boolean onBattery, boolean inLowPower, Optional<Heat> heat) {
    /** No pauses. */
    public static final Pacing NONE = new Pacing(1, false, false, Optional.empty());

    /** Pauses while the machine is too hot: what a Neural Engine does unless told otherwise. */
    public static final Pacing COOL = NONE.pauseAt(Heat.SERIOUS);

    /** Checks the share. */
    public Pacing {
        if (!(dutyCycle > 0 && dutyCycle <= 1)) {
            throw new JaneException(
                    "pacing", "duty cycle %s; need a share above 0 and up to 1", dutyCycle);
        }
        if (heat.filter(h -> h == Heat.UNKNOWN).isPresent()) {
            throw new JaneException(
                    "pacing", "heat unknown; need nominal, fair, serious or critical");
        }
    }

    /** After a step of time t, waits t (1/share − 1). */
    public Pacing dutyCycle(double share) {
        return new Pacing(share, onBattery, inLowPower, heat);
    }

    /** Pauses on battery. */
    public Pacing pauseOnBattery() {
        return new Pacing(dutyCycle, true, inLowPower, heat);
    }

    /** Goes on when on battery. */
    public Pacing runOnBattery() {
        return new Pacing(dutyCycle, false, inLowPower, heat);
    }

    /** Pauses in low-power mode. */
    public Pacing pauseInLowPower() {
        return new Pacing(dutyCycle, onBattery, true, heat);
    }

    /** Goes on in low-power mode. */
    public Pacing runInLowPower() {
        return new Pacing(dutyCycle, onBattery, false, heat);
    }

    /** Pauses from this heat on. */
    public Pacing pauseAt(Heat from) {
        return new Pacing(dutyCycle, onBattery, inLowPower, Optional.of(from));
    }

    /** Goes on however hot it is; the system slows down by itself. */
    public Pacing runAtAnyHeat() {
        return new Pacing(dutyCycle, onBattery, inLowPower, Optional.empty());
    }

    /** Whether {@link #reason} may ever say something, so that it is worth asking the system. */
    boolean asks() {
        return onBattery || inLowPower || heat.isPresent();
    }

    /** Why to pause in this state; empty if not. What is unknown is no reason. */
    public Optional<String> reason(PowerState state) {
        if (onBattery && state.supply() == Supply.BATTERY) {
            var charge = state.percent();
            var left = charge.isPresent() ? " (" + charge.getAsInt() + " %)" : "";
            return Optional.of("on battery" + left);
        }
        if (inLowPower && state.lowPower().orElse(false)) {
            return Optional.of("low-power mode is on");
        }
        return heat.filter(from -> state.heat().compareTo(from) >= 0)
                .map(from -> "heat is " + state.heat().word());
    }

    /** {@code 50 % of the time; pauses on battery, from heat serious on}. */
    @Override
    public String toString() {
        var pauses = new ArrayList<String>();
        if (onBattery) {
            pauses.add("on battery");
        }
        if (inLowPower) {
            pauses.add("in low-power mode");
        }
        heat.ifPresent(from -> pauses.add("from heat " + from.word() + " on"));
        var share =
                dutyCycle == 1
                        ? "no duty cycle"
                        : String.format(Locale.ROOT, "%.3g %% of the time", 100 * dutyCycle);
        return share
                + "; "
                + (pauses.isEmpty() ? "no pauses" : "pauses " + String.join(", ", pauses));
    }
}
