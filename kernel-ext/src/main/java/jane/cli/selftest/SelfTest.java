package jane.cli.selftest;

import jane.conform.Campaign;
import jane.data.Digits;
import jane.engine.Engine;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.ir.JaneException;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Trainer;
import jane.zoo.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Holds engines against what is published of the Neural Engine. */
public final class SelfTest {
    private static final int SEED = 1;
    private static final int STEPS = 40;
    private static final int BATCH = 64;
    private static final float MEAN = 0.1307f;
    private static final float DEVIATION = 0.3081f;

    private final String processor;
    private final List<String> engines;
    private final long graphs;
    private final Consumer<Line> listener;
    private final List<Line> lines = new ArrayList<>();
    private final int threads = Runtime.getRuntime().availableProcessors();

    /**
     * A self-test of these engines.
     *
     * @param processor its name, may be empty
     * @param engines names, as {@link Engines#open} takes them
     * @param graphs of the conformance suite, on each
     */
    public SelfTest(String processor, List<String> engines, long graphs) {
        this(processor, engines, graphs, line -> {});
    }

    /** The same; {@code listener} hears of each line as it is found. */
    public SelfTest(String processor, List<String> engines, long graphs, Consumer<Line> listener) {
        this.processor = processor;
        this.engines = List.copyOf(engines);
        this.graphs = graphs;
        this.listener = listener;
    }

    /** The engines to test if none are named: this machine's, or the simulator and the CPU. */
    public static List<String> usual() {
        return AneEngine.missing().isEmpty() ? List.of("ane:isolated") : List.of("sim:m5", "cpu");
    }

    /** Runs everything. */
    public Report run() {
        lines.clear();
        machine();
        route();
        engines.forEach(this::engine);
        var system = System.getProperty("os.name") + " " + System.getProperty("os.version");
        var environment =
                Map.of(
                        "processor",
                        processor.isEmpty() ? "not told" : processor,
                        "system",
                        system + " " + System.getProperty("os.arch"),
                        "java",
                        Runtime.version() + ", " + System.getProperty("java.vm.name"),
                        "threads",
                        Integer.toString(threads),
                        "engines",
                        String.join(", ", engines));
        return new Report(environment, lines);
    }

    private void machine() {
        boolean none = AneEngine.missing().isPresent();
        var os = System.getProperty("os.name");
        machine(
                "chip",
                "Apple silicon",
                processor.isEmpty() ? "no Apple chip, or one that is not told" : processor,
                processor.startsWith("Apple") ? Verdict.OK : Verdict.UNAVAILABLE);
        machine(
                "system",
                "macOS 14 or newer",
                os + " " + System.getProperty("os.version"),
                os.startsWith("Mac") ? Verdict.OK : Verdict.UNAVAILABLE);
        machine(
                "Java",
                none ? "17 or newer" : "17 or newer, for aarch64",
                Runtime.version() + ", for " + System.getProperty("os.arch"),
                Runtime.version().feature() >= 17 ? Verdict.OK : Verdict.DIFFERS);
    }

    private void machine(String name, String expected, String found, Verdict verdict) {
        add(new Line("machine", name, "", expected, found, verdict, AneEngine.standIn()));
    }

    private void route() {
        boolean simulated = AneEngine.standIn();
        var missing = AneEngine.missing();
        if (missing.isPresent()) {
            route("e5rt", "opens", missing.get(), Verdict.UNAVAILABLE);
            route("symbols of e5rt", "all there", missing.get(), Verdict.UNAVAILABLE);
        } else {
            try (var engine = AneEngine.open(false)) {
                var said = engine.route().strip().replaceAll("\\s*\\R\\s*", "; ");
                route("e5rt", "opens", said, Verdict.OK);
                route(
                        "symbols of e5rt",
                        "all there",
                        "all there, or it would not open",
                        Verdict.OK);
            } catch (EngineUnavailableException e) {
                var verdict = simulated ? Verdict.UNAVAILABLE : Verdict.DIFFERS;
                route("e5rt", "opens", e.getMessage(), verdict);
                route("symbols of e5rt", "all there", e.getMessage(), verdict);
            }
        }
        route("in-memory", "opens", "Jane has no engine on this route", Verdict.UNAVAILABLE);
    }

