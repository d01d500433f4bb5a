package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import jane.target.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stand-in for a framework, Espresso unless it is said otherwise, whose programs the CPU engine
 * computes. The libraries are built from {@code native/} once, into {@code target/standins}; {@code
 * -Djane.standins=FOLDER} names others.
 */
final class StandIn {
    private static final int RTLD_NOW = 2; // and local
    private static final List<String> TARGETS = List.of("janeane", "janepower");
    private static final Map<Route, String> FRAMEWORKS =
            Map.of(Route.E5RT, "janeespresso", Route.IN_MEMORY, "janeneural");

    private static final Map<Route, Path> BUILT = new ConcurrentHashMap<>(); // a look takes 1.5 s

    /** {@code native/testing/standin.h}, of both frameworks. */
    interface Controls extends Library {
        void standin_set_backend(Backend f, Pointer context);

        void standin_fail(String symbol, int nth, long status);

        void standin_counts(long[] compiled, long[] resident, long[] objectsAlive);

        long standin_mask();

        void standin_reset();

        void standin_set_cap(long operations);

        /** Of the in-memory one: 1 if a load sees files that were overwritten. */
        void standin_set_reload(int kind);

        /** Of the in-memory one: what it tells of each run, 0 for nothing. */
        void standin_set_time(long ns);
    }

    /** {@code standin_backend}. */
    interface Backend extends Callback {
        int invoke(
                Pointer context,
                String dir,
                String function,
                int n,
                Pointer names,
                Pointer data,
                Pointer bytes,
                Pointer isOutput);
    }

    private final Controls controls;
    private final Map<String, Executable> compiled = new HashMap<>();
    private final List<Program> programs = new ArrayList<>();
    private final CpuEngine cpu = new CpuEngine(1);
    private final Backend backend = this::compute; // kept: the library has only its address
    private Runnable before = () -> {};

    private StandIn(Path folder, Route route) {
        controls = library(folder, FRAMEWORKS.get(route), Controls.class);
        controls.standin_reset();
        controls.standin_set_backend(backend, null);
    }

    /** With libraries of {@code folder}, computing on the CPU. */
    static StandIn in(Path folder) {
        return in(folder, Route.E5RT);
    }

    static StandIn in(Path folder, Route route) {
        return new StandIn(folder, route);
    }

    /** Not for the whole process: one stand-in's names would stand in the way of another's. */
    static <T extends Library> T library(Path folder, String name, Class<T> type) {
        return Native.load(
                library(folder, name), type, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
    }

    private static String library(Path folder, String name) {
        return folder.resolve("lib" + name + ".so").toString();
    }

    /** The bridge library, open on the stand-in for Espresso. */
    static NativeBridge bridge(Path folder) {
        return bridge(folder, Device.ANE, Route.E5RT);
    }

    static NativeBridge bridge(Path folder, Device device, Route route) {
        return NativeBridge.open(
                Optional.of(library(folder, "janeane")),
                Optional.of(library(folder, FRAMEWORKS.get(route))),
                device,
                Optional.of(library(folder, "janepower")),
                route);
    }

    /** Libraries to test with; skips the test where they cannot be built. */
    static Path folder() {
        return folder(Route.E5RT);
    }

    /** The same; the in-memory route's stand-in needs GNUstep too. */
    static Path folder(Route route) {
        return BUILT.computeIfAbsent(route, StandIn::built);
    }

    private static Path built(Route route) {
        var given = System.getProperty("jane.standins", "");
        var folder = given.isEmpty() ? Path.of("target", "standins") : Path.of(given);
        var native_ = Path.of("..", "native");
        if (given.isEmpty()) {
            assumeTrue(runs("cmake", "--version"), "needs cmake to build the stand-ins");
            assumeTrue(runs("g++", "--version"), "needs g++ to build the stand-ins");
            var said = run("cmake", "-S", native_.toString(), "-B", folder.toString());
            assumeTrue(
                    route == Route.E5RT || !said.contains("skipped: the in-memory route"),
                    "needs gobjc and libgnustep-base-dev to build the stand-in");
            var build = new ArrayList<>(List.of("cmake", "--build", folder.toString(), "--target"));
            build.addAll(TARGETS);
            build.add(FRAMEWORKS.get(route));
            run(build.toArray(new String[0]));
        }
        return folder.toAbsolutePath();
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor(), said);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Controls controls() {
        return controls;
    }

    /** Does something before each run. */
    void before(Runnable action) {
        before = action;
    }

    /** Operations on the device. */
    long resident() {
        return counts()[1];
    }

    /** Objects of any kind. */
    long alive() {
        return counts()[2];
    }

    private long[] counts() {
        var counts = new long[3][1];
        controls.standin_counts(counts[0], counts[1], counts[2]);
        return new long[] {counts[0][0], counts[1][0], counts[2][0]};
    }

    private int compute(
            Pointer context,
            String dir,
            String function,
            int n,
            Pointer names,
            Pointer data,
            Pointer bytes,
            Pointer isOutput) {
        before.run();
        var inputs = new LinkedHashMap<Long, String>();
        var at = new LinkedHashMap<String, Pointer>();
        var aliases = new LinkedHashMap<String, String>();
        for (int i = 0; i < n; i++) {
            var name = names.getPointer((long) i * Native.POINTER_SIZE).getString(0, "UTF-8");
            var place = data.getPointer((long) i * Native.POINTER_SIZE);
            at.put(name, place);
            if (isOutput.getInt(4L * i) == 0) {
                inputs.put(Pointer.nativeValue(place), name);
            }
        }
        for (int i = 0; i < n; i++) {
            var name = names.getPointer((long) i * Native.POINTER_SIZE).getString(0, "UTF-8");
            var input = inputs.get(Pointer.nativeValue(at.get(name)));
            if (isOutput.getInt(4L * i) != 0 && input != null) {
                aliases.put(name, input);
            }
        }
        var executable =
                compiled.computeIfAbsent(dir, d -> cpu.compile(read(d).withAliases(aliases)));
        run(executable, at, aliases);
        return 0;
    }

    private Program read(String dir) {
        programs.add(ProgramFiles.read(Path.of(dir)));
        return programs.get(programs.size() - 1);
    }

    /** What was in the folders of programs when they first ran. */
    List<Program> programs() {
        return programs;
    }

    private static void run(
            Executable executable, Map<String, Pointer> at, Map<String, String> aliases) {
        var buffers = new HashMap<String, Buffer>();
        executable.inputs().forEach((name, type) -> buffers.put(name, copy(type, at.get(name))));
        executable
                .outputs()
                .forEach(
                        (name, type) ->
                                buffers.put(
                                        name,
                                        aliases.containsKey(name)
                                                ? buffers.get(aliases.get(name))
                                                : Buffer.direct(type)));
        executable.bind(buffers).run();
        executable
                .outputs()
                .forEach(
                        (name, type) ->
                                bytes(type, at.get(name))
                                        .put(
                                                0,
                                                buffers.get(name).bytes(),
                                                0,
                                                (int) type.sizeBytes()));
    }

    private static Buffer copy(TensorType type, Pointer place) {
        var buffer = Buffer.direct(type);
        buffer.putBytes(bytes(type, place));
        return buffer;
    }

    private static ByteBuffer bytes(TensorType type, Pointer place) {
        return place.getByteBuffer(0, type.sizeBytes()).order(ByteOrder.nativeOrder());
    }
}
