package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.power.PowerSource;
import jane.engine.power.PowerState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {
    private final Deque<Long> counter = new ArrayDeque<>();
    private final RunTimes a = new RunTimes();
    private final RunTimes b = new RunTimes();
    private long now;
    private int reads;

    /** A meter whose counter gives these nanojoules, one at a reading; below 0 for nothing. */
    private EnergyMeter meter(Long... values) {
        counter.addAll(List.of(values));
        return new EnergyMeter(
                new PowerSource() {
                    @Override
                    public PowerState state() {
                        return PowerState.UNKNOWN;
                    }

                    @Override
                    public OptionalLong nanojoules() {
                        reads++;
                        long value = counter.remove();
                        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
                    }
                },
                () -> now);
    }

    private void run(EnergyMeter meter, RunTimes times, long nanos) {
        meter.begin();
        now += nanos;
        times.add(nanos, -1);
        meter.ran(times, nanos);
    }

    private static OptionalDouble millijoules(RunTimes times) {
        return times.use().orElseThrow().millijoules();
    }

    @Test
    void whatTheCounterRoseByBelongsToTheRunsByTheirTimes() {
        var meter = meter(100_000_000L, 108_000_000L);
        run(meter, a, 1_000_000);
        run(meter, b, 2_000_000);
        run(meter, a, 1_000_000);
        meter.settle();
        assertEquals(2.0, millijoules(a).orElseThrow(), 1e-9, "4 mJ in two runs");
        assertEquals(4.0, millijoules(b).orElseThrow(), 1e-9);
    }

    @Test
    void theCounterIsReadFourTimesASecondAtMost() {
        var meter = meter(0L, 1L, 2L, 3L, 4L, 5L);
        for (int i = 0; i < 1000; i++) {
            run(meter, a, 1_000_000);
        }
        assertEquals(5, reads);
        meter.settle();
        meter.settle();
        assertEquals(5, reads, "nothing ran since");
    }

    @Test
    void withoutACounterThereIsNoEnergyAndNoFurtherQuestion() {
        var meter = meter(-1L);
        run(meter, a, 1_000_000_000);
        run(meter, a, 1_000_000_000);
        meter.settle();
        assertEquals(1, reads);
        assertTrue(millijoules(a).isEmpty());
        assertTrue(a.toString().contains("energy unavailable"), a::toString);
    }

    @Test
    void aCounterThatDoesNotMoveIsNoEnergyOfZero() {
        var meter = meter(7L, 7L);
        run(meter, a, 1_000_000_000);
        assertEquals(2, reads);
        assertTrue(millijoules(a).isEmpty());
    }

    @Test
    void aCounterThatFallsOrFallsSilentLosesTheEnergyOfWhatRan() {
        var meter = meter(7_000_000L, 3_000_000L, 9_000_000L, -1L);
        run(meter, a, 1_000_000_000);
        run(meter, b, 1_000_000_000);
        assertTrue(millijoules(a).isEmpty(), "it began anew");
        assertEquals(6.0, millijoules(b).orElseThrow(), 1e-9);
        run(meter, b, 1_000_000_000);
        assertTrue(millijoules(b).isEmpty());
        run(meter, b, 1_000_000_000);
        assertEquals(4, reads);
    }

    @Test
    void hardwareTimeIsToldOnlyIfEveryRunHasOne() {
        a.add(2_000, 1_000);
        a.add(4_000, 2_000);
        assertEquals(1.5, a.use().orElseThrow().hardwareMicros().orElseThrow());
        assertEquals(3.0, a.use().orElseThrow().micros());
        a.add(4_000, -1);
        assertTrue(a.use().orElseThrow().hardwareMicros().isEmpty());
        assertEquals("not run yet", b.toString());
    }
}
