package jane.engine.ane;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.DeviceUse;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.ir.JaneException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of the cache, as its user sees it. */
final class AneExecutable implements Executable {
    private final ProgramStore store;
    private final Loaded loaded;
    private final EnergyMeter meter;
    private final RunTimes times = new RunTimes();
    private volatile boolean closed;

    AneExecutable(ProgramStore store, EnergyMeter meter, Loaded loaded) {
        this.meter = meter;
        this.store = store;
        this.loaded = loaded;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return loaded.inputs;
    }

    @Override
    public Map<String, TensorType> outputs() {
        return loaded.outputs;
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        requireOpen();
        Ports.check(loaded.inputs, loaded.outputs, loaded.aliases, buffers);
        return new AneBinding(this, loaded, buffers, () -> store.reside(loaded));
    }

    boolean isOf(ProgramStore other) {
        return store == other;
    }

    /** Loads the program again with other weights; this is closed then. */
    AneExecutable reloaded(Map<String, ByteBuffer> files) {
        requireOpen();
        store.reload(loaded, files);
        closed = true;
        return new AneExecutable(store, meter, loaded);
    }

    private void requireOpen() {
        if (closed) {
            throw new JaneException("ane", "this executable was closed; compile the program again");
        }
    }

    void begin() {
        requireOpen();
        store.begin(loaded);
    }

    void end() {
        store.end(loaded);
    }

    void dispatch() {
        meter.begin();
        long start = System.nanoTime();
        try {
            loaded.handle().run();
        } catch (AneException e) {
            throw e.during("running " + loaded.title);
        }
        long nanos = System.nanoTime() - start;
        times.add(nanos, loaded.handle().hardwareNanos());
        meter.ran(times, nanos);
    }

    /** Bytes of the ports: what the device keeps beside them, it does not tell. */
    @Override
    public long scratchBytes() {
        return 0;
    }

    @Override
    public Optional<DeviceUse> deviceUse() {
        meter.settle();
        return times.use();
    }

    @Override
    public List<String> plan() {
        meter.settle();
        return List.of(
                loaded.title + (loaded.isResident() ? ", on the device" : ", put off the device"),
                "state kept in place: "
                        + (loaded.aliases.isEmpty() ? "none" : loaded.aliases.toString()),
                times.toString());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            store.leave(loaded);
        }
    }
}
