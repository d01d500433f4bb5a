package jane.notebook.magics.view;

import jane.notebook.Display;
import jane.notebook.chart.HtmlTable;
import jane.train.EpochReport;
import jane.train.Run;
import jane.train.Score;
import jane.train.StepReport;
import jane.train.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What training reports, as tables. */
public final class ReportView {
    private static final int MOST_EPOCHS = 20;

    private ReportView() {}

    /** A run: one sentence, and a row per epoch. */
    public static Display of(Run run) {
        var epochs = run.epochs();
        if (epochs.isEmpty()) {
            return Display.text(run.toString());
        }
        int skipped = Math.max(0, epochs.size() - MOST_EPOCHS);
        var table = epochs(epochs.subList(skipped, epochs.size()));
        var note = skipped == 0 ? "" : ", the last " + MOST_EPOCHS + " epochs";
        return table.caption("Run: " + run + note).display();
    }

    /** An epoch as one row. */
    public static Display of(EpochReport report) {
        return epochs(List.of(report)).display();
    }

    private static HtmlTable epochs(List<EpochReport> reports) {
        var table =
                HtmlTable.of(
                        "epoch",
                        "steps",
                        "training loss",
                        "validation loss",
                        "accuracy",
                        "seconds");
        for (var e : reports) {
            table.row(
                    e.epoch(),
                    e.steps(),
                    e.trainLoss(),
                    e.validation().map(Score::loss).orElse(Double.NaN),
                    e.validation()
                            .map(s -> String.format(Locale.ROOT, "%.1f %%", 100 * s.accuracy()))
                            .orElse("–"),
                    e.seconds());
        }
        return table;
    }

    /** A score as one sentence. */
    public static Display of(Score score) {
        return Display.text(sentence(score));
    }

    static String sentence(Score score) {
        return String.format(
                Locale.ROOT,
                "loss %.4g, %.2f %% of %,d samples right",
                score.loss(),
                100 * score.accuracy(),
                score.samples());
    }

    /** A step: a sentence, and a row per parameter. */
    public static Display of(StepReport report) {
        var table = HtmlTable.of("parameter", "gradient", "update", "weight", "update/weight");
        for (var p : report.parameters()) {
            table.row(
                    p.name(), p.gradient(), p.update(), p.weight(), ratio(p.update(), p.weight()));
        }
        var times =
                report.millis().entrySet().stream()
                        .map(
                                e ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %.2f ms",
                                                e.getKey(),
                                                e.getValue()))
                        .collect(Collectors.joining(", "));
        return table.caption(
                        String.format(
                                Locale.ROOT,
                                "step %d: loss %.4g on %d samples, learning rate %s, on %s (%s);"
                                        + " norms%s%s",
                                report.step(),
                                report.loss(),
                                report.samples(),
                                report.learningRate(),
                                report.engine(),
                                times,
                                report.device().map(use -> "; device " + use).orElse(""),
                                report.fallbacks().stream()
                                        .map(fallback -> "; " + fallback)
                                        .collect(Collectors.joining())))
                .display();
    }

    private static double ratio(double update, double weight) {
        return weight == 0 ? Double.NaN : update / weight;
    }

    /** How a run ended, in a word. */
    public static String word(Trainer.End end) {
        return end == Trainer.End.FINISHED ? "finished" : "interrupted";
    }
}
