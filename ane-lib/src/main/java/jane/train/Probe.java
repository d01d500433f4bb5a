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

    Probe(Layer model, Loss loss, Batch like) {
        lossOnly = new Program(like);
        lossOnly.build(model, loss);
        lossOnly.traced.compile();
        everything = new Program(like);
        observe(model, loss);
        everything.traced.compile();
    }

    /** The loss of a batch with the present weights, and nothing else. */
    double loss(Batch batch) {
        return lossOnly.run(batch);
    }

    /** Runs everything; {@link #layers} and {@link #gradients} then tell of this batch. */
    double look(Batch batch) {
        return everything.run(batch);
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
        seen.add(everything.x.value());
        var parameters = everything.parameters(model);
        var y =
                model.observed(
                        everything.x,
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
        final Tensor x;
        private final Tensor target;
        private final Tensor weight;
        private final Buffer features;
        private final Buffer targets;
        private final Buffer weights;
        private Buffer lossOut;

        Program(Batch like) {
            x = Tensor.placeholder(new TensorType(DType.FP32, like.featureShape()));
            target = Tensor.placeholder(new TensorType(DType.FP32, like.oneHotShape()));
            weight = Tensor.placeholder(new TensorType(DType.FP32, like.weightShape()));
            features = traced.input("x", x);
            targets = traced.input("target", target);
            weights = traced.input("weight", weight);
        }

        void build(Layer model, Loss loss) {
            var held = parameters(model);
            loss(loss, model.apply(x));
            held.clear();
        }

        /** The versions of the trained parameters that the graph will be built from, by path. */
        Map<String, Tensor> parameters(Layer model) {
            model.train(true);
            var versions = new LinkedHashMap<String, Tensor>();
            model.parameters()
                    .forEach(
                            (path, p) -> {
                                var version = p.operand();
                                traced.parameter(path, p, version);
                                if (p.trainable()) {
                                    versions.put(path, version);
                                }
                            });
            return versions;
        }

        Tensor loss(Loss loss, Tensor y) {
            var value = loss.mean(y, target, weight);
            lossOut = traced.output("loss", value);
            return value;
        }

        double run(Batch batch) {
            features.put(batch.features());
            targets.put(batch.oneHot());
            weights.put(batch.weights());
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
