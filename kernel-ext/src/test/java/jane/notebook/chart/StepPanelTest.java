package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPanelTest {
    /** Unit 0 is dead; values -1, 0, 1 in turn else. */
    private static final LayerStats RELU =
            LayerStats.of(
                    "1.relu",
                    Given.tensor(i -> i % 4 == 0 ? 0 : 1 + i % 3, 8, 4),
                    Given.tensor(i -> (i - 16) * 1e-3, 8, 4),
                    Double.NaN,
                    Double.NaN);

    private static final LayerStats LINEAR =
            LayerStats.of("0.linear", Given.tensor(i -> i - 16, 8, 4), 0.5, 2e-3);

    private static final LayerStats HOT =
            LayerStats.of("2.linear", Given.tensor(i -> i, 8, 2), 12, 0.3);

    @Test
    void countsDeadUnits() {
        assertEquals(0.25, RELU.deadUnits());
        assertEquals(0.25, RELU.activation().zeroShare());
        var channels = Given.tensor(i -> i / 4 % 3 == 1 ? 0 : 1, 2, 3, 2, 2);
        assertEquals(1 / 3.0, LayerStats.deadUnits(channels));
        assertTrue(Double.isNaN(LayerStats.deadUnits(Given.tensor(i -> 0))));
        assertEquals(1.0, LayerStats.deadUnits(Given.tensor(i -> 0, 5)));
    }

    @Test
    void altTellsTheExtremes() {
        var panel = StepPanel.of("Step 3", List.of(LINEAR, RELU, HOT)).note("loss 2.3 → 2.2");
        assertEquals(
                "Step 3: 3 layers; loss 2.3 → 2.2; parameter gradient norms from 0.5 (0.linear) to"
                        + " 12 (2.linear); updates relative to weights from 0.002 (0.linear) to"
                        + " 0.3 (2.linear); 1 outside the healthy zone 0.0001 to 0.01; most dead"
                        + " units 25% in 1.relu.",
                panel.alt());
    }

    @Test
    void textIsATableOfAllLayers() {
        var lines = StepPanel.of("Step 3", List.of(LINEAR, RELU)).text().lines().toList();
        assertEquals("Step 3", lines.get(0));
        assertTrue(lines.get(1).startsWith("layer"), lines.get(1));
        assertTrue(lines.get(3).startsWith("0.linear  [8, 4]"), lines.get(3));
        assertTrue(lines.get(4).endsWith("–                –"), lines.get(4));
    }

    @Test
    void drawsBothDistributionsAndTheHealthyZone() {
        var panel = StepPanel.of("Step 3", List.of(LINEAR, RELU, HOT)).note("loss 2.3 → 2.2");
        var seen = new Seen(panel).isADrawing();
        assertTrue(seen.count(Palette.BLUE) > 1000);
        assertTrue(seen.count(Palette.VERMILLION) > 500);
        assertTrue(seen.count(Palette.tint(Palette.GREEN)) > 3000);
        assertTrue(seen.count(Palette.ORANGE) > 500, "the bar outside the zone");
    }

    @Test
    void hostileNumbersAreDrawnToo() {
        var odd =
                new LayerStats(
                        "a layer with a name that is much too long for its column",
                        Shape.of(1, 2, 3, 4, 5),
                        Histogram.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY}, 5),
                        Histogram.of(new double[] {0, 0}, 5),
                        1,
                        Double.POSITIVE_INFINITY,
                        0);
        var seen = new Seen(StepPanel.of("odd", List.of(odd, odd))).isADrawing();
        seen.nothingIsCutOff();
    }

    @Test
    void aDeepModelIsCutInThePictureNotInTheText() {
        var layers = new ArrayList<LayerStats>();
        for (int i = 0; i < 60; i++) {
            layers.add(LINEAR);
        }
        var panel = StepPanel.of("deep", layers);
        int tall = new Seen(panel).image.getHeight();
        assertTrue(tall < StepPanel.MOST_ROWS * 62 + 200, "height " + tall);
        assertEquals(63, panel.text().lines().count());
    }

    @Test
    void noLayersIsSaid() {
        var e = assertThrows(JaneException.class, () -> StepPanel.of("Step 1", List.of()));
        assertEquals(
                "[chart] nothing to draw: 'Step 1' has no layers; need one or more",
                e.getMessage());
    }
}
