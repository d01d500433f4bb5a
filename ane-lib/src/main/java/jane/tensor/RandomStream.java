package jane.tensor;

import jane.ir.JaneException;
import java.nio.charset.StandardCharsets;

/**
 * Random numbers by counting: draw {@code k} is a pure function of (seed, name, step, k), so what
 * one stream gives does not depend on the order, the threads or the other streams of a run, and no
 * state has to be saved to resume. The bits are the same on every JDK.
 *
 * <p>A stream remembers how far it has drawn and belongs to one thread; {@link #at} gives a fresh
 * one at its first draw.
 *
 * <p><b>Source.</b> Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC11. Key: seed and name; counter: draw and step.
 */
public final class RandomStream {
    private static final int WORDS = 4; // one Philox block

    private final String name;
    private final long key;
    private final long step;
    private final int[] block = new int[WORDS];
    private long nextBlock;
    private int used = WORDS;
    private double spareGaussian;
    private boolean hasSpare;

    private RandomStream(String name, long key, long step) {
        this.name = name;
        this.key = key;
        this.step = step;
    }

    /** The stream {@code name} of the run seeded {@code seed}, at step 0. */
    public static RandomStream of(long seed, String name) {
        return new RandomStream(name, mix(mix(seed) + hash(name)), 0);
    }

    /** The same stream at {@code step}, from its first draw. */
    public RandomStream at(long step) {
        return new RandomStream(name, key, step);
    }

    /** 32 random bits. */
    public int nextInt() {
        if (used == WORDS) {
            philox(nextBlock++, step, key, block);
            used = 0;
        }
        return block[used++];
    }

    /** Uniform over 0 (inclusive) to {@code bound} (exclusive), without bias. */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw error("bound %d for nextInt; need 1 or more", bound);
        }
        // Lemire, "Fast random integer generation in an interval", 2019.
        long product = word() * bound;
        if ((product & 0xffffffffL) < bound) {
            long threshold = (1L << 32) % bound;
            while ((product & 0xffffffffL) < threshold) {
                product = word() * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /** Uniform over [0, 1), a multiple of 2^-24. */
    public float nextFloat() {
        return (nextInt() >>> 8) * 0x1p-24f;
    }

    /** Uniform over [0, 1), a multiple of 2^-53. */
    public double nextDouble() {
        long high = nextInt() >>> 5;
        long low = nextInt() >>> 6;
        return (high << 26 | low) * 0x1p-53;
    }

    /** Normal with mean 0 and standard deviation 1, by Box and Muller. */
    public double nextGaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spareGaussian;
        }
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble())); // 1 - u is never 0
        double angle = 2 * Math.PI * nextDouble();
        spareGaussian = radius * StrictMath.sin(angle);
        hasSpare = true;
        return radius * StrictMath.cos(angle);
    }

    /** Fills {@code out} uniformly over [low, high); all {@code low} when both are equal. */
    public void fillUniform(float[] out, float low, float high) {
        if (!(low <= high) || Float.isInfinite(high - low)) {
            throw error("uniform range %s to %s; need finite low <= high", low, high);
        }
        float below = low < high ? Math.nextDown(high) : low;
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.min(low + (high - low) * nextFloat(), below); // the sum may round up
        }
    }

    /** Fills {@code out} with normal values. */
    public void fillNormal(float[] out, float mean, float std) {
        if (!Float.isFinite(mean) || !(std >= 0) || Float.isInfinite(std)) {
            throw error(
                    "normal with mean %s and standard deviation %s; need a finite mean and a"
                            + " finite deviation of 0 or more",
                    mean, std);
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (mean + std * nextGaussian());
        }
    }

    /** The numbers 0 to {@code n - 1} in random order, by Fisher and Yates. */
    public int[] permutation(int n) {
        if (n < 0) {
            throw error("permutation of %d items; need 0 or more", n);
        }
        var order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    @Override
    public String toString() {
        return "random stream " + name + " at step " + step;
    }

    private long word() {
        return nextInt() & 0xffffffffL;
    }

    private JaneException error(String format, Object... args) {
        return new JaneException("random " + name, format, args);
    }

    /**
     * One block of Philox 4x32-10. The 128-bit counter is {@code (high, low)}, least significant
     * word first; so is the key.
     */
    static void philox(long low, long high, long key, int[] out) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = 0xD2511F53L * (c0 & 0xffffffffL);
            long p1 = 0xCD9E8D57L * (c2 & 0xffffffffL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += 0x9E3779B9; // golden ratio
            k1 += 0xBB67AE85; // sqrt(3) - 1
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /** FNV-1a, 64 bits, over the UTF-8 bytes: pinned here, unlike any library's hash. */
    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finalizer of SplitMix64: neighbouring seeds become unrelated keys. */
    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
