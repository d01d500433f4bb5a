package jane.notebook;

import jane.data.Dataset;
import jane.ir.Graph;
import jane.mil.Program;
import jane.nn.Layer;
import jane.nn.Summary;
import jane.notebook.chart.ConfusionPicture;
import jane.notebook.chart.GraphPicture;
import jane.notebook.chart.HtmlTable;
import jane.notebook.chart.Picture;
import jane.notebook.magics.view.DataView;
import jane.notebook.magics.view.ModelView;
import jane.notebook.magics.view.ProgramView;
import jane.notebook.magics.view.ReportView;
import jane.notebook.magics.view.StepView;
import jane.notebook.magics.view.TensorView;
import jane.tensor.Tensor;
import jane.train.Confusion;
import jane.train.EpochReport;
import jane.train.Inspection;
import jane.train.Mistakes;
import jane.train.Run;
import jane.train.Score;
import jane.train.StepReport;
import jane.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the values that end a cell look like; each host asks here first. */
public final class Renderers {
    private record Rule<T>(Class<T> kind, Function<T, Display> show) {
        Optional<Display> of(Object value) {
            return kind.isInstance(value)
                    ? Optional.of(show.apply(kind.cast(value)))
                    : Optional.empty();
        }
    }

    private static final List<Rule<?>> RULES =
            List.of(
                    new Rule<>(Display.class, display -> display),
                    new Rule<>(Picture.class, Picture::display),
                    new Rule<>(HtmlTable.class, HtmlTable::display),
                    new Rule<>(Tensor.class, TensorView::of),
                    new Rule<>(float[].class, values -> TensorView.of(Tensor.of(values))),
                    new Rule<>(Layer.class, ModelView::of),
                    new Rule<>(Summary.class, ModelView::of),
                    new Rule<>(Trainer.class, ModelView::of),
                    new Rule<>(Program.class, ProgramView::of),
                    new Rule<>(Graph.class, graph -> GraphPicture.of(graph).display()),
                    new Rule<>(Inspection.class, StepView::of),
                    new Rule<>(StepReport.class, ReportView::of),
                    new Rule<>(EpochReport.class, ReportView::of),
                    new Rule<>(Run.class, ReportView::of),
                    new Rule<>(Score.class, ReportView::of),
                    new Rule<>(Confusion.class, c -> ConfusionPicture.of(c).display()),
                    new Rule<>(Mistakes.class, DataView::of),
                    new Rule<>(Dataset.class, DataView::of));

    private Renderers() {}

    /** What {@code value} looks like; empty if it is nothing of Jane's, and its text will do. */
    public static Optional<Display> render(Object value) {
        for (var rule : RULES) {
            var display = rule.of(value);
            if (display.isPresent()) {
                return display;
            }
        }
        return Optional.empty();
    }
}
