package jane.bench;

import jane.bench.duel.Duel;
import jane.bench.duel.Duel.Pace;
import jane.bench.duel.MatrixShape;
import jane.bench.duel.Rival;
import jane.bench.duel.Stretch;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A transformer block and one product, by OpenBLAS in a process of its own and by Jane, by turns,
 * so that whatever else the machine does hits all three.
 */
final class BlockDuel implements AutoCloseable {
    static final MatrixShape PRODUCT = new MatrixShape(256, 768, 768);

    /**
     * Rates in 1e9 operations a second.
     *
     * @param block of the block's products
     * @param openBlas of the product by OpenBLAS, two threads
     * @param jane of the product by Jane
     */
    record Rates(double block, double openBlas, double jane) {
        double ofOpenBlas() {
            return block / openBlas;
        }

        double ofFaster() {
            return block / Math.max(openBlas, jane);
        }
    }

    /**
     * What a block came to.
     *
     * @param runs how many were timed
     * @param median of their times, in milliseconds
     * @param best of their times
     * @param medians rates by the medians of each
     * @param bests rates by the best run of each
     */
    record Result(int runs, double median, double best, Rates medians, Rates bests) {
        /** The block by its median as a share of the best single run of any product. */
        double medianOfBest() {
            return medians.block() / Math.max(bests.openBlas(), bests.jane());
        }
    }

    private final Rival openBlas = Rival.openBlas(PRODUCT);
    private final Workload jane = Workload.matmul(PRODUCT.m(), PRODUCT.k(), PRODUCT.n());

    BlockDuel() {}

    Result fight(BlockRun block, double seconds) {
        var pace = Pace.FULL;
        Stretch.run(block::run, pace.warmUp(), 0);
        var blocks = DoubleStream.builder();
        var theirs = DoubleStream.builder();
        var ours = DoubleStream.builder();
        for (double measured = 0; measured < seconds; measured += pace.measure() / 1e3) {
            Arrays.stream(openBlas.block(pace.settle(), pace.measure())).forEach(theirs);
            add(ours, jane::run, pace);
            add(blocks, block::run, pace);
        }
        var times = List.of(blocks, theirs, ours).stream().map(b -> b.build().toArray()).toList();
        return new Result(
                times.get(0).length,
                Duel.quantile(times.get(0), 0.5),
                Duel.quantile(times.get(0), 0),
                rates(times, 0.5),
                rates(times, 0));
    }

    private static void add(DoubleStream.Builder millis, Runnable work, Pace pace) {
        Stretch.run(work, pace.settle(), pace.measure()).forEach(n -> millis.add(n / 1e6));
    }

    private static Rates rates(List<double[]> times, double q) {
        return new Rates(
                Size.STORIES.flops() / Duel.quantile(times.get(0), q) / 1e6,
                PRODUCT.flops() / Duel.quantile(times.get(1), q) / 1e6,
                PRODUCT.flops() / Duel.quantile(times.get(2), q) / 1e6);
    }

    @Override
    public void close() {
        openBlas.close();
        jane.close();
    }
}
