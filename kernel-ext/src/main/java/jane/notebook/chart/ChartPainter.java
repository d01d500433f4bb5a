package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a {@link Chart}: the title by hand, axes and series by XChart. */
final class ChartPainter {
    private static final int MOST_LABELS = 25;

    private final Chart chart;
    private final List<Series> series;
    private final String title;

    ChartPainter(Chart chart, List<Series> series) {
        this.chart = chart;
        this.series = series;
        boolean named = !chart.title().isEmpty() || series.size() > 1;
        title = named ? chart.title() : series.get(0).name();
    }

    byte[] png() {
        var canvas = new Canvas(chart.width(), chart.height());
        var head = new Head(canvas, title);
        for (int i = 0; i < series.size() && series.size() > 1; i++) {
            if (chart.isDots(series.get(i))) {
                head.dot(series.get(i).name(), ChartStyle.color(i), ChartStyle.marker(i));
            } else {
                head.entry(series.get(i).name(), ChartStyle.color(i), ChartStyle.stroke(i));
            }
        }
        int below = head.height();
        canvas.pen().translate(0, below);
        if (chart.kind() == Chart.Kind.BAR) {
            bars().paint(canvas.pen(), chart.width(), chart.height() - below);
        } else {
            points().paint(canvas.pen(), chart.width(), chart.height() - below);
        }
        return canvas.png();
    }

    private XYChart points() {
        var xy = new XYChartBuilder().xAxisTitle(chart.xLabel()).yAxisTitle(yTitle()).build();
        var axes = ChartStyle.apply(xy.getStyler());
        boolean logX = chart.hasLogX() && chart.kind() != Chart.Kind.HISTOGRAM;
        axes.setXAxisLogarithmic(logX);
        axes.setYAxisLogarithmic(chart.hasLogY());
        ChartStyle.ticks(axes, xRange(), yRange());
        if (logX) {
            ChartStyle.logTicks(axes, xRange());
        }
        for (int i = 0; i < series.size(); i++) {
            if (chart.kind() == Chart.Kind.HISTOGRAM) {
                steps(xy, i);
            } else if (chart.isDots(series.get(i))) {
                dots(xy, i);
            } else {
                line(xy, i);
            }
        }
        return xy;
    }

    private String yTitle() {
        boolean counts = chart.kind() == Chart.Kind.HISTOGRAM && chart.yLabel().isEmpty();
        return counts ? "values" : chart.yLabel();
    }

    private Range xRange() {
        return union(series.stream().map(Series::xRange).toList());
    }

    private Range yRange() {
        return union(series.stream().map(Series::yRange).toList());
    }

    private static Range union(List<Range> ranges) {
        return new Range(
                ranges.stream().mapToDouble(Range::low).min().orElseThrow(),
                ranges.stream().mapToDouble(Range::high).max().orElseThrow());
    }

    private void line(XYChart xy, int i) {
        var s = series.get(i);
        var thin =
                ChartStyle.uneven(
                        Thinning.line(s.points(), chart.width(), chart.height()), xRange());
        var drawn = xy.addSeries(s.name(), thin.x, thin.y);
        drawn.setLineColor(ChartStyle.color(i));
        drawn.setLineStyle(ChartStyle.stroke(i));
        boolean marked = s.size() <= 24 && chart.kind() == Chart.Kind.LINE;
        drawn.setMarker(marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        drawn.setMarkerColor(ChartStyle.color(i));
    }

    private void dots(XYChart xy, int i) {
        var s = series.get(i);
        // Dots of 6 pixels: a grid of 3 shows each that can be told from its neighbours.
        var thin =
                ChartStyle.uneven(
                        Thinning.dots(s.points(), chart.width() / 3, chart.height() / 3), xRange());
        var drawn = xy.addSeries(s.name(), thin.x, thin.y);
        drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        drawn.setMarker(ChartStyle.marker(i));
        var color = ChartStyle.color(i);
        int alpha = s.size() > 300 ? 140 : 220;
        drawn.setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha));
    }

    private void steps(XYChart xy, int i) {
        var s = series.get(i);
        var range = yRange();
        if (range.low() == range.high()) {
            double room = Math.max(0.5, Math.abs(range.low()) * 1e-3);
            range = new Range(range.low() - room, range.high() + room);
        }
        var histogram = Histogram.over(range, s.points().y, chart.bins());
        int n = histogram.bins();
        var x = new double[2 * n + 2];
        var y = new double[2 * n + 2];
        double floor = chart.hasLogY() ? 0.5 : 0;
        for (int b = 0; b <= n; b++) {
            x[2 * b] = histogram.edge(b);
            x[2 * b + 1] = histogram.edge(b);
            y[2 * b] = b == 0 ? floor : Math.max(floor, histogram.count(b - 1));
            y[2 * b + 1] = b == n ? floor : Math.max(floor, histogram.count(b));
        }
        var outline = ChartStyle.uneven(new Thinning.Points(x, y), range);
        var drawn = xy.addSeries(s.name(), outline.x, outline.y);
        var color = ChartStyle.color(i);
        drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
        drawn.setLineColor(color);
        drawn.setLineStyle(new BasicStroke(1.5f));
        drawn.setFillColor(
                new Color(
                        color.getRed(),
                        color.getGreen(),
                        color.getBlue(),
                        series.size() == 1 ? 150 : 70));
        drawn.setMarker(SeriesMarkers.NONE);
        double top = y[0];
        for (double count : y) {
            top = Math.max(top, count);
        }
        ChartStyle.ticks(xy.getStyler(), range, new Range(floor, top));
        xy.getStyler().setYAxisMin(floor);
    }

    private CategoryChart bars() {
        var bars =
                new CategoryChartBuilder()
                        .xAxisTitle(chart.xLabel())
                        .yAxisTitle(chart.yLabel())
                        .build();
        var axes = ChartStyle.apply(bars.getStyler());
        axes.setYAxisLogarithmic(chart.hasLogY());
        axes.setYAxisTickLabelsFormattingFunction(at -> Figures.of(at, 4));
        axes.setAvailableSpaceFill(0.8);
        axes.setXAxisMaxLabelCount(MOST_LABELS);
        var names = categories();
        int longest = names.stream().mapToInt(String::length).max().orElse(0);
        boolean crowded =
                Math.min(MOST_LABELS, names.size()) * (longest * 8 + 10) > chart.width() - 80;
        axes.setXAxisLabelRotation(crowded ? 45 : 0);
        for (int i = 0; i < series.size(); i++) {
            bars.addSeries(series.get(i).name(), names, heights(series.get(i), names.size()))
                    .setFillColor(ChartStyle.color(i));
        }
        return bars;
    }

    private List<String> categories() {
        int places = (int) xRange().high() + 1;
        return IntStream.range(0, places).mapToObj(chart::category).toList();
    }

    /** A height for every place; where a series has none there is no bar. */
    private List<Double> heights(Series s, int places) {
        double none = chart.hasLogY() ? Double.NaN : 0;
        var heights = new ArrayList<Double>(Collections.nCopies(places, none));
        for (int p = 0; p < s.size(); p++) {
            heights.set((int) s.points().x[p], s.points().y[p]);
        }
        return heights;
    }
}
