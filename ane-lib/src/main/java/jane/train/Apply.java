package jane.train;

import jane.engine.Buffer;
import jane.ir.TensorType;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The half of a step that follows the gradients: clips them, has the optimizer update the
 * parameters, and leaves parameters, optimizer state and the model's own state as they were unless
 * everything is finite.
 */
final class Apply {
    private final Map<String, Buffer> scalars = new LinkedHashMap<>();
    private final Map<String, Norms> norms = new LinkedHashMap<>();
    private final Map<String, Buffer> stateSizes = new LinkedHashMap<>();
    private final Buffer loss;
    private final Buffer guard;

    /**
     * Adds the update to {@code traced}.
     *
     * @param memory the optimizer's state by parameter and name; what is missing is allocated
     */
    Apply(
            StepSettings settings,
            Traced traced,
            Map<String, Map<String, Buffer>> memory,
            StepTensors step) {
        loss = traced.output("loss", step.loss());
        guard = new Building(settings, traced, memory).build(step);
    }

    /** Puts in the numbers that differ from step to step. */
    void put(Map<String, Double> rates) {
        scalars.forEach((name, buffer) -> buffer.put(new float[] {rates.get(name).floatValue()}));
    }

    /** Whether the last run was finite and therefore changed the model. */
    boolean applied() {
        return Math.abs(guard.get(0)) < Float.MAX_VALUE;
    }

    double loss() {
        return loss.get(0);
    }

    /** Norms of the last run. */
    List<StepReport.ParameterReport> parameters() {
        var reports = new ArrayList<StepReport.ParameterReport>();
        norms.forEach((path, n) -> reports.add(n.report(path)));
        return reports;
    }

    /** States that the last run would have made NaN or infinite. */
    List<String> badStates() {
        return stateSizes.keySet().stream()
                .filter(path -> !Double.isFinite(stateSizes.get(path).get(0)))
                .toList();
    }

    private static String name(String path) {
        return path.replace('.', '_');
    }

    /** The tensors of the update; gone once it is compiled, since they hold old versions. */
    private final class Building {
        private final StepSettings settings;
        private final Traced traced;
        private final Map<String, Map<String, Buffer>> memory;
        private final Map<String, Tensor> rates = new LinkedHashMap<>();

        Building(StepSettings settings, Traced traced, Map<String, Map<String, Buffer>> memory) {
            this.settings = settings;
            this.traced = traced;
            this.memory = memory;
        }

        Buffer build(StepTensors step) {
            settings.optimizer().scalars(1).keySet().stream().sorted().forEach(this::scalar);
            var squares = new LinkedHashMap<String, Tensor>();
            step.gradients().forEach((path, g) -> squares.put(path, g.square().sum()));
            var sizes = new LinkedHashMap<String, Tensor>();
            step.nextStates().forEach((path, s) -> sizes.put(path, s.abs().sum()));
            // The last parameter's gradient is known first: what it reads can then be let go.
            var backwards = new ArrayList<>(squares.values());
            Collections.reverse(backwards);
            var total = sum(sum(step.loss(), backwards), sizes.values());
            var finite = total.abs().lt(Float.MAX_VALUE); // false for NaN and infinity
            var gradients = clipped(step.gradients(), List.copyOf(squares.values()));
            step.trained()
                    .forEach(
                            (path, now) -> {
                                var next = follow(path, now, gradients.get(path), finite);
                                norms.put(path, norms(path, now, next, squares.get(path)));
                            });
            step.states()
                    .forEach(
                            (path, now) -> {
                                var next = step.nextStates().get(path);
                                traced.update(now, finite.where(next, now));
                                var size = traced.output("size_" + name(path), sizes.get(path));
                                stateSizes.put(path, size);
                            });
            return traced.output("guard", total);
        }

        private void scalar(String name) {
            var placeholder = Tensor.placeholder(TensorType.fp32());
            scalars.put(name, traced.input(name, placeholder));
            rates.put(name, placeholder);
        }

        private static Tensor sum(Tensor first, Iterable<Tensor> others) {
            var total = first;
            for (var other : others) {
                total = total.add(other);
            }
            return total;
        }

        /** All gradients scaled alike, so that their common norm is at most the limit. */
        private Map<String, Tensor> clipped(Map<String, Tensor> gradients, List<Tensor> squares) {
            if (settings.clipNorm() == Double.POSITIVE_INFINITY) {
                return gradients;
            }
            var norm = sum(squares.get(0), squares.subList(1, squares.size())).sqrt();
            // 1e-6, as PyTorch's clip_grad_norm_ has it, so that a gradient of 0 stays 0
            var scale = norm.add(1e-6).pow(-1).mul(settings.clipNorm()).clip(0, 1);
            var scaled = new LinkedHashMap<String, Tensor>();
            gradients.forEach((path, g) -> scaled.put(path, g.mul(scale)));
            return scaled;
        }

        private Tensor follow(String path, Tensor now, Tensor gradient, Tensor finite) {
            var state = new LinkedHashMap<String, Tensor>();
            var buffers = memory.computeIfAbsent(path, p -> new LinkedHashMap<>());
            for (var name : settings.optimizer().states()) {
                var placeholder = Tensor.placeholder(now.type());
                var buffer =
                        buffers.computeIfAbsent(
                                name, n -> Session.current().engine().allocate(now.type()));
                state.put(name, placeholder);
                traced.state(name(path) + "_" + name, placeholder, buffer);
            }
            var update = settings.optimizer().update(now, gradient, state, rates);
            var next = finite.where(update.next(), now);
            traced.update(now, next);
            state.forEach(
                    (name, old) -> traced.update(old, finite.where(update.state().get(name), old)));
            return next;
        }

        private Norms norms(String path, Tensor now, Tensor next, Tensor square) {
            var gradient = traced.output("grad_" + name(path), square);
            if (!settings.detailed()) {
                return new Norms(gradient, List.of());
            }
            var moved = next.sub(now).square().sum();
            return new Norms(
                    gradient,
                    List.of(
                            traced.output("update_" + name(path), moved),
                            traced.output("norm_" + name(path), next.square().sum())));
        }
    }

    /** Buffers with the sums of squares of one parameter's gradient, and update and weights. */
    private record Norms(Buffer gradient, List<Buffer> details) {
        StepReport.ParameterReport report(String path) {
            return new StepReport.ParameterReport(
                    path,
                    Math.sqrt(gradient.get(0)),
                    details.isEmpty() ? Double.NaN : Math.sqrt(details.get(0).get(0)),
                    details.isEmpty() ? Double.NaN : Math.sqrt(details.get(1).get(0)));
        }
    }
}
