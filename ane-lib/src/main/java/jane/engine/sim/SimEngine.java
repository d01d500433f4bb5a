package jane.engine.sim;

import jane.engine.Buffer;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.States;
import jane.target.Effect;
import jane.target.Target;
import jane.target.Usage;
import jane.target.Violation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final Target target;
    private final Mode mode;
    private final CpuEngine cpu;
    private final Arithmetic arithmetic;
    private final Evaluations process = new Evaluations();
    private final AtomicInteger compiled = new AtomicInteger();
    private final AtomicInteger resident = new AtomicInteger();

    /** A simulator on {@code threads} threads. */
    public SimEngine(Target target, Mode mode, int threads) {
        this.target = target;
        this.mode = mode;
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
        var program = States.asPorts(given);
        var graph = MilParser.parse(program); // before the rules: they read well-formed text
        var usage = new Usage(compiled.incrementAndGet(), resident.get() + 1);
        var broken = target.check(program, usage).stream().filter(Violation::isError).toList();
        var refused = broken.stream().filter(v -> v.effect() != Effect.EVAL_FAILURE).toList();
        if (!refused.isEmpty()) {
            throw new CompileException(name(), earliest(refused));
        }
        resident.incrementAndGet();
        var inner =
                mode == Mode.FAST
                        ? cpu.compile(program)
                        : new SimExecutable(graph, program.aliases(), arithmetic, cpu);
        return new Resident(inner, process.program(name(), broken), resident::decrementAndGet);
    }

    /** Those that show first: what the compiler refuses is never loaded. */
    private static List<Violation> earliest(List<Violation> broken) {
        for (var stage : Effect.Stage.values()) {
            var here = broken.stream().filter(v -> v.effect().stage() == stage).toList();
            if (!here.isEmpty()) {
                return here;
            }
        }
        return broken;
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
