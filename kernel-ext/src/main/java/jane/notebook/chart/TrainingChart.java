package jane.notebook.chart;

import jane.ir.JaneException;
import jane.notebook.Display;
import java.util.Optional;

/**
 * A live chart of a training run, which answers at one look: learning, doing nothing, or
 * overfitting? Each step's loss is drawn thin, their running average thick, validation losses as
 * dots on the same axis; the axis is logarthmic once the loss has fallen thirtyfold. A step costs
 * O(1) and memory is bounded, so a run may have any length. May be fed by one thread and drawn by
 * another.
 *
 * <pre>{@code
 * var chart = TrainingChart.of("digits");
 * chart.step(report.step(), report.loss(), report.learningRate());
 * live.update(chart.display());
 * }</pre>
 */
public final class TrainingChart implements Picture {
    private final String title;
    private final LossCurve losses = new LossCurve();
    private final Validations validations = new Validations();
    private String progress = "";

    private TrainingChart(String title) {
        this.title = title;
    }

    /** A chart without steps. */
    public static TrainingChart of(String title) {
        return new TrainingChart(title);
    }

    /** Adds a step; a loss that is not finite is counted and told, not drawn. */
    public synchronized void step(long step, double loss, double learningRate) {
        losses.add(step, loss, learningRate);
    }

    /** Adds the loss on validation data after step {@code step}. */
    public void validation(long step, double loss) {
        validation(step, loss, Double.NaN);
    }

    /** As above, with the share of right answers, 0 to 1. */
    public synchronized void validation(long step, double loss, double accuracy) {
        validations.add(new Validations.Look(step, loss, accuracy));
    }

    /** Sets the line under the title, such as {@code epoch 2 of 10, 0:45 left}. */
    public synchronized void progress(String text) {
        progress = text;
    }

    /** As it stands, to be drawn while training goes on. */
    private synchronized TrainingFacts facts() {
        return new TrainingFacts(title, progress, losses.copy(), validations.copy());
    }

    /** The verdict on the run so far: learning, not learning, overfitting; empty if too early. */
    public Optional<String> verdict() {
        return facts().verdict();
    }

    /**
     * {@inheritDoc}
     *
     * @throws JaneException if there was no step with a finite loss
     */
    @Override
    public byte[] png() {
        var facts = facts();
        if (facts.losses().isEmpty()) {
            throw new JaneException(
                    "chart",
                    "nothing to draw: %d steps, none with a finite loss; need one or more",
                    facts.losses().steps());
        }
        return new TrainingPainter(facts).png();
    }

    /** As every picture's; only text while there is no finite loss to draw. */
    @Override
    public Display display() {
        return facts().losses().isEmpty() ? Display.text(text()) : Picture.super.display();
    }

    @Override
    public String alt() {
        return facts().sentence();
    }

    @Override
    public String text() {
        return facts().text();
    }
}
