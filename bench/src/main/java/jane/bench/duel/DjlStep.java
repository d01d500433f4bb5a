package jane.bench.duel;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import jane.data.Batch;
import jane.io.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same training steps by DJL with PyTorch, as its own examples take them. */
final class DjlStep implements Contender {
    private final Model model;
    private final Trainer trainer;
    private final Shape batchShape;
    private final List<float[]> features = new ArrayList<>();
    private final List<float[]> labels = new ArrayList<>();
    private int next;
    private float loss;

    private DjlStep(Training training, Model model, Trainer trainer) {
        this.model = model;
        this.trainer = trainer;
        batchShape = new Shape(training.batch(), 1, 28, 28);
        for (Batch batch : training.batches()) {
            features.add(batch.features());
            labels.add(floats(batch.labels()));
        }
    }

    /** With DJL's own Adam if {@code stock}, else with {@link DjlAdam}. */
    static DjlStep start(Training training, Path weights, boolean stock) {
        var model = Model.newInstance(training.label(), "PyTorch");
        model.setBlock(training.convolutional() ? cnn() : mlp(training));
        var trainer =
                model.newTrainer(
                        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                                .optDevices(new Device[] {Device.cpu()})
                                .optOptimizer(optimizer(training, stock)));
        trainer.initialize(new Shape(training.batch(), 1, 28, 28));
        load(model.getBlock(), Safetensors.read(weights));
        return new DjlStep(training, model, trainer);
    }

    private static Optimizer optimizer(Training training, boolean stock) {
        var rate = Tracker.fixed((float) training.rate());
        if (training.adam()) {
            return stock
                    ? Optimizer.adam().optLearningRateTracker(rate).build()
                    : DjlAdam.of(training.rate());
        }
        return Optimizer.sgd().setLearningRateTracker(rate).build();
    }

    private static Block mlp(Training training) {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(training.hidden()).build())
                .add(training.gelu() ? Activation.geluBlock() : Activation.reluBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block cnn() {
        return new SequentialBlock()
                .add(conv(16))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(conv(32))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block conv(int filters) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .setFilters(filters)
                .optPadding(new Shape(1, 1))
                .build();
    }

    /** Both sides list their parameters in the order of the layers, weight before bias. */
    private static void load(Block block, Safetensors weights) {
        var names = weights.names().iterator();
        for (var parameter : block.getParameters()) {
            String name = names.next();
            var array = parameter.getValue().getArray();
            if (array.size() != weights.type(name).shape().size()) {
                throw new IllegalStateException(name + " does not fit " + array.getShape());
            }
            ByteBuffer bytes = weights.data(name).order(ByteOrder.LITTLE_ENDIAN);
            array.set(bytes.asFloatBuffer());
        }
    }

    private static float[] floats(int[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    @Override
    public void run() {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray x = manager.create(features.get(next), batchShape);
            NDArray y = manager.create(labels.get(next), new Shape(labels.get(next).length));
            NDArray mean;
            try (GradientCollector gradients = trainer.newGradientCollector();
                    NDList prediction = trainer.forward(new NDList(x))) {
                mean = trainer.getLoss().evaluate(new NDList(y), prediction);
                gradients.backward(mean);
            }
            trainer.step();
            loss = mean.getFloat();
            mean.close();
        }
        next = (next + 1) % features.size();
    }

    @Override
    public double result() {
        return loss;
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
