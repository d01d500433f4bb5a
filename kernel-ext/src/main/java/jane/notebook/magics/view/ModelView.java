package jane.notebook.magics.view;

import jane.nn.Layer;
import jane.nn.Summary;
import jane.notebook.Display;
import jane.notebook.chart.Histogram;
import jane.notebook.chart.HtmlTable;
import jane.train.Trainer;
import java.util.Locale;

/** Layers, summaries of models, and trainers as tables. */
public final class ModelView {
    private static final int BINS = 16;

    private ModelView() {}

    /** A layer: its inner layers as text, its parameters as a table. */
    public static Display of(Layer layer) {
        var table = HtmlTable.of("parameter", "shape", "values", "mean", "std", "histogram");
        layer.parameters()
                .forEach(
                        (path, p) -> {
                            var h = Histogram.of(p, BINS);
                            table.row(
                                    p.trainable() ? path : path + " (state)",
                                    p.shape(),
                                    p.shape().size(),
                                    h.mean(),
                                    h.std(),
                                    TensorView.bars(h));
                        });
        var title =
                String.format(
                        Locale.ROOT,
                        "%s, %,d parameters",
                        layer.describe(),
                        layer.parameterCount());
        var text = layer + String.format(Locale.ROOT, "%n%,d parameters", layer.parameterCount());
        var tree = "<pre>" + HtmlTable.escape(layer.toString()) + "</pre>";
        boolean bare = layer.parameters().isEmpty();
        return Display.text(text).html(tree + (bare ? "" : table.caption(title).html()));
    }

    /** A summary: a row per layer, and totals. */
    public static Display of(Summary summary) {
        var table = HtmlTable.of("layer", "output", "parameters", "memory", "FLOPs");
        for (var row : summary.rows()) {
            table.row(
                    "\u00a0\u00a0".repeat(row.depth()) + Summary.title(row),
                    row.output(),
                    row.parameters(),
                    Summary.bytes(row.outputBytes()),
                    Summary.count(row.flops()));
        }
        table.foot(
                "total",
                "input " + summary.input(),
                summary.parameters(),
                Summary.bytes(summary.parameterBytes() + summary.outputBytes()),
                Summary.count(summary.flops()));
        return Display.text(summary.toString()).html(table.caption(summary.totals()).html());
    }

    /** A trainer: what it trains on what, and how far it is. */
    public static Display of(Trainer trainer) {
        var table = HtmlTable.of("trainer", "at " + trainer.position());
        table.row("model", trainer.model().describe())
                .row(
                        "parameters",
                        String.format(Locale.ROOT, "%,d", trainer.model().parameterCount()))
                .row("loss", trainer.step().loss().describe())
                .row("optimizer", trainer.step().optimizer().describe())
                .row("data", trainer.data().toString())
                .row("steps in an epoch", Integer.toString(trainer.stepsPerEpoch()));
        var losses = trainer.losses();
        if (!losses.isEmpty()) {
            table.row(
                    "loss of the first and last step",
                    String.format(
                            Locale.ROOT,
                            "%.4g, %.4g",
                            losses.get(0),
                            losses.get(losses.size() - 1)));
        }
        trainer.epochs().stream()
                .reduce((a, b) -> b)
                .flatMap(e -> e.validation())
                .ifPresent(score -> table.row("validation", ReportView.sentence(score)));
        return table.display();
    }
}
