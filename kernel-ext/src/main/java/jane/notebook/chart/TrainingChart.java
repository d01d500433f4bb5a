package jane.notebook.chart;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.List;
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
    private static final int MOST_VALIDATIONS = 512;

    /** One look at validation data. */
    record Validation(long step, double loss, double accuracy) {}

    private final String title;
    private final LossCurve losses;
    private final List<Validation> validations;
    private String progress;
    private int passedOver;
    private int every = 1;

    private TrainingChart(
            String title, LossCurve losses, List<Validation> validations, String progress) {
        this.title = title;
        this.losses = losses;
        this.validations = validations;
        this.progress = progress;
    }

    /** A chart without steps. */
    public static TrainingChart of(String title) {
        return new TrainingChart(title, new LossCurve(), new ArrayList<>(), "");
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
        if (validations.size() == MOST_VALIDATIONS) {
            for (int i = MOST_VALIDATIONS - 2; i > 0; i -= 2) {
                validations.remove(i);
            }
            every *= 2;
        }
        if (++passedOver >= every) {
            passedOver = 0;
            validations.add(new Validation(step, loss, accuracy));
        }
    }

    /** Sets the line under the title, such as {@code epoch 2 of 10, 0:45 left}. */
    public synchronized void progress(String text) {
        progress = text;
    }

    /** As it stands, to be drawn while training goes on. */
    private synchronized TrainingFacts facts() {
        return new TrainingFacts(title, progress, losses.copy(), List.copyOf(validations));
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

    @Override
    public String alt() {
        return facts().sentence();
    }

    @Override
    public String text() {
        return facts().text();
    }
}
