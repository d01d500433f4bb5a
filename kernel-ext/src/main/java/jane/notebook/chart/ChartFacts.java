package jane.notebook.chart;

import java.util.List;
import java.util.stream.Collectors;

/** What a chart shows, in words and numbers. */
final class ChartFacts {
    private static final int MOST_TOLD = 4;

    private final Chart chart;
    private final List<Series> series;

    ChartFacts(Chart chart, List<Series> series) {
        this.chart = chart;
        this.series = series;
    }

    String sentence() {
        var told =
                series.stream()
                        .limit(MOST_TOLD)
                        .map(this::clause)
                        .collect(Collectors.joining("; "));
        return chart.kind().words()
                + (chart.title().isEmpty() ? "" : " \"" + chart.title() + "\"")
                + ": "
                + told
                + (series.size() > MOST_TOLD
                        ? "; and " + (series.size() - MOST_TOLD) + " more series"
                        : "")
                + leftOut()
                + ".";
    }

    private String leftOut() {
        int sum = series.stream().mapToInt(Series::leftOut).sum();
        if (sum == 0) {
            return "";
        }
        var why = chart.hasLogX() || chart.hasLogY() ? "not finite, or not above 0" : "not finite";
        return "; " + Figures.count(sum) + " left out, " + why;
    }

    private String clause(Series s) {
        return switch (chart.kind()) {
            case LINE -> s.name() + " " + course(s);
            case SCATTER ->
                    s.name()
                            + ", "
                            + points(s.size())
                            + ", x "
                            + range(s.xRange())
                            + ", y "
                            + range(s.yRange());
            case BAR -> s.name() + ", " + bars(s);
            case HISTOGRAM -> s.name() + ", " + distribution(s);
        };
    }

    private static String course(Series s) {
        if (s.size() == 1) {
            return "is " + Figures.of(s.last()) + " at its only point";
        }
        var verb = s.last() < s.first() ? "fell" : s.last() > s.first() ? "rose" : "went";
        return verb
                + " from "
                + Figures.of(s.first())
                + " to "
                + Figures.of(s.last())
                + " over "
                + points(s.size())
                + " (min "
                + Figures.of(s.yRange().low())
                + ", max "
                + Figures.of(s.yRange().high())
                + ")";
    }

    private String bars(Series s) {
        int least = 0;
        int most = 0;
        var y = s.points().y;
        for (int i = 0; i < y.length; i++) {
            least = y[i] < y[least] ? i : least;
            most = y[i] > y[most] ? i : most;
        }
        var largest = "largest " + Figures.of(y[most]) + " at " + place(s, most);
        if (y.length == 1) {
            return "1 bar, " + Figures.of(y[0]) + " at " + place(s, 0);
        }
        return y.length
                + " bars, "
                + largest
                + ", smallest "
                + Figures.of(y[least])
                + " at "
                + place(s, least);
    }

    private String place(Series s, int i) {
        return chart.category((int) s.points().x[i]);
    }

    private String distribution(Series s) {
        var histogram = Histogram.of(s.points().y, chart.bins());
        return values(s.size())
                + " from "
                + range(s.yRange())
                + ", mean "
                + Figures.of(histogram.mean())
                + ", std "
                + Figures.of(histogram.std());
    }

    private static String range(Range range) {
        return Figures.of(range.low()) + " to " + Figures.of(range.high());
    }

    private static String points(int n) {
        return Figures.count(n) + (n == 1 ? " point" : " points");
    }

    private static String values(int n) {
        return Figures.count(n) + (n == 1 ? " value" : " values");
    }

    String table() {
        var table = HtmlTable.of("series", "points", "min", "mean", "max", "last", "left out");
        table.caption(sentence());
        for (var s : series) {
            var histogram = Histogram.of(s.points().y, 1);
            table.row(
                    s.name(),
                    s.size(),
                    histogram.min(),
                    histogram.mean(),
                    histogram.max(),
                    s.last(),
                    s.leftOut());
        }
        return table.text();
    }
}
