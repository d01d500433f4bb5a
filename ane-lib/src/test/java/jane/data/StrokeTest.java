package jane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StrokeTest {
    private static final int SIDE = 100;

    @Test
    void aCurveGoesThroughItsPoints() {
        var raster = draw("10,80 30,20 60,70 90,30");
        assertInk(raster, 10, 80);
        assertInk(raster, 30, 20);
        assertInk(raster, 60, 70);
        assertInk(raster, 90, 30);
    }

    @Test
    void aCurveOvershootsWhereACornerDoesNot() {
        assertTrue(lowestRow(draw("10,50 50,10 90,10 90,90")) < 9);
        assertTrue(lowestRow(draw("10,50 50,10! 90,10! 90,90")) >= 9);
    }

    @Test
    void twoPointsMakeAStraightLine() {
        var raster = draw("20,20 80,50");
        for (int i = 0; i <= 30; i++) {
            assertInk(raster, 20 + 2 * i, 20 + i);
        }
        assertBlank(raster, 50, 40);
    }

    @Test
    void aClosedCurveComesBackToItsStart() {
        var open = draw("50,20 80,50 50,80 20,50");
        var closed = draw("50,20 80,50 50,80 20,50 z");
        // The middle of each span: 18.75 from the centre both ways, by the Bezier formula.
        assertInk(closed, 68, 31);
        assertInk(closed, 68, 68);
        assertInk(closed, 31, 68);
        assertInk(closed, 31, 31);
        assertBlank(open, 31, 31);
    }

    @Test
    void aWarpMovesEveryPoint() {
        var raster = new Raster(SIDE);
        raster.start(1);
        Stroke.parse("0,0 10,0! 10,10")
                .warped(
                        (x, y, to) -> {
                            to[0] = 2 * x + 30;
                            to[1] = 3 * y + 40;
                        })
                .draw(raster);
        assertInk(raster, 30, 40);
        assertInk(raster, 50, 40);
        assertInk(raster, 50, 70);
        assertBlank(raster, 10, 10);
    }

    @Test
    void theEdgeIsARampOneToZeroOverOnePixel() {
        var raster = new Raster(9);
        raster.start(1.25); // covers 2.5 pixels across
        raster.line(-5, 4.5, 20, 4.5);
        double[] column = {0, 0, 0, 0.75, 1, 0.75, 0, 0, 0};
        for (int row = 0; row < 9; row++) {
            assertEquals(column[row], raster.coverage(row * 9 + 4), 1e-12);
        }
    }

    @Test
    void linesOutsideTheSquareLeaveNoInk() {
        var raster = new Raster(5);
        raster.start(1);
        raster.line(-9, -9, -5, 30);
        raster.line(9, 9, 100, 9);
        for (int i = 0; i < 25; i++) {
            assertEquals(0, raster.coverage(i));
        }
    }

    @Test
    void aLineOfNoLengthIsADot() {
        var raster = new Raster(5);
        raster.start(0.5);
        raster.line(2.5, 2.5, 2.5, 2.5);
        for (int i = 0; i < 25; i++) {
            assertEquals(i == 12 ? 1 : 0, raster.coverage(i));
        }
    }

    private static Raster draw(String text) {
        var raster = new Raster(SIDE);
        raster.start(1);
        Stroke.parse(text).draw(raster);
        return raster;
    }

    private static double at(Raster raster, int x, int y) {
        return raster.coverage(y * SIDE + x);
    }

    private static void assertInk(Raster raster, int x, int y) {
        assertTrue(at(raster, x, y) > 0.7, "no ink at " + x + ", " + y);
    }

    private static void assertBlank(Raster raster, int x, int y) {
        assertEquals(0, at(raster, x, y), "ink at " + x + ", " + y);
    }

    private static int lowestRow(Raster raster) {
        int index = 0;
        while (raster.coverage(index) < 0.5) {
            index++;
        }
        return index / SIDE;
    }
}
