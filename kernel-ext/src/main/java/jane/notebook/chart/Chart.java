package jane.notebook.chart;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A chart of one or more named series: line, scatter, bar or histogram. A point that is NaN or
 * infinite, or that a logarithmic axis cannot show, is left out, and the text says how many. A
 * million points are drawn as fast as a thousand: thinned so that extremes stay.
 *
 * <p><b>Errors.</b> A chart without a point to draw is a {@link JaneException} once it is drawn.
 *
 * <pre>{@code
 * Chart.line().title("loss").xLabel("step").logY().series("train", losses).display();
 * }</pre>
 */
public final class Chart extends Labelled<Chart> {
    enum Kind {
        LINE("Line chart"),
        SCATTER("Scatter chart"),
        BAR("Bar chart"),
        HISTOGRAM("Histogram");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static final int MOST_BARS = 200;
    private static final int MOST_SERIES = 20;

    private final Kind kind;
    private final List<Series> series = new ArrayList<>();
    private final Set<String> curves = new HashSet<>();
    private List<String> categories = List.of();
    private boolean logX;
    private boolean logY;
    private int bins = 30;
    private int width = 640;
    private int height = 400;

    private Chart(Kind kind) {
        this.kind = kind;
    }

    /** Series as lines, in the order of their points. */
    public static Chart line() {
        return new Chart(Kind.LINE);
    }

    /** Series as dots. */
    public static Chart scatter() {
        return new Chart(Kind.SCATTER);
    }

    /** Series as bars side by side, one per category. */
    public static Chart bar() {
        return new Chart(Kind.BAR);
    }

    /** How the values of each series are distributed. */
    public static Chart histogram() {
        return new Chart(Kind.HISTOGRAM);
    }

    @Override
    Chart self() {
        return this;
    }

    /** Makes the horizontal axis logarithmic. Not for bars. */
    public Chart logX() {
        logX = true;
        return this;
    }

    /** Makes the vertical axis logarithmic. */
    public Chart logY() {
        logY = true;
        return this;
    }

    /** Number of bins of a histogram; 30 unless said. */
    public Chart bins(int count) {
        bins = count;
        return this;
    }

    /** Pixels of the picture; 640 by 400 unless said. */
    public Chart size(int pixelsWide, int pixelsHigh) {
        if (pixelsWide < 200 || pixelsHigh < 150 || pixelsWide > 2000 || pixelsHigh > 2000) {
            throw new JaneException(
                    "chart",
                    "a picture of %d x %d pixels; need 200 x 150 to 2000 x 2000",
                    pixelsWide,
                    pixelsHigh);
        }
        width = pixelsWide;
        height = pixelsHigh;
        return this;
    }

    /** What stands under the bars; 0, 1, 2 ... unless said. */
    public Chart categories(List<String> names) {
        categories = List.copyOf(names);
        return this;
    }

    /** Adds values at 0, 1, 2 ... */
    public Chart series(String name, double... y) {
        var x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return series(name, x, y);
    }

    /** Adds values at 0, 1, 2 ... */
    public Chart series(String name, float[] y) {
        return series(name, Values.of(y));
    }

    /** Adds values at 0, 1, 2 ... */
    public Chart series(String name, List<? extends Number> y) {
        return series(name, Values.of(y));
    }

    /** Adds the elements of a tensor of any shape, in row-major order, at 0, 1, 2 ... */
    public Chart series(String name, Tensor y) {
        return series(name, Values.of(y));
    }

    /** Adds points. */
    public Chart series(String name, double[] x, double[] y) {
        if (series.size() == MOST_SERIES) {
            throw new JaneException(
                    "chart",
                    "'%s' would be series %d; need at most %d to tell them apart",
                    name,
                    MOST_SERIES + 1,
                    MOST_SERIES);
        }
        if (series.stream().anyMatch(s -> s.name().equals(name))) {
            throw new JaneException("chart", "two series are named '%s'; need one each", name);
        }
        series.add(Series.of(name, x, y));
        return this;
    }

