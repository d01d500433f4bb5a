package jane.engine.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.power.PowerState.Heat;
import jane.engine.power.PowerState.Supply;
import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With a clock that moves when somebody sleeps, and a machine that does what the test says. */
class PacerTest {
    private static final PowerState FINE = state(Supply.MAINS, 100, false, Heat.NOMINAL);

    private final List<String> told = new ArrayList<>();
    private final List<PowerState> coming = new ArrayList<>(); // one for each look, the last stays
    private long now = 17;
    private long interruptAt = Long.MAX_VALUE;
    private int looks;

    private static PowerState state(Supply supply, int percent, boolean low, Heat heat) {
        return new PowerState(supply, OptionalInt.of(percent), Optional.of(low), heat);
    }

    private Pacer pacer(Pacing pacing) {
        return new Pacer(
                pacing,
                () -> coming.get(Math.min(looks++, coming.size() - 1)),
                new Pacer.Clock() {
                    @Override
                    public long nanos() {
                        return now;
                    }

                    @Override
                    public void sleep(long nanos) throws InterruptedException {
                        assertTrue(nanos > 0 && nanos <= 100_000_000, "short enough to stop");
                        now += nanos;
                        if (now >= interruptAt) {
                            throw new InterruptedException();
                        }
                    }
                });
    }

    private boolean await(Pacer pacer) {
        return pacer.await(() -> false, told::add);
    }

    @Test
    void stepsTakeTheirShareOfTheTime() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (double share : new double[] {0.001, 0.1, 0.25, 0.5, 0.9, 0.999}) {
            coming.add(FINE);
            var pacer = pacer(Pacing.NONE.dutyCycle(share));
            long begin = now;
            long working = 0;
            for (int i = 0; i < 500; i++) {
                assertTrue(await(pacer));
                long step = 1 + (long) (random.nextDouble() * 5e6);
                now += step;
                working += step;
                pacer.worked(step);
            }
            assertTrue(await(pacer));
            double found = (double) working / (now - begin);
            assertEquals(share, found, 0.01 * share + 0.001, "share " + share + ", seed " + seed);
        }
        assertEquals(0, looks, "nothing to ask the system for");
        assertEquals(List.of(), told);
    }

    @Test
    void aPauseEndsWhenItsReasonDoesAndBothAreTold() {
        coming.add(state(Supply.BATTERY, 73, false, Heat.NOMINAL));
        coming.add(state(Supply.BATTERY, 73, false, Heat.NOMINAL));
        coming.add(state(Supply.BATTERY, 72, false, Heat.NOMINAL));
        coming.add(FINE);
        var pacer = pacer(Pacing.NONE.pauseOnBattery());
        assertTrue(await(pacer));
        assertEquals(
                List.of(
                        "paused: on battery (73 %); goes on by itself when that is over",
                        "paused: on battery (72 %); goes on by itself when that is over",
                        "goes on after a pause of 3 s"),
                told);
    }

    @Test
    void theSystemIsAskedOnceASecondAtMost() {
        coming.add(FINE);
        var pacer = pacer(Pacing.COOL);
        for (int i = 0; i < 1000; i++) {
            assertTrue(await(pacer));
            now += 10_000_000;
        }
        assertEquals(10, looks, 1);
    }

    @Test
    void anInterruptEndsAPauseAtOnceAndStaysSet() {
        coming.add(state(Supply.MAINS, 100, false, Heat.CRITICAL));
        interruptAt = now + 350_000_000;
        var pacer = pacer(Pacing.COOL);
        assertFalse(await(pacer));
        assertTrue(Thread.interrupted());
        assertEquals(
                List.of("paused: heat is critical; goes on by itself when that is over"), told);
        interruptAt = Long.MAX_VALUE;
        looks = 0;
        coming.set(0, FINE);
        assertTrue(await(pacer), "the next one looks again");
        assertEquals(1, looks);
    }

    @Test
    void whoWantsToStopNeedNotWaitForTheDutyCycle() {
        coming.add(FINE);
        var pacer = pacer(Pacing.NONE.dutyCycle(0.001));
        pacer.worked(1_000_000_000L); // owes 999 s
        long begin = now;
        assertFalse(pacer.await(() -> now - begin > 500_000_000, told::add));
        assertTrue(now - begin < 700_000_000, () -> now - begin + " ns");
    }

    @Test
    void everyReasonIsFoundAndWhatIsUnknownIsNone() {
        var all = Pacing.COOL.pauseOnBattery().pauseInLowPower();
        assertEquals(Optional.empty(), all.reason(FINE));
        assertEquals(Optional.empty(), all.reason(PowerState.UNKNOWN));
        assertEquals(
                "low-power mode is on",
                all.reason(state(Supply.MAINS, 5, true, Heat.NOMINAL)).orElseThrow());
        assertEquals(Optional.empty(), all.reason(state(Supply.MAINS, 5, false, Heat.FAIR)));
        assertEquals(
                "heat is serious",
                all.reason(state(Supply.MAINS, 5, false, Heat.SERIOUS)).orElseThrow());
        var hot = state(Supply.BATTERY, 5, true, Heat.CRITICAL);
        assertEquals(Optional.empty(), Pacing.NONE.reason(hot));
        assertEquals(
                Optional.empty(), all.runOnBattery().runInLowPower().runAtAnyHeat().reason(hot));
        assertEquals(
                Optional.empty(),
                Pacing.NONE.pauseAt(Heat.FAIR).reason(PowerState.UNKNOWN),
                "unknown heat is no heat");
    }

    @Test
    void itSaysWhatItDoes() {
        assertEquals("no duty cycle; no pauses", Pacing.NONE.toString());
        assertEquals(
                "50.0 % of the time; pauses on battery, in low-power mode, from heat serious on",
                Pacing.COOL.dutyCycle(0.5).pauseOnBattery().pauseInLowPower().toString());
        assertEquals(
                "on battery, 73 %; low-power mode on; heat fair",
                state(Supply.BATTERY, 73, true, Heat.FAIR).toString());
        assertEquals(
                "power supply unknown; low-power mode unknown; heat unknown",
                PowerState.UNKNOWN.toString());
    }

    @Test
    void wrongSettingsAreRefused() {
        for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
            var e = assertThrows(JaneException.class, () -> Pacing.NONE.dutyCycle(share));
            assertEquals(
                    "[pacing] duty cycle " + share + "; need a share above 0 and up to 1",
                    e.getMessage());
        }
        var e = assertThrows(JaneException.class, () -> Pacing.NONE.pauseAt(Heat.UNKNOWN));
        assertEquals(
                "[pacing] heat unknown; need nominal, fair, serious or critical", e.getMessage());
        var named = assertThrows(JaneException.class, () -> Qos.named("urgent"));
        assertEquals(
                "[qos] unknown class 'urgent'; need one of [background, utility, default,"
                        + " user-initiated, user-interactive]",
                named.getMessage());
        assertEquals(Qos.USER_INITIATED, Qos.named("user-initiated"));
    }
}
