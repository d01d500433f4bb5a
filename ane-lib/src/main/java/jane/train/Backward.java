package jane.train;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Value;
import jane.op.Logic;
import jane.tensor.Grad;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    private final StepSettings settings;
    private final LossScale scale;
    private final Map<Parameter, String> paths = new LinkedHashMap<>();
    // Held until the program is compiled: an unheld version would be made anew.
    private final Map<String, Tensor> versions = new LinkedHashMap<>();

    private int layers;

    private Backward(StepSettings settings, LossScale scale, Traced traced, Present present) {
        this.settings = settings;
        this.scale = scale;
        this.traced = traced;
        this.present = present;
    }

    /** Adds the model's parameters as inputs to {@code traced} and builds loss and gradients. */
    static StepTensors build(
            StepSettings settings,
            LossScale scale,
            Traced traced,
            BatchInputs in,
            Present present) {
        return new Backward(settings, scale, traced, present).build(in);
    }

    private StepTensors build(BatchInputs in) {
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
        var kept = new ArrayList<Tensor>();
        var y = model.build(in.x(), scope, (path, layer, from, to) -> keep(path, from, to, kept));
        var made = new ArrayList<Tensor>(List.of(y));
        made.addAll(scope.updates().values());
        made.addAll(kept);
        made = new ArrayList<>(settings.rewritten(made));
        var loss = settings.loss().mean(made.get(0), in.target(), in.weight());
        var trained = new LinkedHashMap<String, Tensor>();
        paths.forEach(
                (p, path) -> {
                    if (p.trainable()) {
                        trained.put(path, versions.get(path));
                    }
                });
        var gradients = new LinkedHashMap<String, Tensor>();
        var ends = made.subList(made.size() - kept.size(), made.size());
        var found = gradients(loss, List.copyOf(trained.values()), in.feeds(), ends);
        trained.keySet().forEach(path -> gradients.put(path, found.get(gradients.size())));
        var states = new LinkedHashMap<String, Tensor>();
        var nextStates = new LinkedHashMap<String, Tensor>();
        for (var state : scope.updates().keySet()) {
            var path = paths.get(state);
            states.put(path, versions.get(path));
            nextStates.put(path, made.get(states.size()));
        }
        return new StepTensors(loss, trained, gradients, states, nextStates);
    }

    /** Keeps what goes into the first of the model's own layers and comes out of every n-th. */
    private void keep(String path, Tensor in, Tensor out, List<Tensor> kept) {
        if (settings.checkpoint() == 0 || path.isEmpty() || path.contains(".")) {
            return;
        }
        if (layers++ == 0) {
            kept.add(in);
        }
        if (layers % settings.checkpoint() == 0) {
            kept.add(out);
        }
    }

    /** The value in the precision of the inside, without the cast that gives it its old type. */
    private static Value inside(Tensor rewritten) {
        var value = rewritten.value();
        return value.node().op() == Logic.CAST ? value.node().in(0) : value;
    }

    /** Of the loss; in fp16 with the loss scaled. */
    private List<Tensor> gradients(Tensor loss, List<Tensor> by, Feeds feeds, List<Tensor> ends) {
        var kept = ends.stream().map(Backward::inside).collect(Collectors.toSet());
        if (settings.compute() != DType.FP16) {
            return Grad.of(loss, by, kept);
        }
        var factor = Tensor.placeholder(loss.type());
        var buffer = traced.input("loss_scale", factor);
        feeds.add("loss_scale", buffer, (out, random) -> out[0] = (float) scale.value());
        return Grad.scaled(loss, by, kept, factor);
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
