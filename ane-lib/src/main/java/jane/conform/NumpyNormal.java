package jane.conform;

import java.math.BigInteger;

/**
 * The numbers of NumPy's {@code default_rng(seed).standard_normal()}, bit for bit: SeedSequence,
 * PCG64 (XSL-RR) and the 256-step ziggurat, whose tables are computed here.
 */
public final class NumpyNormal {
    private static final BigInteger MULTIPLIER =
            new BigInteger("2360ED051FC65DA44385DF649FCCF645", 16);
    private static final BigInteger MASK = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private static final double R = 3.6541528853610087963519472518;
    private static final double AREA = 0.0049286732339746519;
    private static final double STEPS = 0x1p52;

    private final double[] widths = new double[256];
    private final double[] heights = new double[256];
    private final long[] limits = new long[256];

    private BigInteger state;
    private final BigInteger increment;

    /** Of {@code default_rng(seed)}. */
    public NumpyNormal(int seed) {
        makeTables();
        long[] words = seedWords(seed);
        var start = join(words[0], words[1]);
        increment = join(words[2], words[3]).shiftLeft(1).or(BigInteger.ONE).and(MASK);
        state = BigInteger.ZERO;
        step();
        state = state.add(start).and(MASK);
        step();
    }

    /** The next normal number. */
    public double next() {
        while (true) {
            long r = bits();
            int index = (int) (r & 0xff);
            r >>>= 8;
            boolean negative = (r & 1) != 0;
            long magnitude = r >>> 1 & 0x000fffffffffffffL;
            double x = magnitude * widths[index];
            x = negative ? -x : x;
            if (magnitude < limits[index]) {
                return x;
            }
            if (index == 0) {
                return tail(magnitude);
            }
            double between = (heights[index - 1] - heights[index]) * uniform() + heights[index];
            if (between < Math.exp(-0.5 * x * x)) {
                return x;
            }
        }
    }

    private double tail(long magnitude) {
        while (true) {
            double xx = -(1 / R) * Math.log1p(-uniform());
            double yy = -Math.log1p(-uniform());
            if (yy + yy > xx * xx) {
                return (magnitude >>> 8 & 1) != 0 ? -(R + xx) : R + xx;
            }
        }
    }

    private double uniform() {
        return (bits() >>> 11) * 0x1p-53;
    }

    private void step() {
        state = state.multiply(MULTIPLIER).add(increment).and(MASK);
    }

    private long bits() {
        step();
        long high = state.shiftRight(64).longValue();
        return Long.rotateRight(high ^ state.longValue(), (int) (high >>> 58));
    }

    private static BigInteger join(long high, long low) {
        var unsigned = BigInteger.valueOf(low).and(MASK.shiftRight(64));
        return BigInteger.valueOf(high).and(MASK.shiftRight(64)).shiftLeft(64).or(unsigned);
    }

    /** In doubles, one from the other, as NumPy made the tables that it ships. */
    private void makeTables() {
        double x = R;
        double base = AREA / density(x);
        limits[0] = Math.round(x / base * STEPS);
        widths[0] = base / STEPS;
        widths[255] = x / STEPS;
        heights[0] = 1;
        heights[255] = density(x);
        for (int i = 254; i >= 1; i--) {
            double previous = x;
            x = Math.sqrt(-2 * Math.log(density(previous) + AREA / previous));
            limits[i + 1] = Math.round(x / previous * STEPS);
            heights[i] = density(x);
            widths[i] = x / STEPS;
        }
    }

    private static double density(double x) {
        return Math.exp(-0.5 * x * x);
    }

    /** Four 64-bit words of a SeedSequence over one 32-bit word of entropy. */
    private static long[] seedWords(int seed) {
        int[] pool = new int[4];
        int hash = 0x43b0d7e5;
        for (int i = 0; i < 4; i++) {
            int value = (i == 0 ? seed : 0) ^ hash;
            hash *= 0x931e8875;
            value *= hash;
            pool[i] = value ^ value >>> 16;
        }
        for (int from = 0; from < 4; from++) {
            for (int to = 0; to < 4; to++) {
                if (from == to) {
                    continue;
                }
                int value = pool[from] ^ hash;
                hash *= 0x931e8875;
                value *= hash;
                value ^= value >>> 16;
                int mixed = 0xca01f9dd * pool[to] - 0x4973f715 * value;
                pool[to] = mixed ^ mixed >>> 16;
            }
        }
        var words = new long[4];
        hash = 0x8b51f9dd;
        for (int i = 0; i < 8; i++) {
            int value = pool[i % 4] ^ hash;
            hash *= 0x58f38ded;
            value *= hash;
            value ^= value >>> 16;
            words[i / 2] |= (value & 0xffffffffL) << 32 * (i % 2);
        }
        return words;
    }
}
