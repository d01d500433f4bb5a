package jane.notebook.chart;

import java.util.Optional;

/** What a run has shown so far, in words and numbers. */
record TrainingFacts(String title, String progress, LossCurve losses, Validations validations) {
    private static final int ENOUGH_STEPS = 20;
    private static final double CHANGE = 0.02;
    private static final double RISE = 1.05;
    private static final double BLOWN_UP = 2;

    /**
     * One of: diverged, overfitting since a step, not learning, learning. Overfitting is a
     * validation loss 5 % above its best, two validations or more after it, while the training loss
     * fell; learning is a training loss that fell by 2 % or more, and by more than chance explains,
     * unless it fell from where it had blown up to.
     */
    Optional<String> verdict() {
        if (losses.notFinite() > 0) {
            return Optional.of(
                    "the loss is not finite: "
                            + Figures.count(losses.notFinite())
                            + (losses.notFinite() == 1 ? " step" : " steps")
                            + ", first at step "
                            + Figures.count(losses.firstNotFinite()));
        }
        if (losses.steps() < ENOUGH_STEPS) {
            return Optional.empty();
        }
        double times = losses.recent().mean() / losses.first();
        if (losses.first() > 0 && times > BLOWN_UP) {
            return Optional.of(
                    "not learning: the loss is " + Figures.of(times, 2) + " times the first");
        }
        boolean fell = losses.recent().below(losses.early(), CHANGE);
        if (fell && overfits()) {
            return Optional.of(
                    "overfitting: validation was best at step "
                            + Figures.count(validations.best().orElseThrow().step()));
        }
        if (losses.early().below(losses.recent(), CHANGE)) {
            return Optional.of("not learning: the loss is rising");
        }
        return Optional.of(fell ? "learning" : "not learning yet: the loss has not fallen");
    }

    private boolean overfits() {
        return validations.sinceBest() >= 2
                && validations.best().isPresent()
                && validations.latest().orElseThrow().loss()
                        > RISE * validations.best().get().loss();
    }

    String train() {
        return Figures.of(losses.first(), 3)
                + " → "
                + Figures.of(losses.last(), 3)
                + " (min "
                + Figures.of(losses.min(), 3)
                + ")";
    }

    String validation(Validations.Look last) {
        var accuracy =
                Double.isNaN(last.accuracy())
                        ? ""
                        : ", " + Figures.percent(last.accuracy()) + " right";
        var best = validations.best().map(b -> " (min " + Figures.of(b.loss(), 3) + ")").orElse("");
        return Figures.of(last.loss(), 3) + best + accuracy;
    }

    String sentence() {
        var name = title.isEmpty() ? "Training" : "Training of " + title;
        if (losses.isEmpty()) {
            return name + ": no step with a finite loss after " + steps() + ".";
        }
        var verb = losses.last() < losses.first() ? "fell" : "went";
        return name
                + ": loss "
                + verb
                + " from "
                + Figures.of(losses.first())
                + " to "
                + Figures.of(losses.last())
                + " over "
                + steps()
                + ", min "
                + Figures.of(losses.min())
                + validations.latest().map(v -> "; validation loss " + validation(v)).orElse("")
                + verdict().map(v -> "; " + v).orElse("")
                + ".";
    }

    private String steps() {
        return Figures.count(losses.steps()) + (losses.steps() == 1 ? " step" : " steps");
    }

    String text() {
        return (progress.isEmpty() ? "" : progress + "\n") + sentence();
    }
}
