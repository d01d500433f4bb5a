package jane.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void stepDecayMultipliesAfterEveryFewSteps() {
        var schedule = Schedule.stepDecay(1, 0.5, 3);
        double[] expected = {1, 1, 1, 0.5, 0.5, 0.5, 0.25};
        for (int step = 1; step <= expected.length; step++) {
            assertEquals(expected[step - 1], schedule.at(step), "step " + step);
        }
    }

    @Test
    void cosineGoesFromOneRateToTheOtherAndStays() {
        var schedule = Schedule.cosine(1, 0.2, 4);
        assertEquals(1, schedule.at(1));
        assertEquals(0.2 + 0.8 * (1 + Math.sqrt(0.5)) / 2, schedule.at(2), 1e-12);
        assertEquals(0.6, schedule.at(3), 1e-12);
        assertEquals(0.2, schedule.at(5), 1e-12);
        assertEquals(0.2, schedule.at(1000), 1e-12);
    }

    @Test
    void warmupRisesThenFollowsTheScheduleFromItsBeginning() {
        var schedule = Schedule.stepDecay(0.8, 0.5, 2).warmup(4);
        double[] expected = {0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.4};
        for (int step = 1; step <= expected.length; step++) {
            assertEquals(expected[step - 1], schedule.at(step), 1e-12, "step " + step);
        }
    }

    @Test
    void descriptionsReachTheOptimizers() {
        assertEquals("Adam(lr 0.001)", Adam.of(1e-3).describe());
        assertEquals(
                "SGD(lr cosine from 0.1 to 0.0 in 900 steps after a warm-up of 100 steps)",
                Sgd.of(Schedule.cosine(0.1, 0, 900).warmup(100)).describe());
        assertEquals(
                "AdamW(lr 1.0 times 0.5 every 10 steps, decay 0.1)",
                Adam.of(Schedule.stepDecay(1, 0.5, 10)).decay(0.1).describe());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertRefused(
                "[learning rate] decay factor 0.0; need above 0 and up to 1",
                () -> Schedule.stepDecay(1, 0, 3));
        assertRefused(
                "[learning rate] cosine of 0 steps; need 1 or more",
                () -> Schedule.cosine(1, 0, 0));
        assertRefused(
                "[learning rate] warmup of 0 steps; need 1 or more",
                () -> Schedule.constant(1).warmup(0));
        assertRefused(
                "[learning rate] NaN; need a finite number, 0 or more",
                () -> Schedule.cosine(Double.NaN, 0, 3));
    }

    private static void assertRefused(String message, Runnable f) {
        assertEquals(message, assertThrows(JaneException.class, f::run).getMessage());
    }
}
