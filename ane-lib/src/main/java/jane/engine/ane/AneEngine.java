package jane.engine.ane;

import jane.engine.Buffer;
import jane.engine.Checked;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.EngineUnavailableException;
import jane.engine.Executable;
import jane.engine.Reload;
import jane.engine.power.Pacing;
import jane.engine.power.PowerSource;
import jane.engine.power.Qos;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.Functions;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.States;
import jane.target.Route;
import jane.target.Target;
import jane.target.Usage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The Neural Engine, by way of Espresso's C interface (e5rt), or, where that cannot be opened or
 * the other is asked for, of AppleNeuralEngine's in-memory models. Programs are checked against the
 * machine's target before they are compiled, cached by their contents, and kept within the limits
 * of compiled and resident programs. {@code ane}, in full {@code ane:isolated}, has it in a worker
 * process, so that a crash there is an error here; {@code ane:inprocess} in this one; {@code
 * ane:cpu} is the processor instead, for reference.
 *
 * <p><b>Errors.</b> {@link EngineUnavailableException} on a machine without it; {@link
 * CompileException} for a program that breaks a rule; {@link AneException} for what the system
 * refuses.
 *
 * <p>Not run on hardware so far: tests run it against stand-ins for the framework.
 */
public final class AneEngine implements Engine {
    private static final String IN_PROCESS = "ane:inprocess";
    private static final String ISOLATED = "ane:isolated";
    private static final String ON_CPU = "ane:cpu";

    private final String name;
    private final Target target;
    private final Bridge bridge;
    private final ProgramStore store;
    private final EnergyMeter meter;
    private final Optional<String> instead;
    private volatile boolean closed;

    /** An engine over {@code bridge}, with the limits and the clock that a test wants. */
    AneEngine(
            String name,
            Target target,
            Bridge bridge,
            int slots,
            LongSupplier clockMillis,
            Consumer<String> warnings) {
        this(name, target, bridge, slots, clockMillis, warnings, PowerSource.NONE);
    }

    /** The same, on a machine whose power is that of {@code power}. */
    AneEngine(
            String name,
            Target target,
            Bridge bridge,
            int slots,
            LongSupplier clockMillis,
            Consumer<String> warnings,
            PowerSource power) {
        this(
                name,
                target,
                bridge,
                Optional.empty(),
                new ProgramStore(bridge, slots, clockMillis, warnings),
                power);
    }

    /** {@code instead}: why another route was not taken. */
    private AneEngine(
            String name,
            Target target,
            Bridge bridge,
            Optional<String> instead,
            ProgramStore store,
            PowerSource power) {
        this.name = name;
        this.target = target;
        this.bridge = bridge;
        this.instead = instead;
        this.store = store;
        meter = new EnergyMeter(power, System::nanoTime);
    }

    /** With the limits of the device. */
    static AneEngine of(
            String name,
            Target target,
            Bridge bridge,
            Optional<String> instead,
            PowerSource power) {
        var store =
                new ProgramStore(
                        bridge,
                        ProgramStore.RESIDENT,
                        () -> System.nanoTime() / 1_000_000,
                        Opening::warn);
        return new AneEngine(name, target, bridge, instead, store, power);
    }

    /**
     * Opens the engine of this machine: by e5rt, or by the in-memory route where e5rt cannot be
     * opened; {@link #description} says so.
     *
     * @param isolated whether to work in a worker process
     * @throws EngineUnavailableException if this machine has none, or it cannot be opened
     */
    public static AneEngine open(boolean isolated) {
        return open(AneSettings.current(), isolated);
    }

    /**
     * Opens the same way to this Mac's processor, in a worker process: a reference, which takes the
     * same programs by the same interface.
     *
     * @throws EngineUnavailableException if this machine has none, or it cannot be opened
     */
    public static AneEngine openOnCpu() {
        return Opening.of(AneSettings.current(), ON_CPU, true, Device.CPU, Optional.of(Route.E5RT));
    }

    /**
     * The same, by one route and no other.
     *
     * @throws EngineUnavailableException if this machine has none, or the route cannot be opened
     */
    public static AneEngine open(boolean isolated, Route route) {
        var name = (isolated ? ISOLATED : IN_PROCESS) + "/" + route.word();
        return Opening.of(AneSettings.current(), name, isolated, Device.ANE, Optional.of(route));
    }

    static AneEngine open(AneSettings settings, boolean isolated) {
        var name = isolated ? ISOLATED : IN_PROCESS;
        return Opening.of(settings, name, isolated, Device.ANE, Optional.empty());
    }

