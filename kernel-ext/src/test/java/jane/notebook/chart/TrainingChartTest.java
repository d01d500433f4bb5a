package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TrainingChartTest {
    /** Losses by progress, 0 to 1, with a little noise; ten validations. */
    private static TrainingChart run(
            int steps, DoubleUnaryOperator train, DoubleUnaryOperator validation) {
        var chart = TrainingChart.of("digits");
        var random = new Random(1);
        for (int step = 1; step <= steps; step++) {
            double progress = (double) step / steps;
            chart.step(step, train.applyAsDouble(progress) + 0.05 * random.nextGaussian(), 1e-3);
            if (step % (steps / 10) == 0) {
                chart.validation(step, validation.applyAsDouble(progress), 0.9);
            }
        }
        return chart;
    }

    @Test
    void saysLearningWhileBothFall() {
        var chart = run(500, p -> 2.3 * Math.exp(-3 * p), p -> 2.3 * Math.exp(-3 * p) + 0.1);
        assertEquals(Optional.of("learning"), chart.verdict());
    }

    @Test
    void saysOverfittingWhenValidationTurnsUp() {
        var chart = run(500, p -> 2.3 - 2 * p, p -> 1 + (p - 0.5) * (p - 0.5));
        assertEquals(Optional.of("overfitting: validation was best at step 250"), chart.verdict());
    }

    @Test
    void saysNotLearningOnNoise() {
        var chart = run(200, p -> 2.3, p -> 2.3);
        assertEquals(Optional.of("not learning yet: the loss has not fallen"), chart.verdict());
    }

    @Test
    void saysThatTheLossRises() {
        var chart = run(200, p -> 2.3 + p, p -> 2.3 + p);
        assertEquals(Optional.of("not learning: the loss is rising"), chart.verdict());
    }

    @Test
    void doesNotSayLearningOfALossThatComesDownFromWhereItBlewUpTo() {
        var chart = run(200, p -> p < 0.01 ? 2 : 2000 - 1000 * p, p -> 1000);
        assertEquals(Optional.of("not learning: the loss is 500 times the first"), chart.verdict());
    }

    @Test
    void saysWhereTheLossWasLost() {
        var chart = run(100, p -> 2.3 - p, p -> 2);
        chart.step(101, Double.NaN, 1e-3);
        assertEquals(
                Optional.of("the loss is not finite: 1 step, first at step 101"), chart.verdict());
        new Seen(chart).isADrawing();
    }

    @Test
    void judgesNothingTooEarly() {
        var chart = TrainingChart.of("digits");
        chart.step(1, 2.3, 1e-3);
        assertEquals(Optional.empty(), chart.verdict());
        assertEquals(
                "Training of digits: loss went from 2.3 to 2.3 over 1 step, min 2.3.", chart.alt());
        new Seen(chart).isADrawing();
    }

    @Test
    void altTellsTheWholeRun() {
        var chart = TrainingChart.of("digits");
        for (int step = 1; step <= 40; step++) {
            chart.step(step, 4.0 / step, 1e-3);
        }
        chart.validation(20, 0.3, 0.9);
        chart.validation(40, 0.2, 0.955);
        chart.progress("epoch 2 of 2");
        assertEquals(
                "Training of digits: loss fell from 4 to 0.1 over 40 steps, min 0.1; validation"
                        + " loss 0.2 (min 0.2), 96% right; learning.",
                chart.alt());
        assertEquals("epoch 2 of 2\n" + chart.alt(), chart.text());
    }

    @Test
    void drawsTrainingAndValidation() {
        var seen = new Seen(run(500, p -> 2 - p, p -> 2 - p)).hasSize(640, 400).isADrawing();
        seen.nothingIsCutOff();
        assertTrue(seen.count(Palette.BLUE) > 500, "blue: " + seen.count(Palette.BLUE));
        assertTrue(seen.count(Palette.VERMILLION) > 300, "red: " + seen.count(Palette.VERMILLION));
    }

    @Test
    void drawsTheLearningRateOnlyIfItVaries() {
        var fixed = TrainingChart.of("a");
        var falling = TrainingChart.of("a");
        for (int step = 1; step <= 50; step++) {
            fixed.step(step, 1.0 / step, 0.1);
            falling.step(step, 1.0 / step, 0.1 / step);
        }
        assertEquals(0, new Seen(fixed).count(Palette.PURPLE));
        assertTrue(new Seen(falling).count(Palette.PURPLE) > 50);
    }

    @Test
    void aHundredThousandStepsMakeASmallPicture() {
        byte[] png = run(100_000, p -> 2.3 - 2 * p, p -> 2.3 - 2 * p).png();
        assertTrue(png.length < 40_000, "bytes: " + png.length);
    }

    @Test
    void manyValidationsAreThinnedAndTheLastIsTold() {
        var chart = TrainingChart.of("a");
        chart.step(1, 5, 1);
        for (int i = 1; i <= 5000; i++) {
            chart.validation(i, i == 777 ? 0.25 : 5000 - i + 1);
        }
        assertTrue(chart.alt().contains("validation loss 1 (min 0.25)"), "told: " + chart.alt());
        assertTrue(chart.png().length < 40_000);
    }

    @Test
    void beforeTheFirstLossThereIsOnlyText() {
        var chart = TrainingChart.of("digits");
        chart.step(1, Double.NaN, 1e-3);
        assertEquals(
                "Training of digits: no step with a finite loss after 1 step.",
                chart.display().toString());
        assertFalse(chart.display().data().containsKey("image/png"));
        var e = assertThrows(JaneException.class, chart::png);
        assertEquals(
                "[chart] nothing to draw: 1 steps, none with a finite loss; need one or more",
                e.getMessage());
    }
}
