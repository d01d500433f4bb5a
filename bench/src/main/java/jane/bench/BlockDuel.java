package jane.bench;

import jane.bench.duel.Duel.Pace;
import jane.bench.duel.MatrixShape;
import jane.bench.duel.Rival;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
        run(block::run, pace.warmUp(), new ArrayList<>());
        var blocks = new ArrayList<Double>();
        var theirs = new ArrayList<Double>();
        var ours = new ArrayList<Double>();
        for (double measured = 0; measured < seconds; measured += pace.measure() / 1e3) {
            for (double millis : openBlas.block(pace.settle(), pace.measure())) {
                theirs.add(millis);
            }
            run(jane::run, pace.settle(), new ArrayList<>());
            run(jane::run, pace.measure(), ours);
            run(block::run, pace.settle(), new ArrayList<>());
            run(block::run, pace.measure(), blocks);
        }
        return new Result(
                blocks.size(),
                at(blocks, 0.5),
                at(blocks, 0),
                rates(blocks, theirs, ours, 0.5),
                rates(blocks, theirs, ours, 0));
    }

    /** Runs for at least so long, and adds the milliseconds of each run. */
    private static void run(Runnable work, long millis, List<Double> times) {
        long start = System.nanoTime();
        do {
            long from = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - from) / 1e6);
        } while (System.nanoTime() - start < millis * 1_000_000);
    }

    private static Rates rates(List<Double> block, List<Double> blas, List<Double> jane, double q) {
        return new Rates(
                Size.STORIES.flops() / at(block, q) / 1e6,
                PRODUCT.flops() / at(blas, q) / 1e6,
                PRODUCT.flops() / at(jane, q) / 1e6);
    }

    private static double at(List<Double> times, double quantile) {
        Collections.sort(times);
        return times.get((int) (quantile * times.size()));
    }

    @Override
    public void close() {
        openBlas.close();
        jane.close();
    }
}