    /** What tells of the power of this machine; the same for the whole process. */
    public static PowerSource power() {
        return Machine.POWER;
    }

    /** Found out at the first use. */
    private static final class Machine {
        static final PowerSource POWER = AnePower.ofThisMachine(AneSettings.current());
    }

    /** Why this machine has no such engine, as far as that shows without opening it. */
    public static Optional<String> missing() {
        return Opening.missing(AneSettings.current(), List.of(Route.values()));
    }

    /** The same of one route. */
    public static Optional<String> missing(Route route) {
        return Opening.missing(AneSettings.current(), List.of(route));
    }

    /**
     * Whether programs of this engine reach no Neural Engine: this is no Mac, or another framework
     * than Apple's is named.
     */
    public static boolean standIn() {
        var settings = AneSettings.current();
        return !settings.mac()
                || settings.framework().isPresent()
                || settings.inMemory().isPresent();
    }

    @Override
    public String name() {
        return name;
    }

    /** The process that has the Neural Engine, and what a crash there means here. */
    public String place() {
        return bridge instanceof IsolatedBridge isolated
                ? "in worker process " + isolated.pid() + ": a crash there is an error in the cell"
                : "in this process: a crash ends it";
    }

    @Override
    public String description() {
        return String.format(
                "%sNeural Engine of %s on %s%s, %s; %d programs compiled (warning at %d), %d"
                        + " resident of at most %d",
                name.equals(ON_CPU) ? "the Mac's processor, with programs for the " : "",
                target.chip().map(c -> c.title()).orElse("a chip without findings, all rules kept"),
                target.route().word(),
                instead.map(why -> " (" + why + ")").orElse(""),
                bridge instanceof IsolatedBridge ? "in a worker process" : "in this process",
                store.compiled(),
                ProgramStore.WARNING,
                store.resident(),
                ProgramStore.RESIDENT);
    }

    /** What the route tells of itself: lines {@code key=value}. */
    public String route() {
        requireOpen();
        return bridge.describe();
    }

    @Override
    public DType precision() {
        return DType.FP16;
    }

    @Override
    public Pacing pacing() {
        return Pacing.COOL;
    }

    @Override
    public void qos(Qos qos) {
        requireOpen();
        bridge.qos(qos);
    }

    @Override
    public Optional<Target> target() {
        return Optional.of(target);
    }

    /** Programs sent to the compiler so far, those that were put off and came back included. */
    public int compiled() {
        return store.compiled();
    }

    /** Programs on the device. */
    public int resident() {
        return store.resident();
    }

    @Override
    public Executable compile(Program given) {
        requireOpen();
        var checked = Checked.of(given, target, Usage.FRESH);
        checked.refuse(name, violation -> true);
        return acquired(checked.program(), checked.graph());
    }

    /**
     * Compiles without a look at the target's rules, to find out whether they are right.
     *
     * @throws AneException if the system refuses the program
     */
    public Executable probe(Program given) {
        requireOpen();
        var program = States.asPorts(given);
        return acquired(program, MilParser.parse(program));
    }

    private AneExecutable acquired(Program program, Graph graph) {
        var alone = Functions.alone(program, graph);
        return new AneExecutable(store, meter, store.acquire(alone, graph));
    }

    /**
     * Overwrites the weight files of a program in place and loads it again without compiling, on
     * the in-memory route. Whether it runs with the new ones then: {@link
     * Target#takesReloadedWeights}. If it is put off the device after that, it is compiled again,
     * of the new ones. An equal program cannot be compiled until the result is closed.
     *
     * @param executable of this engine, the only one of its program; it is closed
     * @param files new contents by path, each of the size that it had
     * @throws JaneException on another route; if a file is not one of the program's, or of another
     *     size
     * @throws AneException if the system refuses; the program is off the device then
     */
    public Executable reload(Executable executable, Map<String, ByteBuffer> files) {
        requireOpen();
        Reload.requireRoute(name, target.route());
        if (!(executable instanceof AneExecutable ours) || !ours.isOf(store)) {
            throw new JaneException(
                    name, "this executable is none of this engine's; compile it here first");
        }
        return ours.reloaded(files);
    }

    @Override
    public Buffer allocate(TensorType type) {
        requireOpen();
        return Buffer.direct(type);
    }

    private void requireOpen() {
        if (closed) {
            throw new JaneException("ane", "this engine was closed; open it again");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                store.close();
            } finally {
                bridge.close();
            }
        }
    }
}
