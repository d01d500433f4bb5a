package jane.engine.ane;

import jane.engine.ane.SharedMemory.Region;
import jane.engine.power.Qos;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The bridge in a worker process. Ports are in shared memory, from and to which the worker copies.
 * State, an output whose memory an input reads, has two sets: a run reads one and writes the other,
 * and they change places when it has succeeded. So a run that was cut off has changed no state: the
 * error says what was under way, and the next call starts a worker, which compiles the programs
 * again as they are needed.
 */
final class IsolatedBridge implements Bridge {
    private final WorkerSettings settings;
    private final SharedMemory memory;
    private final OwnFolder programs;
    private final Thread atExit = new Thread(this::endWorker, "jane-ane-worker");
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        var thread = new Thread(task, "jane-ane-watch");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile WorkerProcess worker; // the last: it is ended at exit, also during a run
    private int generation;
    private int numbers;
    private Optional<Qos> qos = Optional.empty();

    private IsolatedBridge(WorkerSettings settings, Path shared, Path temporary) {
        this.settings = settings;
        memory = new SharedMemory(shared);
        try {
            programs = OwnFolder.in(temporary, "a folder for programs");
        } catch (AneException e) {
            memory.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a worker and asks it what it found. */
    static IsolatedBridge open(WorkerSettings settings) {
        return open(settings, SharedMemory.usual(), OwnFolder.temporary());
    }

    /** The same, with folders for shared memory and for programs. */
    static IsolatedBridge open(WorkerSettings settings, Path shared, Path temporary) {
        var bridge = new IsolatedBridge(settings, shared, temporary);
        try {
            bridge.describe();
        } catch (AneException e) {
            bridge.close();
            throw e;
        }
        return bridge;
    }

    /** A living worker: one that ended while nothing ran is replaced. */
    private WorkerProcess worker() {
        if (worker == null || !worker.isAlive()) {
            if (worker != null) {
                worker.close();
            }
            worker = new WorkerProcess(settings, memory, programs.path(), watch);
            generation++;
            qos.ifPresent(this::tell);
        }
        return worker;
    }

    private void tell(Qos wanted) {
        worker.ask(
                "setting quality of service " + wanted.word(),
                body -> body.putInt(Command.QOS.ordinal()).putInt(wanted.code()));
    }

    @Override
    public synchronized void qos(Qos wanted) {
        worker();
        tell(wanted);
        qos = Optional.of(wanted);
    }

    /** The worker's process id. */
    synchronized long pid() {
        return worker().pid();
    }

    /** How many workers there have been. */
    synchronized int workers() {
        return generation;
    }

    @Override
    public synchronized String describe() {
        return Channel.text(
                worker().ask("describing the route", b -> b.putInt(Command.DESCRIBE.ordinal())));
    }

    @Override
    public Path folder() {
        return programs.path();
    }

    @Override
    public synchronized Handle compile(String title, Path dir, Path cache) {
        var handle = new SharedHandle(numbers++, title, dir, cache);
        handle.compile();
        return handle;
    }

    @Override
    public synchronized void close() {
        if (worker != null) {
            worker.close();
        }
        watch.shutdownNow();
        memory.close();
        programs.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            System.getLogger("jane.engine").log(System.Logger.Level.DEBUG, "closed at exit", e);
        }
    }

    /** A worker that hangs does not see that its pipe ends. */
    private void endWorker() {
        var last = worker;
        if (last != null) {
            last.end();
        }
    }

    private final class SharedHandle implements Handle {
        private final int number;
        private final String title;
        private final Path dir;
        private final Path cache;
        private final List<SharedPort> ports = new ArrayList<>();
        private final Map<String, String> aliases = new LinkedHashMap<>();
        private int compiledIn;
        private boolean loaded;
        private int set;
        private long hardwareNanos = -1;

        SharedHandle(int number, String title, Path dir, Path cache) {
            this.number = number;
            this.title = title;
            this.dir = dir;
            this.cache = cache;
        }

        private ByteBuffer ask(String doing, Command command, Writer rest) {
            return worker().ask(
                            doing + title,
                            body -> {
                                body.putInt(command.ordinal()).putInt(number);
                                rest.write(body);
                            });
        }

        void compile() {
            worker();
            Folders.empty(cache);
            ask(
                    "compiling ",
                    Command.COMPILE,
                    body -> {
                        Channel.putText(body, title);
                        Channel.putText(body, dir.toString());
                        Channel.putText(body, cache.toString());
                    });
            compiledIn = generation;
            loaded = false;
        }

        /** Loading waits until the ports are known: the worker gets all in one message. */
        @Override
        public void load() {}

        @Override
        public Port port(String name, boolean isOutput, TensorType type) {
            var port =
                    new SharedPort(this, name, isOutput, type, memory.allocate(type.sizeBytes()));
            ports.add(port);
            return port;
        }

        @Override
        public void alias(String output, String input) {
            var from = port(output, true);
            var to = port(input, false);
            to.join(from);
            aliases.put(output, input);
        }

        private SharedPort port(String name, boolean isOutput) {
            return ports.stream()
                    .filter(p -> p.name.equals(name) && p.isOutput == isOutput)
                    .findFirst()
                    .orElseThrow();
        }

        private void loadPorts() {
            ask(
                    "loading ",
                    Command.LOAD,
                    body -> {
                        body.putInt(ports.size());
                        ports.forEach(p -> p.write(body));
                        body.putInt(aliases.size());
                        aliases.forEach(
                                (output, input) -> {
                                    Channel.putText(body, output);
                                    Channel.putText(body, input);
                                });
                    });
            ports.forEach(SharedPort::changed); // as a worker that is new has none of them
            loaded = true;
        }

        @Override
        public void ready() {
            synchronized (IsolatedBridge.this) {
                worker();
                if (compiledIn != generation) {
                    compile();
                }
                loadPorts();
            }
        }

        /** A new worker would compile the files as they are now: that is something else. */
        @Override
        public void reload() {
            synchronized (IsolatedBridge.this) {
                worker();
                if (compiledIn != generation || !loaded) {
                    throw new AneException(
                            AneStatus.WORKER,
                            "the worker process that had " + title + " on the device has ended");
                }
                ask("loading again ", Command.RELOAD, body -> {});
            }
        }

        @Override
        public void run() {
            synchronized (IsolatedBridge.this) {
                worker();
                if (compiledIn != generation) {
                    compile();
                }
                if (!loaded) {
                    loadPorts();
                }
                try {
                    hardwareNanos = ask("running ", Command.RUN, this::writeChanges).getLong();
                } catch (AneException e) { // the worker's own state is neither old nor new
                    ports.forEach(SharedPort::changed);
                    throw e;
                }
                for (var port : ports) {
                    port.changed = false;
                }
                set = 1 - set; // the state that was written is the state now
            }
        }

        /** The numbers of inputs that the worker does not have yet; it has kept all others. */
        private void writeChanges(ByteBuffer body) {
            int count = body.putInt(set).position();
            body.putInt(0);
            int number = 0;
            for (int i = 0; i < ports.size(); i++) {
                if (ports.get(i).isOutput) {
                    continue;
                }
                if (ports.get(i).changed) {
                    body.putInt(number);
                }
                number++;
            }
            body.putInt(count, (body.position() - count) / Integer.BYTES - 1);
        }

        @Override
        public long hardwareNanos() {
            return hardwareNanos;
        }

        @Override
        public void release() {
            synchronized (IsolatedBridge.this) {
                ports.forEach(SharedPort::free);
                ports.clear();
                if (worker != null && worker.isAlive() && compiledIn == generation) {
                    ask("releasing ", Command.RELEASE, body -> {});
                }
            }
        }
    }

    /** Writes the rest of a message. */
    private interface Writer {
        void write(ByteBuffer body);
    }

    /** A port in shared memory: two regions if it is state, else one twice. */
    private final class SharedPort implements Port {
        private final SharedHandle handle;
        private final String name;
        private final boolean isOutput;
        private final TensorType type;
        private Region first;
        private Region second;
        private boolean borrowed;
        private boolean changed;

        SharedPort(
                SharedHandle handle,
                String name,
                boolean isOutput,
                TensorType type,
                Region region) {
            this.handle = handle;
            this.name = name;
            this.isOutput = isOutput;
            this.type = type;
            first = region;
            second = region;
        }

        /** An input takes the output's region as its second and gives it its first. */
        void join(SharedPort output) {
            second = output.first;
            output.first = first;
            output.second = second;
            borrowed = true;
        }

        @Override
        public ByteBuffer memory() {
            return (handle.set == 0 ? first : second).memory();
        }

        @Override
        public void changed() {
            changed = true;
        }

        void write(ByteBuffer body) {
            Channel.putText(body, name);
            body.put((byte) (isOutput ? 1 : 0));
            Channel.putText(body, type.dtype().mil());
            body.putInt(type.shape().rank());
            type.shape().toList().forEach(body::putInt);
            for (var region : List.of(first, second)) {
                body.putInt(region.segment()).putInt(region.offset());
            }
        }

        void free() {
            if (borrowed) { // the output frees both
                return;
            }
            memory.free(first);
            if (second != first) {
                memory.free(second);
            }
        }
    }
}
