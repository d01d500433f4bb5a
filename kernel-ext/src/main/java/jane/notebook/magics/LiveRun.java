package jane.notebook.magics;

import jane.ir.JaneException;
import jane.notebook.Notebook;
import jane.notebook.chart.TrainingChart;
import jane.train.EpochReport;
import jane.train.Run;
import jane.train.StepReport;
import jane.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A training run under the reader's eyes: one output with the losses, replaced in place. It is
 * drawn at most four times a second, and so seldom that drawing takes a fortieth of the time.
 */
final class LiveRun implements Trainer.Callback {
    private static final long SHORTEST_NANOS = 250_000_000;
    private static final long LONGEST_NANOS = 5_000_000_000L;
    private static final int SHARE = 40;

    private final Notebook notebook;
    private final Trainer trainer;
    private final TrainingChart chart;
    private final long totalSteps;
    private final long startSteps;
    private final long start = System.nanoTime();
    private final Notebook.Live live;
    private long drawing;
    private long due;

    /**
     * Begins to show.
     *
     * @param steps how many are to be taken
     */
    LiveRun(Notebook notebook, Trainer trainer, String title, long steps) {
        this.notebook = notebook;
        this.trainer = trainer;
        this.totalSteps = steps;
        this.startSteps = trainer.step().steps();
        this.chart = TrainingChart.of(title);
        history();
        chart.progress(startSteps == 0 ? "starting" : "goes on from " + trainer.position());
        this.live = notebook.live(chart.display());
        due = System.nanoTime() + SHORTEST_NANOS;
    }

    /** Steps and epochs of earlier runs, so that the chart shows all of the training. */
    private void history() {
        var losses = trainer.losses();
        long first = startSteps - losses.size() + 1;
        var schedule = trainer.step().optimizer().schedule();
        for (int i = 0; i < losses.size(); i++) {
            chart.step(first + i, losses.get(i), schedule.at(first + i));
        }
        long at = first - 1;
        for (var epoch : trainer.epochs()) {
            at += epoch.steps();
            validation(at, epoch);
        }
    }

    private void validation(long at, EpochReport epoch) {
        epoch.validation().ifPresent(score -> chart.validation(at, score.loss(), score.accuracy()));
    }

    /** Trains until {@code work} ends; the last state is shown however it ends. */
    Run train(Supplier<Trainer.End> work) {
        var begun = Run.begin(trainer);
        List<Trainer.End> end = new ArrayList<>();
        trainer.on(this);
        try {
            notebook.interruptible(trainer::stop, () -> end.add(work.get()));
            boolean finished = end.contains(Trainer.End.FINISHED);
            var run = begun.ended(finished ? Trainer.End.FINISHED : Trainer.End.STOPPED);
            chart.progress(
                    finished
                            ? String.format(
                                    Locale.ROOT,
                                    "finished at %s after %s",
                                    trainer.position(),
                                    clock(run.seconds()))
                            : "interrupted at "
                                    + trainer.position()
                                    + "; run the cell again to go on");
            return run;
        } catch (JaneException e) {
            chart.progress("stopped at " + trainer.position() + " by an error");
            throw e;
        } finally {
            trainer.off(this);
            live.update(chart.display());
        }
    }

    @Override
    public void step(Trainer of, StepReport report) {
        chart.step(report.step(), report.loss(), report.learningRate());
        long now = System.nanoTime();
        if (now >= due) {
            chart.progress(progress(report.step(), now));
            live.update(chart.display());
            long after = System.nanoTime();
            // The first one loads classes and fonts and says little of the next.
            drawing = drawing == 0 ? SHORTEST_NANOS / SHARE : (drawing + after - now) / 2;
            long pause = Math.max(SHORTEST_NANOS, drawing * SHARE);
            due = after + Math.min(pause, LONGEST_NANOS);
        }
    }

    @Override
    public void paused(Trainer of, String what) {
        chart.progress(of.position() + ", " + what);
        live.update(chart.display());
    }

    @Override
    public void epoch(Trainer of, EpochReport report) {
        validation(trainer.step().steps(), report);
    }

    private String progress(long step, long now) {
        long taken = step - startSteps;
        double left = (now - start) / 1e9 / Math.max(1, taken) * (totalSteps - taken);
        return String.format(
                Locale.ROOT,
                "%s, step %,d of %,d, about %s left",
                trainer.position(),
                taken,
                totalSteps,
                clock(left));
    }

    /** {@code 0:45}, {@code 1:02:03}. */
    static String clock(double seconds) {
        long s = Math.round(Math.max(0, seconds));
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
