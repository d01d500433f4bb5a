package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChartBuilder;

class ChartTest {
    private static double[] falling(int n) {
        var y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = 2 * Math.exp(-3.0 * i / n) + 0.1;
        }
        return y;
    }

    private static String refusal(Chart chart) {
        return assertThrows(JaneException.class, chart::display).getMessage();
    }

    @Test
    void aLineIsDrawnInTheFirstColourOnWhite() {
        var seen = new Seen(Chart.line().title("loss").series("train", falling(500)));
        seen.hasSize(640, 400).isADrawing().nothingIsCutOff();
        assertTrue(seen.count(Palette.BLUE) > 300, "blue: " + seen.count(Palette.BLUE));
    }

    @Test
    void altTellsHowALineWent() {
        var chart = Chart.line().title("loss").series("train", 2.5, 1, 0.5);
        assertEquals(
                "Line chart \"loss\": train fell from 2.5 to 0.5 over 3 points (min 0.5, max 2.5).",
                chart.alt());
        var display = chart.display();
        assertEquals(chart.alt(), display.metadata().get("image/png").get("alt"));
        assertEquals(
                """
                Line chart "loss": train fell from 2.5 to 0.5 over 3 points (min 0.5, max 2.5).
                series  points  min   mean  max  last  left out
                ------  ------  ---  -----  ---  ----  --------
                train        3  0.5  1.333  2.5   0.5         0\
                """,
                display.toString());
    }

    @Test
    void altTellsOfDotsBarsAndDistributions() {
        assertEquals(
                "Scatter chart: a, 2 points, x 1 to 3, y 2 to 4.",
                Chart.scatter().series("a", new double[] {1, 3}, new double[] {2, 4}).alt());
        assertEquals(
                "Bar chart: ms, 3 bars, largest 5 at conv, smallest 1 at add.",
                Chart.bar()
                        .categories(List.of("matmul", "conv", "add"))
                        .series("ms", 3, 5, 1)
                        .alt());
        assertEquals(
                "Histogram: w, 4 values from 0 to 3, mean 1.5, std 1.118.",
                Chart.histogram().series("w", List.of(0, 1, 2, 3)).alt());
    }

    @Test
    void whatIsNotFiniteIsLeftOutAndSaid() {
        var chart = Chart.line().series("y", 1, Double.NaN, 3, Double.POSITIVE_INFINITY);
        assertEquals(
                "Line chart: y rose from 1 to 3 over 2 points (min 1, max 3); 2 left out, not"
                        + " finite.",
                chart.alt());
        new Seen(chart).isADrawing();
    }

    @Test
    void aLogarithmicAxisLeavesOutWhatItCannotShow() {
        var chart = Chart.line().logY().series("y", 10, 0, 1, -5);
        assertEquals(
                "Line chart: y fell from 10 to 1 over 2 points (min 1, max 10); 2 left out, not"
                        + " finite, or not above 0.",
                chart.alt());
        new Seen(chart).isADrawing();
    }

    @Test
    void nothingToDrawIsSaid() {
        assertEquals(
                "[chart] nothing to draw: no series; add .series(name, values) with one value or"
                        + " more",
                refusal(Chart.line()));
        assertEquals(
                "[chart] nothing to draw: no values in [a, b]; add .series(name, values) with one"
                        + " value or more",
                refusal(Chart.scatter().series("a").series("b")));
        assertEquals(
                "[chart] nothing to draw: of 2 values none is finite; need one or more",
                refusal(Chart.line().series("a", Double.NaN, Double.NaN)));
        assertEquals(
                "[chart] nothing to draw: of 1 values none is finite and above 0, as the"
                        + " logarithmic axis needs; need one or more",
                refusal(Chart.line().logY().series("a", -1)));
    }

    @Test
    void wrongSeriesAreRefused() {
        var chart = Chart.line().series("a", 1);
        assertEquals(
                "[chart] two series are named 'a'; need one each",
                assertThrows(JaneException.class, () -> chart.series("a", 2)).getMessage());
        assertEquals(
                "[chart] series 'b' has 2 x values and 1 y values; need as many of both",
                assertThrows(
                                JaneException.class,
                                () -> chart.series("b", new double[2], new double[1]))
                        .getMessage());
        assertEquals(
                "[chart] 201 bars; need at most 200: use Chart.line() or Chart.histogram()",
                refusal(Chart.bar().series("a", new double[201])));
        assertEquals(
                "[chart] 1 categories for 2 bars; need as many",
                refusal(Chart.bar().categories(List.of("x")).series("a", 1, 2)));
    }

    @Test
    void onePointIsAChartOfEachKind() {
        for (var chart : List.of(Chart.line(), Chart.scatter(), Chart.bar(), Chart.histogram())) {
            var seen = new Seen(chart.series("p", 3.5));
            seen.hasSize(640, 400);
            assertTrue(seen.distinctColors() > 8, "colours: " + seen.distinctColors());
        }
    }

    @Test
    void aCurveAmongDotsIsALine() {
        var x = new double[] {0, 1, 2};
        var chart = Chart.scatter().series("points", x, x).curve("fit", x, new double[] {2, 1, 0});
        var seen = new Seen(chart).isADrawing().nothingIsCutOff();
        int dots =
                new Seen(Chart.scatter().series("points", x, x).series("fit", x, x))
                        .count(Palette.VERMILLION);
        assertTrue(seen.count(Palette.VERMILLION) > 5 * dots, "line: " + dots);
        assertEquals(
                "[chart] curve 'fit' in a line chart; need a scatter chart: add it by series()",
                assertThrows(JaneException.class, () -> Chart.line().curve("fit", x, x))
                        .getMessage());
    }

    @Test
    void smallNumbersOnALogarithmicAxisAreNotWrittenAsZero() {
        assertEquals("0.##E0", logPattern(1e-13, 0.1));
        assertEquals("0.###", logPattern(1e-3, 100));
        assertEquals("0", logPattern(1, 1000));
        assertEquals("0.##E0", logPattern(1, 1e9));
    }

    @Test
    void smallNumbersBesideLargeOnesOnALogarithmicAxisKeepTheirLabels() {
        var style = new XYChartBuilder().build().getStyler();
        ChartStyle.ticks(style, new Range(0, 1), new Range(1, 1e16));
        var label = style.getYAxisTickLabelsFormattingFunction();
        assertEquals("0", label.apply(10.0));
        style.setYAxisLogarithmic(true);
        assertEquals("10", label.apply(10.0));
        assertEquals("1e+16", label.apply(1e16));
    }

    private static String logPattern(double low, double high) {
        var style = new XYChartBuilder().build().getStyler();
        ChartStyle.logTicks(style, new Range(low, high));
        return style.getXAxisDecimalPattern();
    }

    @Test
    void aMillionPointsAreThinned() {
        var random = new Random(1);
        var y = new double[1_000_000];
        for (int i = 0; i < y.length; i++) {
            y[i] = random.nextGaussian();
        }
        y[777_777] = 40;
        var chart = Chart.line().series("noise", y);
        byte[] png = chart.png();
        assertTrue(png.length < 40_000, "bytes: " + png.length);
        var seen = new Seen(png).isADrawing();
        assertTrue(seen.count(Palette.BLUE, 480, 30, 520, 200) > 20, "the spike is drawn");
        assertTrue(chart.alt().contains("max 40"), chart.alt());
    }

    @Test
    void tensorsListsAndFloatsAreSeries() {
        var tensor = Given.tensor(i -> i, 2, 3);
        assertEquals(
                "Line chart: y rose from 0 to 5 over 6 points (min 0, max 5).",
                Chart.line().series("y", tensor).alt());
        assertEquals(
                "Scatter chart: y, 6 points, x 0 to 5, y 0 to 5.",
                Chart.scatter().series("y", tensor, tensor).alt());
        assertEquals(
                "Line chart: y rose from 1 to 2 over 2 points (min 1, max 2).",
                Chart.line().series("y", new float[] {1, 2}).alt());
    }

    @Test
    void barsBeginAtZeroAndStandSideBySide() {
        var seen =
                new Seen(
                        Chart.bar()
                                .title("accuracy")
                                .series("train", 0.9, 0.8)
                                .series("validation", 0.7, 0.6));
        seen.isADrawing();
        assertTrue(seen.count(Palette.BLUE) > seen.count(Palette.VERMILLION));
        assertTrue(seen.count(Palette.VERMILLION) > 10_000);
    }

    @Test
    void barsNeedWholePlaces() {
        assertEquals(
                "[chart] series 'a' has a bar at 0.5; bars need places 0, 1, 2 ...: give heights"
                        + " alone, and categories",
                refusal(Chart.bar().series("a", new double[] {0.5}, new double[] {1})));
        assertEquals(
                "[chart] 1001 bars; need at most 200: use Chart.line() or Chart.histogram()",
                refusal(Chart.bar().series("a", new double[] {1000}, new double[] {1})));
        new Seen(Chart.bar().series("a", new double[] {3}, new double[] {1})).isADrawing();
    }

    @Test
    void aBarWithoutAFiniteHeightIsLeftOutButKeepsItsPlace() {
        var chart = Chart.bar().categories(List.of("x", "y", "z")).series("a", 1, Double.NaN, 3);
        assertEquals(
                "Bar chart: a, 2 bars, largest 3 at z, smallest 1 at x; 1 left out, not finite.",
                chart.alt());
        new Seen(chart).isADrawing();
    }

    @Test
    void sizesOutOfReasonAreRefused() {
        var e = assertThrows(JaneException.class, () -> Chart.line().size(10, 99_999));
        assertEquals(
                "[chart] a picture of 10 x 99999 pixels; need 200 x 150 to 2000 x 2000",
                e.getMessage());
        new Seen(Chart.line().size(300, 200).series("y", 1, 2)).hasSize(300, 200);
    }
}
