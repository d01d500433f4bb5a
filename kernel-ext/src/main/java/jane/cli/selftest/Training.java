package jane.cli.selftest;

import jane.compile.Placement;
import jane.data.Digits;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Trainer;
import jane.zoo.Models;
import java.util.List;
import java.util.Locale;

/** A short run on digits: enough for the loss to fall, not for a good network. */
final class Training {
    private static final String SECTION = "training";
    private static final int SEED = 1;
    private static final int STEPS = 40;
    private static final int BATCH = 64;
    private static final float MEAN = 0.1307f;
    private static final float DEVIATION = 0.3081f;

    private Training() {}

    static List<Line> on(Place place, int threads) {
        var session = Session.current();
        var before = session.engine();
        long seed = session.seed();
        try {
            session.use(place.engine(), threads);
            session.seed(SEED);
            var data = Digits.train(STEPS * BATCH / 2, SEED).normalized(MEAN, DEVIATION);
            var trainer =
                    Trainer.of(Models.mlp(784, 64, 10), Loss.crossEntropy(), Adam.of(2e-3), data)
                            .batchSize(BATCH)
                            .seed(SEED);
            trainer.step().precision(place.engine().precision());
            trainer.steps(STEPS);
            return List.of(loss(place, trainer), accuracy(place, trainer), taken(place, trainer));
        } finally {
            session.use(before, threads);
            session.seed(seed);
        }
    }

    /** An engine that leaves all to the processor has shown nothing. */
    private static Line loss(Place place, Trainer trainer) {
        var losses = trainer.losses();
        double share = trainer.step().placement().map(Placement::share).orElse(1.0);
        double first = mean(losses.subList(0, 5));
        double last = mean(losses.subList(STEPS - 5, STEPS));
        return place.line(
                SECTION,
                "loss over " + STEPS + " steps on digits",
                "falls by half or more, most of the arithmetic on the engine",
                String.format(
                        Locale.ROOT,
                        "from %.4f to %.4f, with %.0f %% of the arithmetic there",
                        first,
                        last,
                        100 * share),
                last <= first / 2 && share > 0.5);
    }

    private static Line accuracy(Place place, Trainer trainer) {
        var score = trainer.score(Digits.test(500, SEED).normalized(MEAN, DEVIATION));
        return place.line(
                SECTION,
                "accuracy on 500 digits not seen",
                "60 % or more",
                String.format(Locale.ROOT, "%.1f %%", 100 * score.accuracy()),
                score.accuracy() >= 0.6);
    }

    private static Line taken(Place place, Trainer trainer) {
        var left = trainer.step().fallbacks();
        return place.line(
                SECTION,
                "parts of the step that the engine did not take",
                "none",
                left.isEmpty() ? "none" : left.toString(),
                left.isEmpty());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }
}
