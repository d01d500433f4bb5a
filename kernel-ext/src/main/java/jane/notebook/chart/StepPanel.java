package jane.notebook.chart;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One training step laid open, a row per layer: the distribution of its output and of the gradient
 * there (heights are logarithms of counts, so that tails show; the upright line is 0), the share of
 * zeros and dead units, the norm of its parameters' gradient, and its update relative to its
 * weights on a logarithmic axis with the healthy zone, 1e-4 to 1e-2, marked.
 */
public final class StepPanel implements Picture {
    /** Rows drawn at most; the text has all. */
    static final int MOST_ROWS = 40;

    static final double HEALTHY_FROM = 1e-4;
    static final double HEALTHY_TO = 1e-2;

    private final String title;
    private final List<LayerStats> layers;
    private final List<String> notes = new ArrayList<>();

    private StepPanel(String title, List<LayerStats> layers) {
        this.title = title;
        this.layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new JaneException(
                    "chart", "nothing to draw: '%s' has no layers; need one or more", title);
        }
    }

    /** A panel of these layers, the first on top. */
    public static StepPanel of(String title, List<LayerStats> layers) {
        return new StepPanel(title, layers);
    }

    /** Adds a line under the title, such as {@code loss 2.303 before, 2.251 after}. */
    public StepPanel note(String text) {
        notes.add(text);
        return this;
    }

    String title() {
        return title;
    }

    List<String> notes() {
        return notes;
    }

    List<LayerStats> layers() {
        return layers;
    }

    static boolean healthy(double ratio) {
        return ratio >= HEALTHY_FROM && ratio <= HEALTHY_TO;
    }

    @Override
    public byte[] png() {
        return new StepPainter(this).png();
    }

    /** The same numbers as a table. */
    public HtmlTable table() {
        var table =
                HtmlTable.of(
                        "layer",
                        "shape",
                        "mean",
                        "std",
                        "zeros",
                        "dead",
                        "gradient std",
                        "parameter gradient",
                        "update / weight");
        for (var layer : layers) {
            table.row(
                    layer.name(),
                    layer.shape(),
                    layer.activation().mean(),
                    layer.activation().std(),
                    Figures.percent(layer.activation().zeroShare()),
                    Figures.percent(layer.deadUnits()),
                    layer.gradient().std(),
                    layer.gradientNorm(),
                    layer.updateRatio());
        }
        return table;
    }

    @Override
    public String alt() {
        var out = new StringBuilder(title).append(": ").append(layers.size());
        out.append(layers.size() == 1 ? " layer" : " layers");
        notes.forEach(note -> out.append("; ").append(note));
        extremes(out, "parameter gradient norms", LayerStats::gradientNorm);
        extremes(out, "updates relative to weights", LayerStats::updateRatio);
        long odd =
                layers.stream()
                        .filter(l -> l.updateRatio() > 0 && !healthy(l.updateRatio()))
                        .count();
        if (odd > 0) {
            out.append("; ").append(odd).append(" outside the healthy zone 0.0001 to 0.01");
        }
        layers.stream()
                .filter(l -> l.deadUnits() > 0)
                .max(Comparator.comparingDouble(LayerStats::deadUnits))
                .ifPresent(
                        l ->
                                out.append("; most dead units ")
                                        .append(Figures.percent(l.deadUnits()))
                                        .append(" in ")
                                        .append(l.name()));
        return out.append('.').toString();
    }

    private void extremes(StringBuilder out, String what, ToDoubleFunction<LayerStats> number) {
        var known =
                layers.stream()
                        .filter(l -> Double.isFinite(number.applyAsDouble(l)))
                        .sorted(Comparator.comparingDouble(number))
                        .toList();
        if (known.isEmpty()) {
            return;
        }
        var least = known.get(0);
        var most = known.get(known.size() - 1);
        out.append("; ")
                .append(what)
                .append(" from ")
                .append(Figures.of(number.applyAsDouble(least), 3))
                .append(" (")
                .append(least.name())
                .append(") to ")
                .append(Figures.of(number.applyAsDouble(most), 3))
                .append(" (")
                .append(most.name())
                .append(')');
    }

    @Override
    public String text() {
        var lines = new ArrayList<String>();
        lines.add(title);
        lines.addAll(notes);
        lines.add(table().text());
        return String.join("\n", lines);
    }
}
