package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
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

    private ChartStyle() {}

    /** Colours, fonts and room; {@code legend} below the plot if there is one to show. */
    static <T extends AxesChartStyler> T apply(T style, boolean legend) {
        style.setBaseFont(Canvas.TEXT);
        style.setAxisTickLabelsFont(Canvas.SMALL);
        style.setAxisTitleFont(Canvas.TEXT);
        style.setLegendFont(Canvas.TEXT);
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
        style.setLegendVisible(legend);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Palette.PAPER);
        style.setLegendBackgroundColor(Palette.PAPER);
        style.setLegendPadding(4);
        return style;
    }

    /** Writes tick labels with as many digits as tell the ticks of these ranges apart. */
    static void ticks(AxesChartStyler style, Range x, Range y) {
        style.setXAxisTickLabelsFormattingFunction(at -> tick(at, x));
        style.setYAxisTickLabelsFormattingFunction(at -> tick(at, y));
    }

    private static String tick(double at, Range range) {
        double span = range.high() - range.low();
        double size = Math.max(Math.abs(range.low()), Math.abs(range.high()));
        if (Math.abs(at) < span * 1e-9) {
            return "0";
        }
        int digits = span > 0 ? 3 + (int) Math.max(0, Math.ceil(Math.log10(size / span))) : 4;
        return Figures.of(at, Math.min(digits, 10));
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
