package jane.zoo;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.Collections;

/**
 * How long one run of a piece of work takes, in milliseconds, warmed up.
 *
 * @param runs how many were timed
 * @param median of their times
 * @param best of their times
 */
public record Timing(int runs, double median, double best) {
    private static final int FEWEST = 3;

    /** Runs {@code work} for {@code seconds}, of which the first half warms it up. */
    public static Timing of(Runnable work, double seconds) {
        if (!(seconds > 0)) {
            throw new JaneException("timing", "%s seconds; need more than 0", seconds);
        }
        long half = (long) (seconds / 2 * 1e9);
        long start = System.nanoTime();
        do {
            work.run();
        } while (System.nanoTime() - start < half);
        var millis = new ArrayList<Double>();
        start = System.nanoTime();
        while (millis.size() < FEWEST || System.nanoTime() - start < half) {
            long from = System.nanoTime();
            work.run();
            millis.add((System.nanoTime() - from) / 1e6);
        }
        Collections.sort(millis);
        return new Timing(millis.size(), millis.get(millis.size() / 2), millis.get(0));
    }
}
