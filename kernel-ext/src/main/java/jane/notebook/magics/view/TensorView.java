package jane.notebook.magics.view;

import jane.notebook.Display;
import jane.notebook.chart.Chart;
import jane.notebook.chart.ContactSheet;
import jane.notebook.chart.HeatMap;
import jane.notebook.chart.Histogram;
import jane.notebook.chart.HtmlTable;
import jane.notebook.chart.Picture;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A tensor as statistics, values as far as there is room, and a picture. */
public final class TensorView {
    private static final int MOST_COLUMNS = 12;
    private static final int MOST_ROWS = 16;
    private static final int MOST_PIXELS = 4_000_000;
    private static final int SMALLEST_IMAGE = 6;
    private static final int BINS = 24;
    private static final int CURVE_BINS = 60;
    private static final String BARS = " ▁▂▃▄▅▆▇█";

    private TensorView() {}

    /** Statistics and values; large tensors are read once or twice and not copied. */
    public static Display of(Tensor tensor) {
        if (tensor.shape().size() == 0) {
            return Display.text(title(tensor) + ": no values");
        }
        if (tensor.shape().rank() == 0) {
            return Display.text(tensor.toString());
        }
        var histogram = Histogram.of(tensor, BINS);
        var statistics =
                HtmlTable.of("min", "mean", "max", "std", "zeros", "NaN", "infinite", "histogram")
                        .row(
                                histogram.min(),
                                histogram.mean(),
                                histogram.max(),
                                histogram.std(),
                                histogram.zeros(),
                                histogram.nans(),
                                histogram.infinities(),
                                bars(histogram));
        var text = tensor + "\n" + line(histogram);
        var html = statistics.caption(title(tensor)).html();
        return Display.text(text).html(html + values(tensor).map(HtmlTable::html).orElse(""));
    }

    /** Kind, shape and type, as {@code Tensor [2, 3] fp32, 6 values}. */
    static String title(Tensor tensor) {
        return String.format(
                Locale.ROOT,
                "%s %s %s, %,d value%s",
                tensor instanceof Parameter p ? "Parameter " + p.name() : "Tensor",
                tensor.shape(),
                tensor.dtype().mil(),
                tensor.shape().size(),
                tensor.shape().size() == 1 ? "" : "s");
    }

    private static String line(Histogram h) {
        var line =
                String.format(
                        Locale.ROOT,
                        "min %.4g, mean %.4g, max %.4g, std %.4g",
                        h.min(),
                        h.mean(),
                        h.max(),
                        h.std());
        var odd = new ArrayList<String>();
        if (h.nans() > 0) {
            odd.add(String.format(Locale.ROOT, "%,d NaN", h.nans()));
        }
        if (h.infinities() > 0) {
            odd.add(String.format(Locale.ROOT, "%,d infinite", h.infinities()));
        }
        return line + (odd.isEmpty() ? "" : ", " + String.join(", ", odd)) + "  |" + bars(h) + "|";
    }

    /** A histogram in one line of block characters. */
    static String bars(Histogram h) {
        var bars = new StringBuilder();
        for (int i = 0; i < h.bins(); i++) {
            long most = Math.max(1, h.highest());
            int level = (int) ((h.count(i) * (BARS.length() - 1) + most - 1) / most);
            bars.append(BARS.charAt(level));
        }
        return bars.toString();
    }

    /** The values of a vector or matrix that fits a page. */
    private static Optional<HtmlTable> values(Tensor t) {
        int rank = t.shape().rank();
        int columns = rank == 0 ? 1 : t.shape().dim(-1);
        int rows = rank < 2 ? 1 : t.shape().dim(0);
        if (rank > 2 || columns > MOST_COLUMNS || rows > MOST_ROWS) {
            return Optional.empty();
        }
        var heads = new ArrayList<String>(List.of(""));
        for (int c = 0; c < columns; c++) {
            heads.add(Integer.toString(c));
        }
        var table = HtmlTable.of(heads);
        for (int r = 0; r < rows; r++) {
            var cells = new ArrayList<Object>();
            cells.add(rank < 2 ? "" : Integer.toString(r));
            for (int c = 0; c < columns; c++) {
                double x = t.buffer().get(r * columns + c);
                cells.add(Double.isNaN(x) ? "NaN" : (Object) x);
            }
            table.row(cells.toArray());
        }
        return Optional.of(table);
    }

    /**
     * A picture that fits the shape: images as images, a matrix as a heat map, a vector as a line,
     * a large tensor as a histogram; none for a single value, or when none is finite.
     */
    public static Optional<Picture> picture(String name, Tensor tensor) {
        int rank = tensor.shape().rank();
        if (tensor.shape().size() < 2) {
            return Optional.empty();
        }
        var histogram = Histogram.of(tensor, CURVE_BINS);
        if (histogram.finite() == 0) {
            return Optional.empty();
        }
        if (tensor.shape().size() > MOST_PIXELS) {
            return Optional.of(curve(name, histogram));
        }
        if (rank == 1) {
            return Optional.of(Chart.line().title(name).series(name, tensor));
        }
        return Optional.of(
                isImages(tensor)
                        ? ContactSheet.of(tensor).title(name)
                        : HeatMap.of(tensor).title(name));
    }

    /** How often values occur, drawn from counts: no copy of a large tensor is made. */
    public static Picture histogram(String name, Tensor tensor) {
        return tensor.shape().size() > MOST_PIXELS
                ? curve(name, Histogram.of(tensor, CURVE_BINS))
                : Chart.histogram().title(name).series(name, tensor);
    }

    private static Picture curve(String name, Histogram histogram) {
        var values = new double[histogram.bins()];
        var counts = new double[histogram.bins()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (histogram.edge(i) + histogram.edge(i + 1)) / 2;
            counts[i] = histogram.count(i);
        }
        return Chart.line()
                .title(name + ": how often each value occurs")
                .xLabel("value")
                .yLabel("count")
                .series(name, values, counts);
    }

    private static boolean isImages(Tensor t) {
        return t.shape().rank() == 4
                && (t.shape().dim(1) == 1 || t.shape().dim(1) == 3)
                && t.shape().dim(2) >= SMALLEST_IMAGE
                && t.shape().dim(3) >= SMALLEST_IMAGE;
    }
}
