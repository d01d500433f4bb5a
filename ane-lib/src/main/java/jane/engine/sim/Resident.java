package jane.engine.sim;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.ir.TensorType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A loaded program: takes part in what happens to its process, and tells when it is closed. */
final class Resident implements Executable {
    private final Executable inner;
    private final Evaluations.Loaded loaded;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    Resident(Executable inner, Evaluations.Loaded loaded, Runnable onClose) {
        this.inner = inner;
        this.loaded = loaded;
        this.onClose = onClose;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return inner.inputs();
    }

    @Override
    public Map<String, TensorType> outputs() {
        return inner.outputs();
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        var binding = inner.bind(buffers);
        return () -> {
            loaded.beforeRun();
            binding.run();
            loaded.afterRun();
        };
    }

    @Override
    public long scratchBytes() {
        return inner.scratchBytes();
    }

    @Override
    public List<String> plan() {
        return inner.plan();
    }

    @Override
    public void close() {
        inner.close();
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
