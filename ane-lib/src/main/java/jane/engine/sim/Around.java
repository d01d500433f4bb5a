package jane.engine.sim;

import jane.engine.Executable;
import jane.ir.TensorType;
import java.util.List;
import java.util.Map;

/** What the chip's surroundings do to a program; the rest is the program's own. */
abstract class Around implements Executable {
    final Executable inner;

    Around(Executable inner) {
        this.inner = inner;
    }

    @Override
    public final Map<String, TensorType> inputs() {
        return inner.inputs();
    }

    @Override
    public final Map<String, TensorType> outputs() {
        return inner.outputs();
    }

    @Override
    public final long scratchBytes() {
        return inner.scratchBytes();
    }

    @Override
    public final List<String> plan() {
        return inner.plan();
    }

    @Override
    public void close() {
        inner.close();
    }
}
