package jane.engine.sim;

import jane.engine.Buffer;
import jane.engine.Checked;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.Reload;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.target.Effect;
import jane.target.Route;
import jane.target.Target;
import jane.target.Usage;
import jane.target.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Behaves like the Neural Engine of a target, as far as that is published: takes the programs it
 * takes, refuses the others with its error and ours, counts compiled and resident programs, and
 * computes as it does. {@link Mode#EXACT} has the measured arithmetic, op by op; {@link Mode#FAST}
 * rounds to fp16 after every op, as the CPU engine does with fp16 programs.
 *
 * <p><b>Errors.</b> {@link CompileException} with every rule that a program breaks which its
 * compiler or loader enforces, or whose breach gives wrong data without a word. What fails when it
 * is evaluated compiles, and fails then; a program that poisons its process, as on some chips
 * {@code tile} does, runs, and every run on this engine after that fails.
 */
public final class SimEngine implements Engine {
    /** How close the numbers are. */
    public enum Mode {
        /** The measured arithmetic, op by op. */
        EXACT,
        /** fp16 after every op, fp32 within. */
        FAST
    }

    /** Rules on the order of surfaces. */
    private static final Set<String> MISTAKEN = Set.of("ANE-C05", "ANE-C06b");

    private final Target target;
    private final Mode mode;
    private final Consumer<String> warnings;
    private final CpuEngine cpu;
    private final Arithmetic arithmetic;
    private final Evaluations process = new Evaluations();
    private final AtomicInteger compiled = new AtomicInteger();
    private final AtomicInteger resident = new AtomicInteger();

    /** A simulator on {@code threads} threads. */
    public SimEngine(Target target, Mode mode, int threads) {
        this(
                target,
                mode,
                threads,
                text -> System.getLogger("jane.engine").log(System.Logger.Level.WARNING, text));
    }

    /** As above, with a taker of warnings. */
    SimEngine(Target target, Mode mode, int threads, Consumer<String> warnings) {
        this.target = target;
        this.mode = mode;
        this.warnings = warnings;
        cpu = new CpuEngine(threads);
        arithmetic = new Arithmetic(target.family());
    }

    /** Of a name such as {@code m5}, {@code m5@26/inmem} or {@code m5:fast}; exact by default. */
    public static SimEngine named(String name, int threads) {
        int colon = name.lastIndexOf(':');
        if (colon < 0) {
            return new SimEngine(Target.named(name), Mode.EXACT, threads);
        }
        var mode =
                switch (name.substring(colon + 1)) {
                    case "exact" -> Mode.EXACT;
                    case "fast" -> Mode.FAST;
                    default ->
                            throw new JaneException(
                                    "sim",
                                    "mode '%s' of sim:%s; need exact or fast",
                                    name.substring(colon + 1),
                                    name);
                };
        return new SimEngine(Target.named(name.substring(0, colon)), mode, threads);
    }

    @Override
    public String name() {
        return "sim:" + target.name() + (mode == Mode.FAST ? ":fast" : "");
    }

    @Override
    public String description() {
        return "simulated "
                + target.chip().map(c -> c.title()).orElse("union of all chips")
                + (mode == Mode.EXACT ? ", measured arithmetic" : ", fp16 after each op")
                + ", on "
                + cpu.description();
    }

    @Override
    public DType precision() {
        return DType.FP16;
    }

    @Override
    public Optional<Target> target() {
        return Optional.of(target);
    }

    /** Programs compiled so far, refused ones included. */
    public int compiled() {
        return compiled.get();
    }

    /** Programs that are compiled and not closed. */
    public int resident() {
        return resident.get();
    }

    @Override
    public Executable compile(Program given) {
        var usage = new Usage(compiled.incrementAndGet(), resident.get() + 1);
        var checked = Checked.of(given, target, usage);
        for (var stage : Effect.Stage.values()) { // what the compiler refuses is never loaded
            checked.refuse(name(), v -> v.effect().stage() == stage && !failsLater(v));
        }
        warn(checked.found());
        resident.incrementAndGet();
        var program = checked.program();
        var inner = inner(program, checked.graph());
        var loaded = process.program(name(), checked.errors());
        return new Resident(program, inner, loaded, resident::decrementAndGet);
    }

    private static boolean failsLater(Violation v) {
        return v.effect() == Effect.EVAL_FAILURE;
    }

    private Executable inner(Program program, Graph graph) {
        if (target.route() == Route.IN_MEMORY) {
            var own = program.withAliases(Map.of());
            return new Surfaces(computing(own, graph), program.aliases());
        }
        return computing(program, graph);
    }

    private Executable computing(Program program, Graph graph) {
        return mode == Mode.FAST
                ? cpu.compile(program)
                : new SimExecutable(graph, program.aliases(), arithmetic, cpu);
    }

    /** Says what the chip would do wrong without a word, and this engine does too. */
    private void warn(List<Violation> found) {
        found.stream()
                .filter(v -> MISTAKEN.contains(v.rule()))
                .forEach(v -> warnings.accept(name() + " takes values for one another: " + v));
    }

    /**
     * Overwrites the weight files of a loaded program in place and loads it again without
     * compiling, as some do on the in-memory route to save compilations. Whether it runs with the
     * new ones then: {@link Target#takesReloadedWeights}.
     *
     * @param loaded by this engine; it is closed
     * @param files new contents by path, each of the size that it had
     * @throws JaneException on another route; if a file is not one of the program's, or of another
     *     size
     */
    public Executable reload(Executable loaded, Map<String, ByteBuffer> files) {
        Reload.requireRoute(name(), target.route());
        if (!(loaded instanceof Resident resident) || !resident.isOf(process)) {
            throw new JaneException(
                    name(), "this executable is none of this engine's; compile it here first");
        }
        var changed = Reload.overwritten(name(), resident.program(), files);
        return target.takesReloadedWeights()
                ? resident.reloaded(inner(changed, MilParser.parse(changed)))
                : resident.reloaded(resident.compiled());
    }

    @Override
    public Buffer allocate(TensorType type) {
        return cpu.allocate(type);
    }

    @Override
    public void close() {
        cpu.close();
    }
}
