package jane.nn;

import jane.engine.Buffer;
import jane.ir.TensorType;
import jane.tensor.Parameter;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A scope that writes no state. */
final class Looking implements Scope {
    /** Makes a per-step input. */
    interface Inputs {
        Tensor make(String name, TensorType type, Fill fill);
    }

    private final Optional<Tensor> weights;
    private final Inputs inputs;
    private final BiConsumer<Tensor, Consumer<Buffer>> checks;

    Looking(Optional<Tensor> weights, Inputs inputs, BiConsumer<Tensor, Consumer<Buffer>> checks) {
        this.weights = weights;
        this.inputs = inputs;
        this.checks = checks;
    }

    /** Values from the session's seed, others at each call. */
    static Tensor drawn(String name, TensorType type, Fill fill) {
        var values = new float[type.shape().size()];
        fill.fill(values, Session.current().stream(name));
        return Tensor.of(type, values);
    }

    @Override
    public Optional<Tensor> weights() {
        return weights;
    }

    @Override
    public Tensor perStep(String name, TensorType type, Fill fill) {
        return inputs.make(name, type, fill);
    }

    @Override
    public void update(Parameter state, UnaryOperator<Tensor> next) {
        // nothing runs after a look
    }

    @Override
    public void check(Tensor input, Consumer<Buffer> check) {
        checks.accept(input, check);
    }
}
