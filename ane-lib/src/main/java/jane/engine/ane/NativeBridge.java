package jane.engine.ane;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import jane.engine.natives.NativeException;
import jane.engine.natives.NativeSettings;
import jane.engine.natives.Natives;
import jane.engine.power.Qos;
import jane.ir.TensorType;
import jane.target.Route;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The bridge library, in this process. */
final class NativeBridge implements Bridge {
    private static final int PADDING = 64;

    private final Device device;
    private final long[] route = new long[1];
    private OwnFolder folder;
    private final Optional<String> file;
    private final Optional<String> powerLibrary;
    private Optional<AnePower> threads = Optional.empty();
    private volatile int urgency; // 0: as the calling thread

    private NativeBridge(Optional<String> file, Device device, Optional<String> powerLibrary) {
        this.file = file;
        this.device = device;
        this.powerLibrary = powerLibrary;
    }

    /**
     * Loads the library and opens e5rt.
     *
     * @param file the library, or empty for the bundled one
     * @param framework the framework's binary, or empty for Apple's
     * @throws NativeException if there is no library, or it cannot be loaded
     * @throws AneException if the framework is not there or lacks calls
     */
    static NativeBridge open(Optional<String> file, Optional<String> framework) {
        return open(file, framework, Device.ANE, Optional.empty(), Route.E5RT);
    }

    /**
     * The same, by {@code way}; programs are compiled for {@code device}.
     *
     * @param power a stand-in for what tells of power, or empty for Apple's libraries
     */
    static NativeBridge open(
            Optional<String> file,
            Optional<String> framework,
            Device device,
            Optional<String> power,
            Route way) {
        load(file);
        var bridge = new NativeBridge(file, device, power);
        var library = framework.map(NativeBridge::text).orElse(null);
        check("open", AneLibrary.jane_ane_open(number(way), library, bridge.route));
        return bridge;
    }

    /** Loads the library, or the bundled one if {@code file} is empty. */
    static void load(Optional<String> file) {
        var natives = new Natives(NativeSettings.current());
        bind(file.isPresent() ? natives.library(Path.of(file.get())) : natives.library("janeane"));
    }

    private static void bind(NativeLibrary library) {
        Natives.bind(AneLibrary.class, library);
        int abi = AneLibrary.jane_ane_abi();
        if (abi != AneLibrary.ABI) {
            throw new NativeException(
                    "%s has ABI %d; need %d: build it from the same sources",
                    library.getFile(), abi, AneLibrary.ABI);
        }
    }

    /** {@code enum jane_ane_route}. */
    private static int number(Route way) {
        return switch (way) {
            case E5RT -> 0;
            case IN_MEMORY -> 1;
        };
    }

    static byte[] text(String s) {
        return (s + '\0').getBytes(StandardCharsets.UTF_8);
    }

    static void check(String call, int status) {
        if (status != 0) {
            var error = AneLibrary.jane_ane_last_error();
            var said = error == null ? "" : error.getString(0, "UTF-8");
            throw new AneException(
                    AneStatus.of(status), said.isEmpty() ? call + ": status " + status : said);
        }
    }

    @Override
    public String describe() {
        var size = new long[1];
        AneLibrary.jane_ane_describe(route[0], null, size);
        var text = new byte[(int) size[0]];
        check("describe", AneLibrary.jane_ane_describe(route[0], text, size));
        return new String(text, 0, (int) size[0] - 1, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized Path folder() {
        if (folder == null) {
            folder = OwnFolder.in(OwnFolder.temporary(), "a folder for programs");
        }
        return folder.path();
    }

    @Override
    public Handle compile(String title, Path dir, Path cache) {
        var out = new long[1];
        var from = text(dir.toString());
        var to = text(cache.toString());
        check(
                "compile",
                urgently(() -> AneLibrary.jane_ane_compile(route[0], from, to, device.mask, out)));
        return new NativeHandle(out);
    }

    /** Tries it at once, so that a system that refuses says so here. */
    @Override
    public synchronized void qos(Qos qos) {
        if (threads.isEmpty()) {
            threads = Optional.of(AnePower.open(file, powerLibrary));
        }
        var power = threads.get();
        power.qos(power.qos(qos.code()));
        urgency = qos.code();
    }

    /** The calling thread is the user's: it gets back what it had. */
    private int urgently(IntSupplier call) {
        if (urgency == 0) {
            return call.getAsInt();
        }
        var power = threads.orElseThrow();
        int before = power.qos(urgency);
        try {
            return call.getAsInt();
        } finally {
            power.qos(before);
        }
    }

    @Override
    public synchronized void close() {
        if (folder != null) {
            folder.close();
        }
        if (route[0] != 0) {
            check("close", AneLibrary.jane_ane_close(route));
        }
        threads.ifPresent(AnePower::close);
        threads = Optional.empty();
    }

    private final class NativeHandle implements Handle {
        private final long[] program;
        private final Map<String, NativePort> ports = new HashMap<>();

        NativeHandle(long[] program) {
            this.program = program;
        }

        @Override
        public void load() {
            check("load", urgently(() -> AneLibrary.jane_ane_load(program[0])));
        }

        @Override
        public void reload() {
            check("reload", urgently(() -> AneLibrary.jane_ane_reload(program[0])));
        }

        @Override
        public Port port(String name, boolean isOutput, TensorType type) {
            var dims = type.shape().toArray();
            var sizes = new long[Math.max(1, dims.length)];
            sizes[0] = 1; // of a scalar
            for (int i = 0; i < dims.length; i++) {
                sizes[i] = Math.max(1, dims[i]); // one without elements has memory all the same
            }
            var data = new long[1];
            check(
                    "port",
                    AneLibrary.jane_ane_port_shape(
                            program[0],
                            text(name),
                            isOutput ? 1 : 0,
                            sizes,
                            sizes.length,
                            type.dtype().sizeBytes(),
                            data));
            var port = new NativePort(memory(data[0], type.sizeBytes()));
            ports.put(name, port);
            return port;
        }

        private static ByteBuffer memory(long address, long size) {
            long padded = Math.max(PADDING, (size + PADDING - 1) / PADDING * PADDING);
            return new Pointer(address).getByteBuffer(0, padded).order(ByteOrder.nativeOrder());
        }

        @Override
        public void alias(String output, String input) {
            check("alias", AneLibrary.jane_ane_alias(program[0], text(output), text(input), null));
            ports.get(input).memory = ports.get(output).memory;
        }

        @Override
        public void run() {
            int status =
                    urgency == 0
                            ? AneLibrary.jane_ane_run(program[0])
                            : urgently(() -> AneLibrary.jane_ane_run(program[0]));
            if (status != 0) {
                check("run", status);
            }
        }

        @Override
        public long hardwareNanos() {
            return AneLibrary.jane_ane_last_hardware_ns(program[0]);
        }

        @Override
        public void release() {
            if (program[0] != 0) {
                check("release", AneLibrary.jane_ane_release(program));
            }
        }
    }

    private static final class NativePort implements Port {
        private ByteBuffer memory;

        NativePort(ByteBuffer memory) {
            this.memory = memory;
        }

        @Override
        public ByteBuffer memory() {
            return memory;
        }
    }
}
