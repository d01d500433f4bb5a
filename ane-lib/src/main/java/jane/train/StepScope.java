package jane.train;

import jane.engine.Buffer;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.nn.Scope;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The scope of a program that is about to be compiled: collects what the layers ask for. */
final class StepScope implements Scope {
    private final Traced traced;
    private final Tensor weights;
    private final Feeds feeds;
    private final Function<Parameter, Tensor> present;
    private final Map<Parameter, Tensor> updates = new LinkedHashMap<>();
    private final Map<String, Integer> asked = new HashMap<>();

    /**
     * A scope.
     *
     * @param weights of the samples, (N)
     * @param feeds takes the per-step inputs
     * @param present a state's value before its first update
     */
    StepScope(Traced traced, Tensor weights, Feeds feeds, Function<Parameter, Tensor> present) {
        this.traced = traced;
        this.weights = weights;
        this.feeds = feeds;
        this.present = present;
    }

    @Override
    public Optional<Tensor> weights() {
        return Optional.of(weights);
    }

    @Override
    public Tensor perStep(String name, TensorType type, Fill fill) {
        var placeholder = Tensor.placeholder(type);
        int times = asked.merge(name, 1, Integer::sum); // a layer may be applied twice
        var buffer = traced.input(name.replace('.', '_'), placeholder);
        feeds.add(times == 1 ? name : name + "#" + times, buffer, fill);
        return placeholder;
    }

    @Override
    public void update(Parameter state, UnaryOperator<Tensor> next) {
        var value = next.apply(updates.computeIfAbsent(state, present));
        if (!value.type().equals(state.type())) {
            throw new JaneException(
                    "state " + state.name(),
                    "its update is %s; need %s, as it is",
                    value.type(),
                    state.type());
        }
        updates.put(state, value);
    }

    @Override
    public void check(Tensor input, Consumer<Buffer> check) {
        traced.check(input, check);
    }

    /** What each state that the layers update becomes. */
    Map<Parameter, Tensor> updates() {
        return updates;
    }
}
