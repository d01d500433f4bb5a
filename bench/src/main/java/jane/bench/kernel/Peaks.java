package jane.bench.kernel;

import jane.bench.duel.Duel;
import jane.zoo.Timing;
import java.util.stream.IntStream;

/**
 * What the machine does at best on two threads.
 *
 * @param gigaflops by OpenBLAS on a 2048x2048x2048 product, in 1e9 operations a second
 * @param gigabytes by {@code a = b + s c} on arrays that no cache holds, in 1e9 bytes a second, 12
 *     for each element
 */
public record Peaks(double gigaflops, double gigabytes) {
    private static final int THREADS = 2;
    private static final int ELEMENTS = 1 << 24; // 64 MB an array
    private static final double SECONDS = 3;

    /** Measures; takes some seconds. */
    public static Peaks measure() {
        return new Peaks(Duel.openBlasGigaflops(), triad());
    }

    private static double triad() {
        var a = new float[ELEMENTS];
        var b = new float[ELEMENTS];
        var c = new float[ELEMENTS];
        int part = ELEMENTS / THREADS;
        Runnable work =
                () ->
                        IntStream.range(0, THREADS)
                                .parallel()
                                .forEach(t -> triad(a, b, c, t * part, (t + 1) * part));
        return 12.0 * ELEMENTS / Timing.of(work, SECONDS).best() / 1e6;
    }

    private static void triad(float[] a, float[] b, float[] c, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = b[i] + 3 * c[i];
        }
    }
}
