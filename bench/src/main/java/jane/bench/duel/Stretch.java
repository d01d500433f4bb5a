package jane.bench.duel;

import java.util.ArrayList;
import java.util.List;

/** One piece of work over and over, for a time. */
public final class Stretch {
    private static final int FEWEST = 3;

    private Stretch() {}

    /** Runs unmeasured, then measured; the nanoseconds of each measured run. */
    public static List<Long> run(Runnable work, long settleMillis, long measureMillis) {
        long settled = System.nanoTime() + settleMillis * 1_000_000;
        do {
            work.run();
        } while (System.nanoTime() < settled);
        var nanos = new ArrayList<Long>();
        long last = System.nanoTime() + measureMillis * 1_000_000;
        while (nanos.size() < FEWEST || System.nanoTime() < last) {
            long start = System.nanoTime();
            work.run();
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }
}
