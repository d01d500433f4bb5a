package jane.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
    /** Random123 1.14, tests/kat_vectors, the lines "philox4x32 10": counter, key, result. */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000,"
                + " 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff,"
                + " 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0,"
                + " d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void givesThePublishedVectors(String counter, String key, String result) {
        int[] c = words(counter);
        int[] k = words(key);
        var out = new int[4];
        RandomStream.philox(join(c[0], c[1]), join(c[2], c[3]), join(k[0], k[1]), out);
        assertArrayEquals(words(result), out);
    }

    @Test
    void keepsItsBitsForEver() {
        var stream = RandomStream.of(7, "init").at(3);
        assertEquals(1180838636, stream.nextInt());
        assertEquals(0.46225375f, stream.nextFloat());
        assertEquals(0.8553008928563215, stream.nextDouble());
        assertEquals(0.7924556768384273, stream.nextGaussian());
        int hash = 0;
        for (int i = 0; i < 10_000; i++) { // StrictMath: the same on every JDK
            hash = 31 * hash + Double.hashCode(stream.nextGaussian());
        }
        assertEquals(32182352, hash);
    }

    @Test
    void dependsOnSeedNameAndStepAlone() {
        int first = RandomStream.of(1, "a").at(5).nextInt();
        var other = RandomStream.of(1, "a");
        other.nextGaussian();
        assertEquals(first, other.at(5).nextInt());
        assertNotEquals(first, RandomStream.of(2, "a").at(5).nextInt());
        assertNotEquals(first, RandomStream.of(1, "b").at(5).nextInt());
        assertNotEquals(first, RandomStream.of(1, "a").at(6).nextInt());
        assertEquals(RandomStream.of(1, "a").nextInt(), RandomStream.of(1, "a").at(0).nextInt());
    }

    @Test
    void neighbouringSeedsAndStepsShareNoDraws() {
        var seen = new HashSet<Integer>();
        for (int seed = -8; seed < 8; seed++) {
            for (int step = 0; step < 16; step++) {
                seen.add(RandomStream.of(seed, "x").at(step).nextInt());
            }
        }
        assertEquals(256, seen.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 257, 1 << 30, (1 << 30) + 1, Integer.MAX_VALUE})
    void boundedIntsStayInRangeAndAreEven(int bound) {
        var stream = RandomStream.of(11, "bound");
        double sum = 0;
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            int x = stream.nextInt(bound);
            assertTrue(x >= 0 && x < bound, () -> x + " of " + bound);
            sum += x;
        }
        double std = (bound - 1.0) / Math.sqrt(12.0 * draws);
        assertEquals((bound - 1) / 2.0, sum / draws, 5 * std + 1e-9);
    }

    @Test
    void smallBoundsPassAChiSquareTest() {
        var counts = new int[7];
        var stream = RandomStream.of(5, "chi");
        for (int i = 0; i < 70_000; i++) {
            counts[stream.nextInt(7)]++;
        }
        double chi = Arrays.stream(counts).mapToDouble(c -> (c - 1e4) * (c - 1e4) / 1e4).sum();
        assertTrue(chi < 22.5, "chi square " + chi + " with 6 degrees of freedom, p < 0.001");
    }

    @Test
    void floatsAndDoublesAreUniformBelowOne() {
        var stream = RandomStream.of(3, "uniform");
        double floats = 0;
        double doubles = 0;
        for (int i = 0; i < 20_000; i++) {
            float f = stream.nextFloat();
            double d = stream.nextDouble();
            assertTrue(f >= 0 && f < 1 && d >= 0 && d < 1);
            floats += f;
            doubles += d;
        }
        assertEquals(0.5, floats / 20_000, 0.01);
        assertEquals(0.5, doubles / 20_000, 0.01);
    }

    @Test
    void fillNormalHasItsMomentsAndTails() {
        var x = new float[40_001];
        RandomStream.of(9, "normal").fillNormal(x, 2, 3);
        double mean = IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
        double var = 0;
        int beyondTwo = 0;
        for (float v : x) {
            var += (v - mean) * (v - mean) / x.length;
            beyondTwo += Math.abs(v - 2) > 6 ? 1 : 0;
        }
        assertEquals(2, mean, 0.075);
        assertEquals(9, var, 0.32);
        assertEquals(0.0455, beyondTwo / (double) x.length, 0.006);
    }

    @Test
    void fillUniformStaysBelowItsUpperEnd() {
        var x = new float[10_001];
        float high = Math.nextUp(Math.nextUp(1f)); // two values only: rounding up would show
        RandomStream.of(4, "narrow").fillUniform(x, 1, high);
        for (float v : x) {
            assertTrue(v >= 1 && v < high);
        }
        RandomStream.of(4, "flat").fillUniform(x, 3, 3);
        assertEquals(3, x[10_000]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 13, 257, 10_000})
    void permutationHoldsEachNumberOnce(int n) {
        int[] order = RandomStream.of(2, "order").permutation(n);
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
        assertTrue(n < 13 || !Arrays.equals(order, sorted));
    }

    @Test
    void permutationsOfThreeAreEquallyLikely() {
        var stream = RandomStream.of(6, "order");
        var counts = new int[27];
        for (int i = 0; i < 6000; i++) {
            int[] p = stream.permutation(3);
            counts[9 * p[0] + 3 * p[1] + p[2]]++;
        }
        int[] seen = Arrays.stream(counts).filter(c -> c > 0).toArray();
        assertEquals(6, seen.length);
        for (int count : seen) {
            assertEquals(1000, count, 150);
        }
    }

    @Test
    void refusesRangesThatAreNone() {
        var stream = RandomStream.of(1, "w");
        var out = new float[1];
        assertMessage("[random w] bound 0 for nextInt; need 1 or more", () -> stream.nextInt(0));
        assertMessage(
                "[random w] uniform range 2.0 to 1.0; need finite low <= high",
                () -> stream.fillUniform(out, 2, 1));
        assertMessage(
                "[random w] uniform range NaN to 1.0; need finite low <= high",
                () -> stream.fillUniform(out, Float.NaN, 1));
        assertMessage(
                "[random w] normal with mean 0.0 and standard deviation -1.0; need a finite mean"
                        + " and a finite deviation of 0 or more",
                () -> stream.fillNormal(out, 0, -1));
        assertMessage(
                "[random w] permutation of -1 items; need 0 or more", () -> stream.permutation(-1));
    }

    private static void assertMessage(String message, Runnable run) {
        assertEquals(message, assertThrows(JaneException.class, run::run).getMessage());
    }

    private static int[] words(String hex) {
        return Arrays.stream(hex.strip().split(" "))
                .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                .toArray();
    }

    private static long join(int low, int high) {
        return (long) high << 32 | low & 0xffffffffL;
    }
}
