package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThinningTest {
    private static Thinning.Points noise(int n, long seed) {
        var random = new Random(seed);
        var x = new double[n];
        var y = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = i;
            y[i] = random.nextGaussian();
        }
        return new Thinning.Points(x, y);
    }

    @Test
    void aShortLineIsLeftAlone() {
        var points = noise(100, 1);
        assertSame(points, Thinning.line(points, 640, 400));
    }

    @Test
    void aLongLineKeepsItsExtremesAndItsEnds() {
        for (int n : new int[] {2561, 10_007, 1_000_000}) {
            var points = noise(n, n);
            points.y[n / 3] = 99;
            points.y[n / 2] = -99;
            var thin = Thinning.line(points, 640, 400);
            assertTrue(thin.size() <= 4 * 640, "kept " + thin.size());
            assertEquals(new Range(-99, 99), Range.of(thin.y));
            assertEquals(points.y[0], thin.y[0]);
            assertEquals(points.y[n - 1], thin.y[thin.size() - 1]);
            assertTrue(Thinning.rising(thin.x));
        }
    }

    @Test
    void aLineThatTurnsBackKeepsItsShape() {
        int n = 200_000;
        var points = new Thinning.Points(new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            points.x[i] = Math.cos(i * 1e-4);
            points.y[i] = Math.sin(i * 1e-4);
        }
        var thin = Thinning.line(points, 640, 400);
        assertTrue(thin.size() < n / 10, "kept " + thin.size());
        assertEquals(-1, Arrays.stream(thin.x).min().orElseThrow(), 0.01);
        assertEquals(1, Arrays.stream(thin.y).max().orElseThrow(), 0.01);
    }

    @Test
    void dotsInOnePlaceBecomeOne() {
        var points = noise(300_000, 3);
        points.y[7] = 50;
        var thin = Thinning.dots(points, 200, 100);
        assertTrue(thin.size() <= 200 * 100, "kept " + thin.size());
        assertEquals(50, Range.of(thin.y).high());
    }
}