    /** Adds points. */
    public Chart series(String name, float[] x, float[] y) {
        return series(name, Values.of(x), Values.of(y));
    }

    /** Adds points. */
    public Chart series(String name, List<? extends Number> x, List<? extends Number> y) {
        return series(name, Values.of(x), Values.of(y));
    }

    /** Adds points from two tensors with as many elements. */
    public Chart series(String name, Tensor x, Tensor y) {
        return series(name, Values.of(x), Values.of(y));
    }

    /** Adds points to a scatter chart that are joined by a line, such as a fit to the dots. */
    public Chart curve(String name, double[] x, double[] y) {
        if (kind != Kind.SCATTER) {
            throw new JaneException(
                    "chart",
                    "curve '%s' in a %s; need a scatter chart: add it by series()",
                    name,
                    kind.words().toLowerCase(Locale.ROOT));
        }
        curves.add(name);
        return series(name, x, y);
    }

    /** Adds points from two tensors, joined by a line, to a scatter chart. */
    public Chart curve(String name, Tensor x, Tensor y) {
        return curve(name, Values.of(x), Values.of(y));
    }

    @Override
    public byte[] png() {
        return new ChartPainter(this, drawn()).png();
    }

    @Override
    public String alt() {
        return new ChartFacts(this, drawn()).sentence();
    }

    @Override
    public String text() {
        return new ChartFacts(this, drawn()).table();
    }

    /** The series without what this chart's axes cannot show; at least one has points. */
    private List<Series> drawn() {
        boolean xs = logX && kind != Kind.BAR && kind != Kind.HISTOGRAM;
        boolean ys = logY && kind != Kind.HISTOGRAM;
        var drawn = series.stream().map(s -> s.positive(xs, ys)).toList();
        if (drawn.stream().allMatch(s -> s.size() == 0)) {
            throw nothing(drawn);
        }
        if (kind == Kind.BAR) {
            checkBars();
        }
        return drawn.stream().filter(s -> s.size() > 0).toList();
    }

    private JaneException nothing(List<Series> empty) {
        int given = empty.stream().mapToInt(Series::leftOut).sum();
        if (given == 0) {
            return new JaneException(
                    "chart",
                    "nothing to draw: %s; add .series(name, values) with one value or more",
                    empty.isEmpty()
                            ? "no series"
                            : "no values in " + empty.stream().map(Series::name).toList());
        }
        return new JaneException(
                "chart",
                "nothing to draw: of %d values none is finite%s; need one or more",
                given,
                logX || logY ? " and above 0, as the logarithmic axis needs" : "");
    }

    private void checkBars() {
        int bars = series.stream().mapToInt(s -> s.size() + s.leftOut()).max().orElse(0);
        for (var s : series) {
            for (double x : s.points().x) {
                if (x < 0 || x != Math.rint(x) || x > Integer.MAX_VALUE / 2) {
                    throw new JaneException(
                            "chart",
                            "series '%s' has a bar at %s; bars need places 0, 1, 2 ...: give"
                                    + " heights alone, and categories",
                            s.name(),
                            Figures.of(x));
                }
                bars = Math.max(bars, (int) x + 1);
            }
        }
        if (bars > MOST_BARS) {
            throw new JaneException(
                    "chart",
                    "%d bars; need at most %d: use Chart.line() or Chart.histogram()",
                    bars,
                    MOST_BARS);
        }
        if (!categories.isEmpty() && categories.size() != bars) {
            throw new JaneException(
                    "chart", "%d categories for %d bars; need as many", categories.size(), bars);
        }
    }

    Kind kind() {
        return kind;
    }

    boolean hasLogX() {
        return logX;
    }

    boolean hasLogY() {
        return logY;
    }

    int bins() {
        return bins;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Whether a series is drawn as dots. */
    boolean isDots(Series s) {
        return kind == Kind.SCATTER && !curves.contains(s.name());
    }

    String category(int place) {
        return categories.isEmpty() ? Integer.toString(place) : categories.get(place);
    }
}
