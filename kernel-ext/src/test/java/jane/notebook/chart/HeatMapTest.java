package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.awt.Color;
import org.junit.jupiter.api.Test;

class HeatMapTest {
    private static final Color MOST = Palette.signed(1);
    private static final Color LEAST = Palette.signed(0);

    @Test
    void signedValuesAreRedAndBlueAroundZero() {
        var seen = new Seen(HeatMap.of(new double[][] {{-2, 0}, {1, 2}})).isADrawing();
        seen.nothingIsCutOff();
        assertTrue(seen.count(MOST) > 500, "red: " + seen.count(MOST));
        assertTrue(seen.count(LEAST) > 500, "blue: " + seen.count(LEAST));
    }

    @Test
    void whiteIsZeroEvenIfValuesAreLopsided() {
        var seen = new Seen(HeatMap.of(new double[][] {{-0.01, 10}}));
        var nearWhite = Palette.signed(0.4995);
        assertTrue(seen.count(nearWhite, 30, 35, 70, 60) > 500, "the small value is pale");
        assertTrue(seen.count(MOST) > 500);
    }

    @Test
    void oneSignIsDarkToBright() {
        var seen = new Seen(HeatMap.of(new double[][] {{0, 1}, {2, 3}})).isADrawing();
        assertTrue(seen.count(Palette.rising(0)) > 500);
        assertTrue(seen.count(Palette.rising(1)) > 500);
    }

    @Test
    void altTellsShapeAndRange() {
        var map = HeatMap.of(Given.tensor(i -> i - 2, 2, 3)).title("x");
        assertEquals("Heat map \"x\": [2, 3], -2 to 3, mean 0.5.", map.alt());
        assertEquals(map.alt(), map.display().metadata().get("image/png").get("alt"));
    }

    @Test
    void aLargeMatrixIsDrawnAsMeansOfBlocks() {
        var map = HeatMap.of(Given.tensor(i -> i % 1000 < 500 ? 1 : -1, 257, 1000));
        assertEquals(
                "Heat map: [257, 1000], -1 to 1, mean 0; a cell is the mean of 3 × 8 values.",
                map.alt());
        var grid = map.grid();
        assertEquals(86, grid.rows());
        assertEquals(125, grid.columns());
        assertEquals(1, grid.at(0, 0));
        assertEquals(0, grid.at(85, 62));
        assertEquals(-1, grid.at(85, 124));
        new Seen(map).isADrawing();
    }

    @Test
    void anyRankIsAMatrix() {
        assertEquals("Heat map: [], 3 to 3, mean 3.", HeatMap.of(Given.tensor(i -> 3)).alt());
        new Seen(HeatMap.of(Given.tensor(i -> 3))).isADrawing();
        assertEquals(1, HeatMap.of(Given.tensor(i -> i, 13)).grid().rows());
        assertEquals(24, HeatMap.of(Given.tensor(i -> i, 2, 3, 4, 5)).grid().rows());
        new Seen(HeatMap.of(Given.tensor(i -> i, 257))).isADrawing().nothingIsCutOff();
        new Seen(HeatMap.of(Given.tensor(i -> i, 257, 1))).isADrawing().nothingIsCutOff();
    }

    @Test
    void whatIsNotFiniteIsCrossedOutAndSaid() {
        var map = HeatMap.of(new double[][] {{1, Double.NaN}, {2, 3}});
        assertEquals("Heat map: [2, 2], 1 to 3, mean 2, 1 not finite.", map.alt());
        assertTrue(new Seen(map).count(Palette.MISSING) > 500);
        var lost = HeatMap.of(new double[][] {{Double.NaN}});
        assertEquals("Heat map: [1, 1], 1 not finite.", lost.alt());
        new Seen(lost).isADrawing();
    }

    @Test
    void nothingToDrawIsSaid() {
        assertEquals(
                "[chart] nothing to draw: shape [0, 3] holds no values; need one or more",
                assertThrows(JaneException.class, () -> HeatMap.of(Given.tensor(i -> 0, 0, 3)))
                        .getMessage());
        assertEquals(
                "[chart] nothing to draw: 0 rows of 0 values; need one or more of both",
                assertThrows(JaneException.class, () -> HeatMap.of(new double[0][])).getMessage());
        assertEquals(
                "[chart] row 0 has 2 values, row 1 has 1; need as many in each",
                assertThrows(JaneException.class, () -> HeatMap.of(new double[][] {{1, 2}, {3}}))
                        .getMessage());
    }
}
