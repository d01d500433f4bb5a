package jane.compile;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.DeviceException;
import jane.engine.DeviceUse;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.TensorType;
import jane.mil.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A program on the device, and on the processor from the moment that the device does not take it:
 * when it is compiled, or later, when it has to be put onto the device again. It stays there, so
 * that its numbers do not change to and fro; a step that is built again asks the device again.
 */
final class Fallback implements Executable {
    private final Program program;
    private final Engine device;
    private final Engine host;
    private final Consumer<String> refusals;
    private Executable now;
    private String reason = "";

    /** Compiles for {@code device}, or for {@code host} if the device refuses. */
    Fallback(Program program, Engine device, Engine host, Consumer<String> refusals) {
        this.program = program;
        this.device = device;
        this.host = host;
        this.refusals = refusals;
        try {
            now = device.compile(program);
        } catch (DeviceException e) {
            fall(e);
        }
    }

    /** Goes on with the processor after a refusal; any other failure is thrown. */
    private void fall(DeviceException e) {
        if (!e.refused() || !reason.isEmpty()) {
            throw e;
        }
        reason = e.getMessage();
        var old = now;
        now = host.compile(program);
        if (old != null) {
            old.close();
        }
        refusals.accept(
                String.format(
                        "outputs %s run on %s, not on %s: %s",
                        now.outputs().keySet(), host.name(), device.name(), reason));
    }

    /** Why it runs on the processor; empty while it does not. */
    String reason() {
        return reason;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return now.inputs();
    }

    @Override
    public Map<String, TensorType> outputs() {
        return now.outputs();
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        return new Bound(Map.copyOf(buffers));
    }

    /** Bound to whichever runs. */
    private final class Bound implements Binding {
        private final Map<String, Buffer> buffers;
        private Executable owner;
        private Binding binding;

        Bound(Map<String, Buffer> buffers) {
            this.buffers = buffers;
            bind();
        }

        private void bind() {
            owner = now;
            binding = owner.bind(buffers);
        }

        @Override
        public void run() {
            if (owner != now) {
                bind();
            }
            try {
                binding.run();
            } catch (DeviceException e) {
                fall(e);
                bind();
                binding.run();
            }
        }
    }

    @Override
    public long scratchBytes() {
        return now.scratchBytes();
    }

    @Override
    public List<String> plan() {
        return now.plan();
    }

    @Override
    public List<Long> nanos() {
        return now.nanos();
    }

    @Override
    public Optional<DeviceUse> deviceUse() {
        return now.deviceUse();
    }

    @Override
    public void close() {
        now.close();
    }
}
