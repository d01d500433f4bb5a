package jane.train;

import jane.data.Batch;
import jane.data.Batches;
import jane.data.Dataset;
import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.TensorType;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.nn.Scope;
import jane.tensor.MixedPrecision;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Scores a model on data by a program compiled once per batch shape; reads parameters in place. */
public final class Evaluation {
    private final Layer model;
    private final Loss loss;
    private final Map<TensorType, Built> built = new LinkedHashMap<>();

    private Evaluation(Layer model, Loss loss) {
        this.model = model;
        this.loss = loss;
    }

    /** An evaluation of {@code model} by {@code loss}, with the model out of training. */
    public static Evaluation of(Layer model, Loss loss) {
        return new Evaluation(model, loss);
    }

    /** Loss and accuracy over all of {@code data}. */
    public Score score(Dataset data, int batchSize) {
        var total = new double[2]; // loss, right answers
        run(
                data,
                batchSize,
                (program, batch) -> {
                    total[0] += program.lossOut.get(0) * batch.count();
                    total[1] += program.right(batch);
                });
        return new Score(total[0] / data.size(), total[1] / data.size(), data.size());
    }

    /** The model's outputs for all of {@code data}, one row per sample. */
    public List<float[]> outputs(Dataset data, int batchSize) {
        var rows = new ArrayList<float[]>(data.size());
        run(
                data,
                batchSize,
                (program, batch) -> {
                    int width = program.values.length / batchSize;
                    for (int i = 0; i < batch.count(); i++) {
                        rows.add(Arrays.copyOfRange(program.values, i * width, (i + 1) * width));
                    }
                });
        return rows;
    }

    /** Which of {@code count} values from {@code from} on is the largest. */
    static int largest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }

    private void run(Dataset data, int batchSize, BiConsumer<Built, Batch> after) {
        for (var batch : Batches.of(data, batchSize).epoch(0)) {
            var program =
                    built.computeIfAbsent(
                            new TensorType(DType.FP32, batch.featureShape()),
                            type -> new Built(type, batch));
            program.run(batch);
            after.accept(program, batch);
        }
    }

    private final class Built {
        private final Traced traced = new Traced();
        private final Buffer lossOut;
        private final Buffer outputs;
        private final float[] values;

        Built(TensorType type, Batch batch) {
            boolean before = model.training();
            model.train(false);
            var x = Tensor.placeholder(type);
            var target = Tensor.placeholder(new TensorType(DType.FP32, batch.oneHotShape()));
            var weight = Tensor.placeholder(new TensorType(DType.FP32, batch.weightShape()));
            traced.input("x", x);
            traced.input("target", target);
            traced.input("weight", weight);
            var versions = new LinkedHashMap<String, Tensor>();
            model.parameters()
                    .forEach(
                            (path, p) -> {
                                versions.put(path, p.operand());
                                traced.parameter(path, p, versions.get(path));
                            });
            var scope = Scope.alone(traced::check);
            var y = MixedPrecision.asEngine(List.of(model.build(x, scope))).get(0);
            lossOut = traced.output("loss", loss.mean(y, target, weight));
            outputs = traced.output("y", y);
            values = new float[y.shape().size()];
            traced.compile();
            model.train(before);
        }

        void run(Batch batch) {
            traced.feed("x", batch.featureBuffer());
            traced.feed("target", batch.oneHotBuffer());
            traced.feed("weight", batch.weightBuffer());
            traced.run();
            outputs.get(values);
        }

        int right(Batch batch) {
            int classes = values.length / batch.weights().length;
            int right = 0;
            for (int i = 0; i < batch.count(); i++) {
                right += largest(values, i * classes, classes) == batch.labels()[i] ? 1 : 0;
            }
            return right;
        }
    }
}
