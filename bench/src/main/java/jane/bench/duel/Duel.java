package jane.bench.duel;

import jane.bench.Resident;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Jane and a peer on the same work, each in a process of its own, by turns: a block of one, a block
 * of the other, so that whatever else the machine does hits both. Each block starts with a stretch
 * that is not measured, in which the caches fill and the other side's threads stop spinning.
 */
public final class Duel {
    /**
     * How long things take, in milliseconds.
     *
     * @param warmUp of each side, once
     * @param settle of each block, unmeasured
     * @param measure of each block
     */
    public record Pace(long warmUp, long settle, long measure) {
        /** For figures to be trusted. */
        public static final Pace FULL = new Pace(4000, 150, 400);
    }

    private final String name;
    private final List<String> kinds;
    private final String what;
    private final List<String> files;

    private Duel(String name, List<String> kinds, String what, List<String> files) {
        this.name = name;
        this.kinds = kinds;
        this.what = what;
        this.files = files;
    }

    /**
     * Training steps against DJL.
     *
     * @param weights file of the first weights
     * @param stock with DJL's own Adam, whose epsilon means something else; see {@link DjlAdam}
     */
    public static Duel steps(Training training, String weights, boolean stock) {
        return new Duel(
                training.label(),
                List.of("jane-step", stock ? "djl-stock-step" : "djl-step"),
                training.label(),
                List.of(weights, weights));
    }

    /** Products against OpenBLAS: a library file, or empty for the one in the jar. */
    public static Duel products(MatrixShape shape, String openBlas) {
        return new Duel(
                "sgemm " + shape,
                List.of("jane-sgemm", "openblas-sgemm"),
                shape.toString(),
                List.of("", openBlas));
    }

    /** Has both do the work {@code checked} times and compares, then times {@code rounds}. */
    public DuelResult fight(int checked, int rounds, Pace pace) {
        try (var jane = Rival.start(kinds.get(0), what, files.get(0));
                var peer = Rival.start(kinds.get(1), what, files.get(1))) {
            double difference = difference(jane.results(checked), peer.results(checked));
            jane.block(pace.warmUp(), 0);
            peer.block(pace.warmUp(), 0);
            var mine = new ArrayList<double[]>();
            var theirs = new ArrayList<double[]>();
            for (int i = 0; i < rounds; i++) {
                mine.add(jane.block(pace.settle(), pace.measure()));
                theirs.add(peer.block(pace.settle(), pace.measure()));
            }
            return new DuelResult(
                    name,
                    checked,
                    difference,
                    Side.of(jane.kind(), mine, jane.memory()),
                    Side.of(peer.kind(), theirs, peer.memory()),
                    roundRatio(mine, theirs));
        }
    }

    /** What OpenBLAS reaches on two threads with a large product, in 1e9 operations a second. */
    public static double openBlasGigaflops() {
        var shape = new MatrixShape(2048, 2048, 2048);
        try (var blas = Rival.openBlas(shape)) {
            return shape.flops() / quantile(blas.block(1000, 2000), 0) / 1e6;
        }
    }

    private static double difference(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            double d = Math.abs(a[i] - b[i]);
            most = d <= most ? most : d; // NaN wins
        }
        return most;
    }

    /** Median over the rounds of the ratio of medians, which a noisy round cannot move. */
    private static double roundRatio(List<double[]> mine, List<double[]> theirs) {
        var ratios = new double[mine.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = quantile(mine.get(i), 0.5) / quantile(theirs.get(i), 0.5);
        }
        return quantile(ratios, 0.5);
    }

    /** The value that a share {@code q} of all lie below. */
    public static double quantile(double[] values, double q) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, (long) (q * sorted.length))];
    }

    /**
     * One side's times in milliseconds and memory.
     *
     * @param runs how many were timed
     */
    public record Side(
            String kind, int runs, double best, double median, double p90, Resident memory) {
        static Side of(String kind, List<double[]> blocks, Resident memory) {
            double[] all = blocks.stream().flatMapToDouble(Arrays::stream).toArray();
            return new Side(
                    kind,
                    all.length,
                    quantile(all, 0),
                    quantile(all, 0.5),
                    quantile(all, 0.9),
                    memory);
        }
    }
}
