package jane.train;

import jane.data.Batch;
import jane.engine.Buffer;
import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two programs that look at a model without changing it: one yields the loss, the other the output
 * of every layer, the gradient there, and the gradient of every parameter.
 */
final class Probe {
    /** A layer's place in the model, and the buffers of its output and of the gradient there. */
    record Seen(String path, Layer layer, Buffer output, Buffer gradient) {}

    private final Program lossOnly;
    private final Program everything;
    private final List<Seen> layers = new ArrayList<>();
    private final Map<String, Buffer> gradients = new LinkedHashMap<>();

    Probe(Layer model, Loss loss, Batch like, long seed) {
        lossOnly = new Program(like, seed);
        lossOnly.parameters(model);
        lossOnly.loss(loss, lossOnly.output(model, (path, layer, in, out) -> {}));
        lossOnly.compile();
        everything = new Program(like, seed);
        observe(model, loss);
        everything.compile();
    }

    /**
     * The loss of a batch with the present weights, and nothing else.
     *
     * @param number of the step whose masks to use
     */
    double loss(Batch batch, long number) {
        return lossOnly.run(batch, number);
    }

    /** Runs everything; {@link #layers} and {@link #gradients} then tell of this batch. */
    double look(Batch batch, long number) {
        return everything.run(batch, number);
    }

    /** In the order in which they are applied; a layer that only hands on another's is left out. */
    List<Seen> layers() {
        return layers;
    }

    /** Of the trained parameters, by path. */
    Map<String, Buffer> gradients() {
        return gradients;
    }

    private record Applied(String path, Layer layer, Tensor out) {}

    private void observe(Layer model, Loss loss) {
        var applied = new ArrayList<Applied>();
        Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(everything.inputs.x().value());
        var parameters = everything.parameters(model);
        var y =
                everything.output(
                        model,
                        (path, layer, in, out) -> {
                            if (seen.add(out.value())) {
                                applied.add(new Applied(path, layer, out));
                            }
                        });
        var value = everything.loss(loss, y);
        var by = new ArrayList<Value>();
        applied.forEach(a -> by.add(a.out().value()));
        parameters.values().forEach(p -> by.add(p.value()));
        var made = Gradients.of(value.value(), by);
        for (int i = 0; i < applied.size(); i++) {
            var a = applied.get(i);
            var gradient = Tensor.made(made.get(i), value);
            layers.add(
                    new Seen(
                            a.path(),
                            a.layer(),
                            everything.traced.output("layer", a.out()),
                            everything.traced.output("at_layer", gradient)));
        }
        int i = applied.size();
        for (var path : parameters.keySet()) {
            var gradient = Tensor.made(made.get(i++), value);
            gradients.put(path, everything.traced.output("gradient", gradient));
        }
    }

    /** A program with the inputs of a step: batch and parameters. */
    private static final class Program {
        final Traced traced = new Traced();
        private final BatchInputs inputs;
        // Held until the program is compiled: an unheld version would be made anew.
        private final Map<String, Tensor> versions = new LinkedHashMap<>();
        private Buffer lossOut;

        Program(Batch like, long seed) {
            var x = new TensorType(DType.FP32, like.featureShape());
            inputs = new BatchInputs(traced, x, x.as(like.oneHotShape()), seed);
        }

        /** The versions of the trained parameters that the graph will be built from, by path. */
        Map<String, Tensor> parameters(Layer model) {
            var trained = new LinkedHashMap<String, Tensor>();
            model.parameters()
                    .forEach(
                            (path, p) -> {
                                versions.put(path, p.operand());
                                traced.parameter(path, p, versions.get(path));
                                if (p.trainable()) {
                                    trained.put(path, versions.get(path));
                                }
                            });
            return trained;
        }

        /** What the model makes of the batch in training; updates of its state are left out. */
        Tensor output(Layer model, Layer.Observer observer) {
            model.train(true);
            var scope =
                    new StepScope(
                            traced, inputs.weight(), inputs.feeds(), state -> state.operand());
            return model.build(inputs.x(), scope, observer);
        }

        Tensor loss(Loss loss, Tensor y) {
            var value = loss.mean(y, inputs.target(), inputs.weight());
            lossOut = traced.output("loss", value);
            return value;
        }

        void compile() {
            traced.compile();
            versions.clear();
        }

        double run(Batch batch, long number) {
            inputs.put(batch.featureBuffer(), batch.oneHotBuffer(), batch.weightBuffer(), number);
            traced.run();
            return lossOut.get(0);
        }
    }

    /** The values of {@code buffer} as a tensor of its own. */
    static Tensor copy(Buffer buffer) {
        var copy = Session.current().engine().allocate(buffer.type());
        copy.copyFrom(buffer);
        return Tensor.holding(copy);
    }

    /** The type of this probe's batches. */
    static List<Shape> key(Batch batch) {
        return List.of(batch.featureShape(), batch.oneHotShape());
    }
}
