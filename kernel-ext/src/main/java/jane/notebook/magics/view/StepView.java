package jane.notebook.magics.view;

import jane.notebook.Display;
import jane.notebook.chart.Histogram;
import jane.notebook.chart.HtmlTable;
import jane.notebook.chart.LayerStats;
import jane.notebook.chart.Picture;
import jane.notebook.chart.StepPanel;
import jane.train.Inspection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One training step laid open: a panel of distributions, and tables of all that has a number. */
public final class StepView {
    /** How many of the largest gradients are listed unless the user says. */
    public static final int STEEPEST = 5;

    private static final int BINS = 16;
    private static final Map<String, String> PHASES =
            Map.of(
                    "build", "build the graph (first step only)",
                    "compile", "compile the program (first step only)",
                    "upload", "hand the batch over",
                    "run", "forward, backward and update, one program",
                    "forward", "of that, forward (run once more alone)");

    private final Inspection step;
    private final int steepest;

    private StepView(Inspection step, int steepest) {
        this.step = step;
        this.steepest = steepest;
    }

    /** Distributions of outputs and gradients, layer by layer. */
    public static Picture panel(Inspection step) {
        var rows = new ArrayList<LayerStats>();
        for (var seen : step.layers()) {
            var own = own(step, seen);
            rows.add(
                    LayerStats.of(
                            name(seen),
                            seen.output(),
                            seen.gradient(),
                            norm(own.stream().map(Inspection.Moved::gradientNorm).toList()),
                            norm(own.stream().map(Inspection.Moved::updateNorm).toList())
                                    / norm(
                                            own.stream()
                                                    .map(Inspection.Moved::weightNorm)
                                                    .toList())));
        }
        return StepPanel.of(step.headline(), rows);
    }

    private static String name(Inspection.Seen seen) {
        return seen.path().isEmpty() ? seen.layer().describe() : seen.path();
    }

    /** The parameters that are the layer's and not an inner layer's. */
    private static List<Inspection.Moved> own(Inspection step, Inspection.Seen seen) {
        return step.parameters().stream()
                .filter(
                        p -> {
                            int dot = Math.max(0, p.path().lastIndexOf('.'));
                            return p.path().substring(0, dot).equals(seen.path());
                        })
                .toList();
    }

    /** Euclidean norm of norms; NaN of none. */
    private static double norm(List<Double> norms) {
        return norms.isEmpty()
                ? Double.NaN
                : Math.sqrt(norms.stream().mapToDouble(n -> n * n).sum());
    }

    /** Headline, warnings and tables. */
    public static Display of(Inspection step) {
        return of(step, STEEPEST);
    }

    /** As above with so many of the largest gradients. */
    public static Display of(Inspection step, int steepest) {
        return new StepView(step, steepest).display();
    }

    /** Headline and warnings. */
    public static Display verdict(Inspection step) {
        var text = new StringBuilder(step.headline());
        var html = new StringBuilder("<p><b>" + HtmlTable.escape(step.headline()) + "</b></p>");
        var warnings = step.warnings();
        if (warnings.isEmpty()) {
            text.append("\nNothing looks wrong.");
            html.append("<p>Nothing looks wrong.</p>");
        } else {
            html.append("<ul>");
            for (var warning : warnings) {
                text.append("\n! ").append(warning);
                html.append("<li>").append(HtmlTable.escape(warning)).append("</li>");
            }
            html.append("</ul>");
        }
        return Display.text(text.toString()).html(html.toString());
    }

    private Display display() {
        var verdict = verdict(step);
        var text = new StringBuilder(verdict.toString());
        var html = new StringBuilder(verdict.data().get("text/html"));
        for (var table : List.of(layers(), parameters(), largest(), times())) {
            text.append("\n\n").append(table.text());
            html.append('\n').append(table.html());
        }
        return Display.text(text.toString()).html(html.toString());
    }

    private HtmlTable layers() {
        var table =
                HtmlTable.of(
                        "layer",
                        "output",
                        "mean",
                        "std",
                        "min",
                        "max",
                        "zeros",
                        "output values",
                        "gradient std",
                        "gradient values");
        for (var seen : step.layers()) {
            var out = Histogram.of(seen.output(), BINS);
            var gradient = Histogram.of(seen.gradient(), BINS);
            table.row(
                    name(seen),
                    seen.output().shape(),
                    out.mean(),
                    out.std(),
                    out.min(),
                    out.max(),
                    String.format(Locale.ROOT, "%.0f %%", 100 * out.zeroShare()),
                    TensorView.bars(out),
                    gradient.std(),
                    TensorView.bars(gradient));
        }
        return table.caption("Layers, in the order they ran, with the weights before the update");
    }

    private HtmlTable parameters() {
        var table =
                HtmlTable.of("parameter", "shape", "gradient", "weight", "update", "update/weight");
        for (var p : step.parameters()) {
            table.row(
                    p.path(),
                    p.gradient().shape(),
                    p.gradientNorm(),
                    p.weightNorm(),
                    p.updateNorm(),
                    p.ratio());
        }
        return table.caption("Parameters, Euclidean norms; update/weight near 0.001 is healthy");
    }

    private HtmlTable largest() {
        var table = HtmlTable.of("parameter", "index", "gradient");
        for (var s : step.steepest(steepest)) {
            table.row(s.path(), s.index(), s.value());
        }
        return table.caption("Largest gradients");
    }

    private HtmlTable times() {
        var table = HtmlTable.of("phase", "ms");
        step.millis().forEach((phase, ms) -> table.row(PHASES.getOrDefault(phase, phase), ms));
        var place = step.place();
        return table.caption(
                String.format(
                        Locale.ROOT,
                        "Ran on %s (%s) as one program of %d kernels; all of it:"
                                + " trainer.step().plan()",
                        place.engine(),
                        place.description(),
                        place.plan().size()));
    }
}
