package jane.data;

import jane.ir.DataException;
import jane.tensor.RandomStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * A data set cut into batches of one size, in order or shuffled anew each epoch. The order is a
 * function of (seed, epoch) alone, so a run resumed at epoch 7 sees the same batches.
 *
 * <p><b>Errors.</b> {@link DataException} for an empty data set, or a size, epoch or step out of
 * range.
 */
public final class Batches {
    private final Dataset dataset;
    private final int batchSize;
    private final boolean shuffled;
    private final long seed;

    private Batches(Dataset dataset, int batchSize, boolean shuffled, long seed) {
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.shuffled = shuffled;
        this.seed = seed;
    }

    /** Batches of {@code batchSize} in the order of the data; the last one may be short. */
    public static Batches of(Dataset dataset, int batchSize) {
        if (batchSize < 1) {
            throw new DataException(dataset.name(), "batch size %d; need 1 or more", batchSize);
        }
        if (dataset.size() == 0) {
            throw new DataException(
                    dataset.name(), "no samples to cut into batches; need 1 or more");
        }
        return new Batches(dataset, batchSize, false, 0);
    }

    /** The same batches with the samples in a new random order each epoch. */
    public Batches shuffled(long seed) {
        return new Batches(dataset, batchSize, true, seed);
    }

    /** The data behind the batches. */
    public Dataset dataset() {
        return dataset;
    }

    /** B, the same for every batch. */
    public int batchSize() {
        return batchSize;
    }

    /** Batches per epoch. */
    public int steps() {
        return (int) (((long) dataset.size() + batchSize - 1) / batchSize);
    }

    /** The batches of epoch {@code epoch}, which counts from 0. */
    public Iterable<Batch> epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /**
     * The batches of an epoch from step {@code firstStep} on, to resume in its middle. Each
     * iterator owns one {@link Batch} and refills it.
     */
    public Iterable<Batch> epoch(int epoch, int firstStep) {
        if (epoch < 0 || firstStep < 0 || firstStep > steps()) {
            throw new DataException(
                    dataset.name(),
                    "epoch %d from step %d; need epoch 0 or more and step 0 to %d",
                    epoch,
                    firstStep,
                    steps());
        }
        return () -> new Epoch(order(epoch), firstStep);
    }

    private int[] order(int epoch) {
        return shuffled
                ? RandomStream.of(seed, "shuffle").at(epoch).permutation(dataset.size())
                : IntStream.range(0, dataset.size()).toArray();
    }

    private final class Epoch implements Iterator<Batch> {
        private final int[] order;
        private final Batch batch = new Batch(dataset, batchSize);
        private int step;

        Epoch(int[] order, int firstStep) {
            this.order = order;
            this.step = firstStep;
        }

        @Override
        public boolean hasNext() {
            return step < steps();
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all " + steps() + " batches have been given");
            }
            int from = step++ * batchSize;
            batch.fill(order, from, (int) Math.min((long) from + batchSize, order.length));
            return batch;
        }
    }
}
