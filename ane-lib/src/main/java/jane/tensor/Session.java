package jane.tensor;

import jane.compile.Placement;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.engine.power.Pacer;
import jane.engine.power.Pacing;
import jane.ir.Graph;
import jane.mil.Program;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The engine that tensors compute on, and the seed that random tensors start from. There is one; it
 * is the only mutable state that is not held by an object of the user's.
 */
public final class Session {
    private static final Session CURRENT = new Session();

    private final Map<String, Long> drawn = new HashMap<>();
    private Evaluator evaluator;
    private Trace trace = new Trace() {};
    private Optional<Pacing> pacing = Optional.empty();
    private Optional<Pacer> pacer = Optional.empty();
    private long seed;

    private Session() {}

    /** The session. */
    public static Session current() {
        return CURRENT;
    }

    /** The engine in use; {@code cpu} on all processors until {@link #use} says otherwise. */
    public synchronized Engine engine() {
        return evaluator().engine();
    }

    /**
     * Computes on another engine from now on. Tensors made before keep their values.
     *
     * @param name one of {@link Engines#names}
     * @param threads 1 to 128, or to the number of processors where there are more
     */
    public synchronized void use(String name, int threads) {
        use(Engines.open(name, threads), threads);
    }

    /**
     * Computes on an engine that the caller has opened, and closes when the session has another.
     *
     * @param threads for what the engine's target does not take, and the CPU does
     */
    public synchronized void use(Engine engine, int threads) {
        evaluator = new Evaluator(engine, threads);
        evaluator.trace(trace);
        pacer = Optional.empty();
    }

    /** Tells {@code listener} of all compiling and computing from now on. */
    public synchronized void trace(Trace listener) {
        trace = listener;
        evaluator().trace(listener);
    }

    /** Starts all random streams again from {@code seed}. */
    public synchronized void seed(long newSeed) {
        seed = newSeed;
        drawn.clear();
    }

    /** The seed in use; 0 at first. */
    public synchronized long seed() {
        return seed;
    }

    /**
     * Compiles a graph for the engine in use.
     *
     * @param aliases input name by the output name that may share its buffer
     */
    public synchronized Compiled compile(Graph graph, Map<String, String> aliases) {
        return evaluator().compile(graph, aliases);
    }

    /**
     * A graph's programs and what the engine made of them.
     *
     * @param programs one, or several that run in order where the engine takes only a part
     * @param placement what runs where, and why, for an engine with a target
     */
    public record Compiled(
            List<Program> programs, Executable executable, Optional<Placement> placement) {
        /** The only program, or the longest of several. */
        public Program program() {
            return programs.stream()
                    .max(Comparator.comparingInt(p -> p.text().length()))
                    .orElseThrow();
        }
    }

    /**
     * The next random numbers of the stream {@code name}: the n-th draw after {@link #seed} is the
     * same on every machine.
     */
    public synchronized RandomStream stream(String name) {
        return RandomStream.of(seed, name).at(drawn.merge(name, 1L, Long::sum) - 1);
    }

    /** Programs compiled so far: constant while a loop runs what it ran before. */
    public synchronized long compiled() {
        return evaluator().compiled();
    }

    /** Spares the machine in this way from now on, whatever the engine. */
    public synchronized void pace(Pacing wanted) {
        pacing = Optional.of(wanted);
        pacer = Optional.empty();
    }

    /** Keeps steps to what {@link #pace} was told, or else to what the engine wants. */
    public synchronized Pacer pacer() {
        if (pacer.isEmpty()) {
            var wanted = pacing.orElseGet(() -> engine().pacing());
            pacer = Optional.of(new Pacer(wanted, Engines.power()));
        }
        return pacer.get();
    }

    /** Makes a pause seen, or its end. */
    public void paused(String what) {
        System.getLogger("jane.engine").log(System.Logger.Level.INFO, what);
    }

    /**
     * The last programs that the engine in use did not take and the processor runs, and why; oldest
     * first.
     */
    public synchronized List<String> refusals() {
        return evaluator().refusals();
    }

    synchronized Evaluator evaluator() {
        if (evaluator == null) {
            int threads = Runtime.getRuntime().availableProcessors();
            evaluator = new Evaluator(Engines.open("cpu", threads), threads);
        }
        return evaluator;
    }
}
