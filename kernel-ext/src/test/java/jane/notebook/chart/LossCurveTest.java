package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    @Test
    void fewStepsAreKeptAsTheyCame() {
        var curve = new LossCurve();
        curve.add(1, 2.5, 0.1);
        curve.add(2, 2.0, 0.05);
        var raw = curve.raw();
        assertEquals(2, raw.size());
        assertEquals(1, raw.x[0]);
        assertEquals(2.0, raw.y[1]);
        assertEquals(0.05, curve.rates().y[1]);
    }

    @Test
    void memoryIsBoundedAndExtremesAndMeanStay() {
        for (int n : new int[] {LossCurve.MOST, LossCurve.MOST + 1, 13_579, 100_000}) {
            var curve = new LossCurve();
            var random = new Random(n);
            double sum = 0;
            for (int step = 1; step <= n; step++) {
                double loss = step == n / 2 ? 77 : step == n / 3 ? -7 : random.nextDouble();
                sum += loss;
                curve.add(step, loss, 1e-3);
            }
            var raw = curve.raw();
            assertTrue(raw.size() <= 2 * LossCurve.MOST, "kept " + raw.size());
            assertEquals(new Range(-7, 77), Range.of(raw.y));
            assertTrue(Thinning.rising(raw.x));
            assertEquals(sum / n, Histogram.of(curve.smooth().y, 1).mean(), 0.05);
            assertEquals(-7, curve.min());
            assertEquals(n / 3, curve.minStep());
        }
    }

    @Test
    void whatIsNotFiniteIsCountedNotKept() {
        var curve = new LossCurve();
        curve.add(1, 2, 1);
        curve.add(2, Double.NaN, 1);
        curve.add(3, Double.POSITIVE_INFINITY, 1);
        assertEquals(1, curve.raw().size());
        assertEquals(2, curve.notFinite());
        assertEquals(2, curve.firstNotFinite());
        assertEquals(3, curve.steps());
        assertEquals(2, curve.last());
    }

    @Test
    void smoothingFollowsASlopeAndRemovesNoise() {
        var curve = new LossCurve();
        var random = new Random(4);
        for (int step = 1; step <= 1000; step++) {
            curve.add(step, 2 - step / 1000.0 + 0.1 * random.nextGaussian(), 1);
        }
        var smooth = curve.smooth();
        for (int i = 100; i < 900; i++) {
            assertEquals(2 - smooth.x[i] / 1000, smooth.y[i], 0.07);
        }
    }

    @Test
    void aCopyStandsStill() {
        var curve = new LossCurve();
        curve.add(1, 2, 1);
        var copy = curve.copy();
        curve.add(2, 1, 1);
        assertEquals(1, copy.steps());
        assertEquals(1, copy.raw().size());
        assertEquals(2, curve.raw().size());
    }
}
