package jane.train;

import jane.engine.Buffer;
import jane.ir.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A step as one program: forward, backward, update. */
final class WholeStep implements BuiltStep {
    private final StepSettings settings;
    private final Traced traced = new Traced();
    private final BatchInputs inputs;
    private final Apply apply;

    WholeStep(
            StepSettings settings,
            LossScale scale,
            TensorType x,
            TensorType target,
            Map<String, Map<String, Buffer>> memory,
            Map<String, Double> millis) {
        this.settings = settings;
        long start = System.nanoTime();
        inputs = new BatchInputs(traced, x, target, settings.seed());
        var step = Backward.build(settings, scale, traced, inputs, (path, version) -> version);
        apply = new Apply(settings, traced, memory, step);
        millis.put("build", (System.nanoTime() - start) / 1e6);
        long compiling = System.nanoTime();
        traced.compile();
        millis.put("compile", (System.nanoTime() - compiling) / 1e6);
    }

    @Override
    public void run(
            Buffer x,
            Buffer target,
            Buffer weights,
            long number,
            Optional<Path> recording,
            Map<String, Double> millis) {
        long start = System.nanoTime();
        inputs.put(x, target, weights, number);
        apply.put(settings.optimizer().scalars(number));
        long uploaded = System.nanoTime();
        traced.run(recording);
        millis.put("upload", (uploaded - start) / 1e6);
        millis.put("run", (System.nanoTime() - uploaded) / 1e6);
    }

    @Override
    public Apply result() {
        return apply;
    }

    @Override
    public List<Traced> programs() {
        return List.of(traced);
    }
}
