package jane.engine.sim;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.ir.TensorType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** An executable that tells when it is closed. */
final class Resident implements Executable {
    private final Executable inner;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    Resident(Executable inner, Runnable onClose) {
        this.inner = inner;
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
        return inner.bind(buffers);
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
