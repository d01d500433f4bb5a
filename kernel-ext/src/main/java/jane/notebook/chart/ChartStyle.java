package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The look of everything XChart draws for us. */
final class ChartStyle {
    private static final List<Marker> MARKERS =
            List.of(
                    SeriesMarkers.CIRCLE,
                    SeriesMarkers.DIAMOND,
                    SeriesMarkers.SQUARE,
                    SeriesMarkers.TRIANGLE_UP,
                    SeriesMarkers.TRIANGLE_DOWN);

    private static final int FEW = 12;

    private ChartStyle() {}

    /** Colours, fonts and room; title and legend are drawn by {@link Head}. */
    static <T extends AxesChartStyler> T apply(T style) {
        style.setBaseFont(Canvas.TEXT);
        style.setAxisTickLabelsFont(Canvas.SMALL);
        style.setAxisTitleFont(Canvas.TEXT);
        style.setAnnotationTextFont(Canvas.SMALL);
        style.setAnnotationTextPanelFont(Canvas.SMALL);
        style.setToolTipFont(Canvas.SMALL);
        style.setChartTitleFont(Canvas.TITLE);
        style.setChartTitleVisible(false);
        style.setChartBackgroundColor(Palette.PAPER);
        style.setPlotBackgroundColor(Palette.PAPER);
        style.setChartFontColor(Palette.INK);
        style.setAxisTickLabelsColor(Palette.INK);
        style.setXAxisTitleColor(Palette.INK);
        style.setYAxisTitleColor(Palette.INK);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(Palette.GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1f));
        style.setPlotTicksMarksVisible(false);
        style.setAxisTicksMarksVisible(false);
        style.setAxisTicksLineVisible(false);
        style.setPlotMargin(4);
        style.setChartPadding(10);
        style.setMarkerSize(6);
        style.setAntiAlias(true);
        style.setTextAntiAlias(true);
        style.setLegendVisible(false);
        return style;
    }

    /** Writes tick labels with as many digits as tell the ticks of these ranges apart. */
    static void ticks(AxesChartStyler style, Range x, Range y) {
        // A pattern for x: given a function, XChart puts the ticks at the points instead.
        style.setXAxisDecimalPattern(pattern(x));
        style.setXAxisTickMarkSpacingHint(80);
        style.setYAxisTickLabelsFormattingFunction(
                at -> style.isYAxisLogarithmic() ? Figures.of(at, 3) : tick(at, y));
    }

    /** Labels on a logarithmic x axis: those far from 1 as powers of ten, so that none is 0. */
    static void logTicks(AxesChartStyler style, Range x) {
        boolean far = x.low() < 1e-4 || x.high() >= 1e7;
        int places = Math.max(0, -exponent(x.low()));
        style.setXAxisDecimalPattern(
                far ? "0.##E0" : places == 0 ? "0" : "0." + "#".repeat(places));
        style.setXAxisTickMarkSpacingHint(50);
    }

    private static String pattern(Range range) {
        double size = Math.max(Math.abs(range.low()), Math.abs(range.high()));
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return "0.##E0";
        }
        int places = Math.max(0, digits(range) - 1 - exponent(size));
        return places == 0 ? "0" : "0." + "#".repeat(places);
    }

    private static String tick(double at, Range range) {
        if (Math.abs(at) < (range.high() - range.low()) * 1e-9) {
            return "0";
        }
        return Figures.of(at, digits(range));
    }

    private static int digits(Range range) {
        double span = range.high() - range.low();
        double size = Math.max(Math.abs(range.low()), Math.abs(range.high()));
        return span > 0 ? (int) Math.min(10, 3 + Math.ceil(Math.log10(size / span))) : 4;
    }

    private static int exponent(double size) {
        return size == 0 ? 0 : (int) Math.floor(Math.log10(size));
    }

    /**
     * Adds a second point just beside the first, unseen. XChart puts a tick at every so many points
     * when they are evenly spaced (0, 23, 46 ...) and at round numbers when they are not. Few
     * points are left as they are: there, a tick at each is right.
     */
    static Thinning.Points uneven(Thinning.Points points, Range range) {
        int n = points.size();
        double beside = points.x[0] + (range.high() - range.low()) * 1e-6;
        if (n <= FEW || beside == points.x[0]) {
            return points;
        }
        var x = new double[n + 1];
        var y = new double[n + 1];
        int at = 1;
        while (at < n && points.x[at] == points.x[0]) {
            at++;
        }
        System.arraycopy(points.x, 0, x, 0, at);
        System.arraycopy(points.y, 0, y, 0, at);
        x[at] = beside;
        y[at] = points.y[at - 1];
        System.arraycopy(points.x, at, x, at + 1, n - at);
        System.arraycopy(points.y, at, y, at + 1, n - at);
        return new Thinning.Points(x, y);
    }

    static Color color(int i) {
        return Palette.SERIES.get(i % Palette.SERIES.size());
    }

    /** Full lines first; dashed when the colours begin again. */
    static BasicStroke stroke(int i) {
        if (i < Palette.SERIES.size()) {
            return new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
        float dash = 4f * (i / Palette.SERIES.size());
        return new BasicStroke(
                2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {dash + 4, 4}, 0);
    }

    static Marker marker(int i) {
        return MARKERS.get(i % MARKERS.size());
    }
}
