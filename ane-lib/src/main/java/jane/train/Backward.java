package jane.train;

import jane.ir.JaneException;
import jane.tensor.Grad;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The half of a step that is the same with and without micro-batches: forward and backward. */
final class Backward {
    /** Where a state's value comes from before its first update. */
    interface Present {
        /**
         * The value.
         *
         * @param version what the program reads of the model
         */
        Tensor of(String path, Tensor version);
    }

    private final Traced traced;
    private final Present present;
    private final Map<Parameter, String> paths = new LinkedHashMap<>();
    // Held until the program is compiled: an unheld version would be made anew.
    private final Map<String, Tensor> versions = new LinkedHashMap<>();

    private Backward(Traced traced, Present present) {
        this.traced = traced;
        this.present = present;
    }

    /** Adds the model's parameters as inputs to {@code traced} and builds loss and gradients. */
    static StepTensors build(
            StepSettings settings, Traced traced, BatchInputs in, Present present) {
        return new Backward(traced, present).build(settings, in);
    }

    private StepTensors build(StepSettings settings, BatchInputs in) {
        var model = settings.model();
        model.train(true);
        model.parameters()
                .forEach(
                        (path, p) -> {
                            var version = p.operand();
                            traced.parameter(path, p, version);
                            paths.put(p, path);
                            versions.put(path, version);
                        });
        var scope = new StepScope(traced, in.weight(), in.feeds(), this::present);
        var y = model.build(in.x(), scope);
        var loss = settings.loss().mean(y, in.target(), in.weight());
        var trained = new LinkedHashMap<String, Tensor>();
        paths.forEach(
                (p, path) -> {
                    if (p.trainable()) {
                        trained.put(path, versions.get(path));
                    }
                });
        var gradients = new LinkedHashMap<String, Tensor>();
        var found = Grad.of(loss, List.copyOf(trained.values()));
        trained.keySet().forEach(path -> gradients.put(path, found.get(gradients.size())));
        var states = new LinkedHashMap<String, Tensor>();
        var nextStates = new LinkedHashMap<String, Tensor>();
        scope.updates()
                .forEach(
                        (state, next) -> {
                            states.put(paths.get(state), versions.get(paths.get(state)));
                            nextStates.put(paths.get(state), next);
                        });
        return new StepTensors(loss, trained, gradients, states, nextStates);
    }

    private Tensor present(Parameter state) {
        var path = paths.get(state);
        if (path == null || state.trainable()) {
            throw new JaneException(
                    "state " + state.name(),
                    "is %s and cannot be updated by a layer; need one registered by state(...)",
                    path == null ? "no part of the model" : "a trained parameter");
        }
        return present.of(path, versions.get(path));
    }
}