    private void route(String name, String expected, String found, Verdict verdict) {
        add(new Line("routes", name, "", expected, found, verdict, AneEngine.standIn()));
    }

    private void engine(String name) {
        boolean simulated = !name.startsWith("ane") || AneEngine.standIn();
        try (var engine = Engines.open(name, threads)) {
            step(name, "conformance", simulated, () -> List.of(conformance(engine, simulated)));
            if (engine.target().isPresent()) {
                step(name, "hypotheses", simulated, () -> Probes.on(engine, simulated));
                step(name, "measures", simulated, () -> new Measures(engine, simulated).all());
            }
            step(name, "training", simulated, () -> training(engine, simulated));
        } catch (EngineUnavailableException e) {
            var verdict = Verdict.UNAVAILABLE;
            add(new Line("engines", "opens", name, "yes", e.getMessage(), verdict, simulated));
        }
    }

    /** An error ends a part, not the report. */
    private void step(String engine, String part, boolean simulated, Supplier<List<Line>> work) {
        try {
            work.get().forEach(this::add);
        } catch (JaneException e) {
            var verdict = Verdict.DIFFERS;
            add(new Line(part, "runs", engine, "no error", e.getMessage(), verdict, simulated));
        }
    }

    private Line conformance(Engine engine, boolean simulated) {
        var outcome = new Campaign(engine, SEED).run(graphs);
        var failures = outcome.failures();
        var found = outcome.programs() + " programs run, " + failures.size() + " failures";
        if (!failures.isEmpty()) {
            var first = failures.get(0);
            found += "; graph " + first.graph() + ", " + first.variant() + ": " + first.message();
        }
        var name = graphs + " random graphs, seed " + SEED;
        var verdict = failures.isEmpty() ? Verdict.OK : Verdict.DIFFERS;
        return new Line(
                "conformance", name, engine.name(), "no failures", found, verdict, simulated);
    }

    /** A short run: enough for the loss to fall, not for a good network. */
    private List<Line> training(Engine engine, boolean simulated) {
        var session = Session.current();
        var before = session.engine();
        try {
            session.use(engine, threads);
            var data = Digits.train(STEPS * BATCH / 2, SEED).normalized(MEAN, DEVIATION);
            var trainer =
                    Trainer.of(Models.mlp(784, 64, 10), Loss.crossEntropy(), Adam.of(2e-3), data)
                            .batchSize(BATCH)
                            .seed(SEED);
            trainer.step().precision(engine.precision());
            trainer.steps(STEPS);
            var losses = trainer.losses();
            double first = mean(losses.subList(0, 5));
            double last = mean(losses.subList(STEPS - 5, STEPS));
            var score = trainer.score(Digits.test(500, SEED).normalized(MEAN, DEVIATION));
            return List.of(
                    new Line(
                            "training",
                            "loss over " + STEPS + " steps on digits",
                            engine.name(),
                            "falls by half or more",
                            String.format(Locale.ROOT, "from %.4f to %.4f", first, last),
                            last <= first / 2 ? Verdict.OK : Verdict.DIFFERS,
                            simulated),
                    new Line(
                            "training",
                            "accuracy on 500 digits not seen",
                            engine.name(),
                            "60 % or more",
                            String.format(Locale.ROOT, "%.1f %%", 100 * score.accuracy()),
                            score.accuracy() >= 0.6 ? Verdict.OK : Verdict.DIFFERS,
                            simulated));
        } finally {
            session.use(before, threads);
        }
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private void add(Line line) {
        lines.add(line);
        listener.accept(line);
    }
}
