package jane.cli.selftest;

import jane.conform.Campaign;
import jane.engine.EngineUnavailableException;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.engine.power.Pacing;
import jane.ir.JaneException;
import jane.target.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Holds engines against what is published of the Neural Engine, once. */
public final class SelfTest {
    private static final int SEED = 1;

    private final String processor;
    private final List<String> engines;
    private final long graphs;
    private final Consumer<Line> listener;
    private final List<Line> lines = new ArrayList<>();
    private final List<Took> took = new ArrayList<>();
    private volatile boolean stopped;
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
     * the same on the Mac's processor; elsewhere the stand-ins that there are, the simulator and
     * the CPU.
     */
    public static List<String> usual() {
        var all = new ArrayList<String>();
        if (AneEngine.missing(Route.E5RT).isEmpty()) {
            all.add("ane:isolated");
        }
        if (AneEngine.missing(Route.IN_MEMORY).isEmpty()) {
            all.add("ane:isolated/inmem");
        }
        all.addAll(
                all.isEmpty() || AneEngine.standIn()
                        ? List.of("sim:m5", "cpu")
                        : List.of("ane:cpu"));
        return List.copyOf(all);
    }

    /** Runs everything. */
    public Report run() {
        took("machine", "", () -> Surroundings.of(processor).forEach(this::add));
        took("power", "", () -> Power.of(Engines.power(), Pacing.COOL).forEach(this::add));
        engines.forEach(this::engine);
        return report(!stopped);
    }

    /**
     * Ends {@link #run} soon, from another thread, which should interrupt the one that runs: what
     * is under way is not told any more, engines are closed.
     */
    public void stop() {
        stopped = true;
    }

    /** What was found so far, if {@link #run} does not come to its end; from any thread. */
    public Report soFar() {
        return report(false);
    }

    private synchronized Report report(boolean complete) {
        return new Report(environment(), lines, took, complete);
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

    private void took(String part, String engine, Runnable work) {
        long start = System.nanoTime();
        try {
            work.run();
        } finally {
            note(new Took(part, engine, (System.nanoTime() - start) / 1e9));
        }
    }

    private synchronized void note(Took part) {
        took.add(part);
    }

    private void engine(String name) {
        var evidence = Evidence.of(name);
        boolean cpu = name.equals("cpu");
        boolean chip = evidence != Evidence.MAC_CPU && !cpu;
        try {
            opened(name, evidence, p -> part(p, "conformance", this::conformance));
            if (chip) {
                opened(name, evidence, p -> part(p, "hypotheses", Probes::on));
            }
            opened(
                    name,
                    evidence,
                    p -> {
                        if (chip) {
                            part(p, "measures", place -> new Measures(place).all());
                        }
                        if (!cpu) {
                            part(p, "block", place -> new StoriesBlock(place, threads).lines());
                        }
                        part(p, "training", place -> Training.on(place, threads));
                    });
        } catch (EngineUnavailableException e) {
            var verdict = Verdict.UNAVAILABLE;
            add(new Line("engines", "opens", name, "yes", e.getMessage(), verdict, evidence));
        }
    }

    /**
     * Each time an engine of its own, and so a worker process of its own, which may compile only so
     * many programs, and which a program that should be refused may spoil.
     */
    private void opened(String name, Evidence evidence, Consumer<Place> work) {
        if (stopped) {
            return;
        }
        try (var engine = Engines.open(name, threads)) {
            work.accept(new Place(engine, evidence));
        } catch (EngineUnavailableException e) {
            throw e;
        } catch (JaneException e) {
            var verdict = Verdict.DIFFERS;
            add(new Line("engines", "ends", name, "no error", e.getMessage(), verdict, evidence));
        }
    }

    /** An error ends a part, not the report. */
    private void part(Place place, String part, Function<Place, List<Line>> work) {
        if (stopped) {
            return;
        }
        took(
                part,
                place.engine().name(),
                () -> place.tried(part, "runs", () -> work.apply(place)).forEach(this::add));
    }

    private List<Line> conformance(Place place) {
        var outcome = new Campaign(place.engine(), SEED).run(graphs);
        var failures = outcome.failures();
        var name = graphs + " random graphs, seed " + SEED;
        var expected = "no failures";
        var found = new StringBuilder(outcome.programs() + " programs run");
        if (outcome.refused() > 0) {
            found.append(", ").append(outcome.refused()).append(" refused by rule ");
            found.append(new TreeMap<>(outcome.rules()));
        }
        if (!outcome.unpacked().isEmpty()) {
            found.append(", left out since no surface holds them ");
            found.append(new TreeMap<>(outcome.unpacked()));
        }
        found.append(", ").append(failures.size()).append(" failures");
        if (failures.isEmpty()) {
            var verdict = outcome.programs() > 0 ? Verdict.OK : Verdict.UNAVAILABLE;
            return List.of(place.line("conformance", name, expected, found.toString(), verdict));
        }
        var first = failures.get(0);
        found.append("; graph ").append(first.graph()).append(", ").append(first.variant());
        found.append(": ").append(first.message());
        return List.of(place.line("conformance", name, expected, found.toString(), false));
    }

    private void add(Line line) {
        if (stopped) {
            return;
        }
        synchronized (this) {
            lines.add(line);
        }
        listener.accept(line);
    }
}
