package jane.conform;

import jane.engine.Engine;
import jane.ir.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws random graphs and holds an engine against the reference kernels: each graph as drawn, after
 * the passes, with identities put in, and its gradients. Every failure is shrunk.
 *
 * <p>Of 10 graphs 6 have integers of magnitude 2048 or less in every value, so that results must be
 * equal bit for bit. In the others a result may be off by the spread of references that are rounded
 * and disturbed op by op, and is not judged where that spread is large. Where the engine has a
 * target, a program that breaks its rules must be refused with one of their ids. On the in-memory
 * route each program is packed into surfaces first.
 */
public final class Campaign {
    private static final int MOST_FAILURES = 20;

    private final Engine engine;
    private final long seed;
    private final Toolchain tools;

    /** A campaign on {@code engine}; the same seed draws the same graphs. */
    public Campaign(Engine engine, long seed) {
        this(engine, seed, Toolchain.JANE);
    }

    Campaign(Engine engine, long seed, Toolchain tools) {
        this.engine = engine;
        this.seed = seed;
        this.tools = tools;
    }

    /** Graphs 0 to {@code graphs - 1}. */
    public Outcome run(long graphs) {
        return run(0, graphs);
    }

    /** So many graphs from number {@code first} on: pieces of a campaign, or one that goes on. */
    public Outcome run(long first, long graphs) {
        return run(first, graphs, MOST_FAILURES);
    }

    /** The same, but stops after {@code most} failures. */
    Outcome run(long first, long graphs, int most) {
        var tally = new Tally();
        var checker = new Checker(engine, tools, tally);
        var generator = new Generator(seed, floats(), tools.node());
        var failures = new ArrayList<Failure>();
        long number = first;
        for (; number < first + graphs && failures.size() < most; number++) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            var sketch = generator.sketch(number);
            tally.drawn(sketch);
            var found = checker.check(sketch);
            if (found.isPresent()) {
                failures.add(failure(sketch, found.get(), number));
            }
        }
        return new Outcome(
                engine.name(),
                seed,
                number - first,
                tally.programs(),
                tally.refused(),
                tally.ops(),
                tally.rules(),
                tally.unpacked(),
                tally.judgedShare(),
                failures);
    }

    /** Runs a reproducer; what is wrong, or nothing. */
    public Optional<String> replay(Reproducer reproducer) {
        var checker = new Checker(engine, tools, new Tally());
        var kind = new Failure.Kind[1];
        return checker.run(reproducer.program(), reproducer.inputs(), reproducer.expected(), kind);
    }

    private Failure failure(Sketch sketch, Found found, long number) {
        var checker = new Checker(engine, tools, new Tally());
        var small = Shrinker.shrink(sketch, found, checker::check);
        return new Failure(
                small.kind(), small.variant(), small.message(), seed, number, small.reproducer());
    }

    /** fp16 where the engine knows nothing else. */
    private Optional<DType> floats() {
        return engine.target().map(t -> DType.FP16);
    }

    /** Names of the ops that graphs are drawn from. */
    public static List<String> ops() {
        return jane.op.Ops.all().stream()
                .filter(op -> Samplers.of(op).isPresent())
                .map(op -> op.name())
                .toList();
    }
}
