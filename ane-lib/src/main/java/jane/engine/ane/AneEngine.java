package jane.engine.ane;

import jane.engine.Buffer;
import jane.engine.Checked;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.EngineUnavailableException;
import jane.engine.Executable;
import jane.engine.natives.NativeException;
import jane.engine.power.Pacing;
import jane.engine.power.PowerSource;
import jane.engine.power.Qos;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.States;
import jane.target.Route;
import jane.target.Target;
import jane.target.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The Neural Engine, by way of Espresso's C interface (e5rt). Programs are checked against the
 * machine's target before they are compiled, cached by their contents, and kept within the limits
 * of compiled and resident programs. {@code ane} runs in this process; {@code ane:isolated} in a
 * worker process, so that a crash there is an error here; {@code ane:cpu} is the processor instead,
 * for reference.
 *
 * <p><b>Errors.</b> {@link EngineUnavailableException} on a machine without it; {@link
 * CompileException} for a program that breaks a rule; {@link AneException} for what the system
 * refuses.
 *
 * <p>Not run on hardware so far: tests run it against stand-ins for the framework.
 */
public final class AneEngine implements Engine {
    private static final String REMEDY =
            "use cpu, or sim:T with the target T of a chip for the numbers of a Mac";

    private static final String ON_CPU = "ane:cpu";

    private final String name;
    private final Target target;
    private final Bridge bridge;
    private final ProgramStore store;
    private final EnergyMeter meter;
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
        this.name = name;
        this.target = target;
        this.bridge = bridge;
        meter = new EnergyMeter(power, System::nanoTime);
        store = new ProgramStore(bridge, slots, clockMillis, warnings);
    }

    private AneEngine(String name, Target target, Bridge bridge, PowerSource power) {
        this(
                name,
                target,
                bridge,
                ProgramStore.RESIDENT,
                () -> System.nanoTime() / 1_000_000,
                text -> System.getLogger("jane.engine").log(System.Logger.Level.WARNING, text),
                power);
    }

    /**
     * Opens the engine of this machine.
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
        return open(AneSettings.current(), ON_CPU, true, Device.CPU);
    }

    static AneEngine open(AneSettings settings, boolean isolated) {
        return open(settings, isolated ? "ane:isolated" : "ane", isolated, Device.ANE);
    }

    private static AneEngine open(
            AneSettings settings, String name, boolean isolated, Device device) {
        var missing = missing(settings);
        if (missing.isPresent()) {
            throw new EngineUnavailableException(name, missing.get(), REMEDY);
        }
        try {
            var bridge =
                    isolated
                            ? IsolatedBridge.open(WorkerSettings.of(settings, device))
                            : NativeBridge.open(
                                    settings.bridge(),
                                    settings.framework(),
                                    device,
                                    settings.power());
            var power = device == Device.ANE ? power() : PowerSource.NONE; // energy is the ANE's
            return new AneEngine(name, target(settings), bridge, power);
        } catch (NativeException e) {
            throw new EngineUnavailableException(name, e.reason(), REMEDY);
        } catch (AneException e) {
            throw new EngineUnavailableException(name, e.text(), REMEDY);
        }
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
        return missing(AneSettings.current());
    }

    private static Optional<String> missing(AneSettings settings) {
        boolean given = settings.bridge().isPresent() && settings.framework().isPresent();
        if (!settings.mac() && !given) {
            return Optional.of("the Neural Engine needs a Mac, and this is not macOS");
        }
        if (settings.mac() && !settings.arch().equals("aarch64")) {
            return Optional.of(
                    "this Java is built for " + settings.arch() + "; need one for aarch64");
        }
        return Optional.empty();
    }

    /**
     * Whether programs of this engine reach no Neural Engine: this is no Mac, or another framework
     * than Apple's is named.
     */
    public static boolean standIn() {
        var settings = AneSettings.current();
        return !settings.mac() || settings.framework().isPresent();
    }

    private static Target target(AneSettings settings) {
        return settings.target()
                .map(Target::named)
                .orElseGet(() -> Target.detected(processor(), settings.major(), Route.E5RT));
    }

    /** As macOS calls the processor: {@code Apple M4 Pro}; empty where it cannot be asked. */
    private static String processor() {
        try {
            var sysctl =
                    new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
                            .redirectErrorStream(true)
                            .start();
            var said = sysctl.getInputStream().readAllBytes();
            return new String(said, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return String.format(
                "%sNeural Engine of %s on e5rt, %s; %d programs compiled (warning at %d), %d"
                        + " resident of at most %d",
                name.equals(ON_CPU) ? "the Mac's processor, with programs for the " : "",
                target.chip().map(c -> c.title()).orElse("a chip without findings, all rules kept"),
                name.equals("ane") ? "in this process" : "in a worker process",
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
        var loaded = store.acquire(checked.program(), checked.graph());
        return new AneExecutable(store, meter, loaded);
    }

    /**
     * Compiles without a look at the target's rules, to find out whether they are right.
     *
     * @throws AneException if the system refuses the program
     */
    public Executable probe(Program given) {
        requireOpen();
        var program = States.asPorts(given);
        return new AneExecutable(store, meter, store.acquire(program, MilParser.parse(program)));
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
