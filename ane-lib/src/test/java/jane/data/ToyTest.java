package jane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DataException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToyTest {
    @Test
    void moonsLieOnTwoHalfCircles() {
        var data = Toy.moons(257, 0, 1);
        assertEquals("moons: 257 samples of [2], 2 classes", data.toString());
        for (int i = 0; i < data.size(); i++) {
            float[] point = point(data, i);
            boolean upper = data.label(i) == 0;
            assertEquals(i % 2, data.label(i));
            double fromCentre = Math.hypot(point[0] - (upper ? 0 : 1), point[1] - (upper ? 0 : .5));
            assertEquals(1, fromCentre, 1e-6);
            assertTrue(upper ? point[1] >= -1e-6 : point[1] <= 0.5 + 1e-6);
        }
    }

    @Test
    void spiralsTurnOnceAndGrowOutwards() {
        var data = Toy.spirals(300, 3, 0, 1);
        assertEquals("spirals: 300 samples of [2], 3 classes", data.toString());
        for (int i = 0; i < data.size(); i++) {
            float[] point = point(data, i);
            double radius = Math.hypot(point[0], point[1]);
            double turn = (radius - 0.1) / 0.9 + data.label(i) / 3.0;
            double angle = Math.atan2(point[1], point[0]) / (2 * Math.PI);
            double apart = turn - angle;
            assertEquals(Math.rint(apart), apart, 1e-5);
            assertTrue(radius >= 0.1 - 1e-6 && radius <= 1 + 1e-6);
        }
    }

    @Test
    void noiseHasTheDeviationAskedFor() {
        var still = Toy.moons(4000, 0, 2);
        var noisy = Toy.moons(4000, 0.2, 2);
        double squares =
                IntStream.range(0, 4000)
                        .mapToDouble(i -> Math.pow(point(still, i)[0] - point(noisy, i)[0], 2))
                        .average()
                        .orElseThrow();
        assertEquals(0.2, Math.sqrt(squares), 0.01);
    }

    @Test
    void theDataIsTheSameOnEveryJdkForEver() {
        assertEquals(
                "86ea1832172924bc38ad36a7a577b9bb9574fb6ff575abd0ef870c11db5ff9f9",
                Toy.moons(100, 0.1, 1).sha256());
        assertEquals(
                "641d19c5d9b5f58ac305a9f2857f5749c5b0491f0947d08d0a6e35e4fd33660c",
                Toy.spirals(100, 3, 0.1, 1).sha256());
        assertNotEquals(Toy.moons(100, 0.1, 1).sha256(), Toy.moons(100, 0.1, 2).sha256());
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertRefused("[moons] -1 points; need 0 to 1073741823", () -> Toy.moons(-1, 0, 1));
        assertRefused(
                "[moons] noise -0.5; need a finite number of 0 or more",
                () -> Toy.moons(1, -0.5, 1));
        assertRefused(
                "[spirals] noise NaN; need a finite number of 0 or more",
                () -> Toy.spirals(1, 2, Double.NaN, 1));
        assertRefused("[spirals] 0 arms; need 1 or more", () -> Toy.spirals(1, 0, 0, 1));
    }

    private static void assertRefused(String message, Runnable run) {
        assertEquals(message, assertThrows(DataException.class, run::run).getMessage());
    }

    private static float[] point(Dataset data, int index) {
        var point = new float[2];
        data.copySample(index, point, 0);
        return point;
    }
}
