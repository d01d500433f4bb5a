package jane.cli.selftest;

import jane.conform.Campaign;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Holds engines against what is published of the Neural Engine. */
public final class SelfTest {
    private static final int SEED = 1;

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

    /**
     * The engines to test if none are named: the Neural Engine by each route and, for reference,
     * the same on the Mac's processor; elsewhere the stand-in, if there is one, the simulator and
     * the CPU.
     */
    public static List<String> usual() {
        if (AneEngine.missing().isPresent()) {
            return List.of("sim:m5", "cpu");
        }
        return AneEngine.standIn()
                ? List.of("ane:isolated", "sim:m5", "cpu")
                : List.of("ane:isolated", "ane:isolated/inmem", "ane:cpu");
    }

    /** Runs everything. */
    public Report run() {
        lines.clear();
        Surroundings.of(processor).forEach(this::add);
        Power.of(Engines.power()).forEach(this::add);
        engines.forEach(this::engine);
        return new Report(environment(), lines);
    }

    private Map<String, String> environment() {
        var system = System.getProperty("os.name") + " " + System.getProperty("os.version");
        var facts = new TreeMap<String, String>();
        facts.put("processor", processor.isEmpty() ? "not told" : processor);
        facts.put("system", system + " " + System.getProperty("os.arch"));
        facts.put("java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        facts.put("threads", Integer.toString(threads));
        facts.put("engines", String.join(", ", engines));
        return facts;
    }

    private void engine(String name) {
        var evidence = Evidence.of(name);
        try {
            part(name, evidence, "conformance", this::conformance);
            if (evidence != Evidence.MAC_CPU && !name.equals("cpu")) {
                part(name, evidence, "hypotheses", Probes::on);
                part(name, evidence, "measures", place -> new Measures(place).all());
            }
            if (!name.equals("cpu")) {
                part(name, evidence, "block", place -> new StoriesBlock(place, threads).lines());
            }
            part(name, evidence, "training", place -> Training.on(place, threads));
        } catch (EngineUnavailableException e) {
            var verdict = Verdict.UNAVAILABLE;
            add(new Line("engines", "opens", name, "yes", e.getMessage(), verdict, evidence));
        }
    }

    /**
     * A part has an engine of its own, and so a worker process of its own, which may compile only
     * so many programs. An error ends a part, not the report.
     */
    private void part(
            String name, Evidence evidence, String part, Function<Place, List<Line>> work) {
        try (var engine = Engines.open(name, threads)) {
            var place = new Place(engine, evidence);
            place.tried(part, "runs", () -> work.apply(place)).forEach(this::add);
        } catch (EngineUnavailableException e) {
            throw e;
        } catch (JaneException e) {
            var verdict = Verdict.DIFFERS;
            add(new Line(part, "ends", name, "no error", e.getMessage(), verdict, evidence));
        }
    }

    private List<Line> conformance(Place place) {
        var outcome = new Campaign(place.engine(), SEED).run(graphs);
        var failures = outcome.failures();
        var name = graphs + " random graphs, seed " + SEED;
        if (outcome.programs() == 0 && failures.isEmpty()) {
            var why = "the rules of the target refuse all of these programs";
            return List.of(
                    place.line("conformance", name, "no failures", why, Verdict.UNAVAILABLE));
        }
        var found = outcome.programs() + " programs run, " + failures.size() + " failures";
        if (!failures.isEmpty()) {
            var first = failures.get(0);
            found += "; graph " + first.graph() + ", " + first.variant() + ": " + first.message();
        }
        return List.of(place.line("conformance", name, "no failures", found, failures.isEmpty()));
    }

    private void add(Line line) {
        lines.add(line);
        listener.accept(line);
    }
}
