package jane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DataException;
import jane.ir.Shape;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Shape PAIR = Shape.of(2);

    private final Dataset three =
            Dataset.of("three", PAIR, new float[] {1, 2, 3, 4, 5, 6}, new int[] {0, 2, 1}, 3);

    @Test
    void holdsACopyOfWhatItWasGiven() {
        var features = new float[] {1, 2};
        var labels = new int[] {1};
        var data = Dataset.of("d", PAIR, features, labels, 2);
        features[0] = 9;
        labels[0] = 0;
        assertSample(data, 0, 1, 2);
        assertEquals(1, data.label(0));
        assertEquals("d: 1 samples of [2], 2 classes", data.toString());
    }

    @Test
    void copiesASampleToAnOffset() {
        var out = new float[] {9, 9, 9, 9};
        three.copySample(1, out, 1);
        assertArrayEquals(new float[] {9, 3, 4, 9}, out);
    }

    @Test
    void splitsByIndexAndKeepsTheOrder() {
        var split = three.split(i -> i % 2 == 0);
        assertEquals(2, split.matching().size());
        assertSample(split.matching(), 1, 5, 6);
        assertEquals(1, split.matching().label(1));
        assertSample(split.rest(), 0, 3, 4);
        assertEquals(3, split.rest().classes());
        assertEquals(0, three.split(i -> false).matching().size());
    }

    @Test
    void subsetsMayRepeat() {
        var twice = three.subset(2, 2, 0);
        assertSample(twice, 1, 5, 6);
        assertEquals(3, twice.size());
        assertEquals(0, twice.label(2));
    }

    @Test
    void normalizesFloatsAndPixelsAlike() {
        var floats = Dataset.of("f", PAIR, new float[] {0, 51 / 255f}, new int[] {0}, 1);
        var pixels = Dataset.ofPixels("p", PAIR, new byte[] {0, 51}, new int[] {0}, 1);
        float low = -0.1307f / 0.3081f;
        float high = (51 / 255f - 0.1307f) / 0.3081f;
        assertSample(floats.normalized(0.1307f, 0.3081f), 0, low, high);
        assertSample(pixels.normalized(0.1307f, 0.3081f), 0, low, high);
        assertSample(pixels, 0, 0, 0.2f);
    }

    @Test
    void pixelsAreUnsigned() {
        assertSample(
                Dataset.ofPixels("p", PAIR, new byte[] {(byte) 255, (byte) 128}, new int[1], 1),
                0,
                1,
                128 / 255f);
    }

    @Test
    void joinsPixelsWithFloats() {
        var floats = Dataset.of("f", PAIR, new float[] {1, 2}, new int[] {1}, 2);
        var pixels = Dataset.ofPixels("p", PAIR, new byte[] {0, 51}, new int[] {0}, 2);
        for (var joined : new Dataset[] {floats.followedBy(pixels), pixels.followedBy(floats)}) {
            int at = joined.label(0) == 1 ? 0 : 1;
            assertSample(joined, at, 1, 2);
            assertSample(joined, 1 - at, 0, 0.2f);
        }
        var more = pixels.followedBy(pixels.normalized(0, 2));
        assertSample(more, 0, 0, 0.2f);
        assertSample(more, 1, 0, 0.1f);
        assertEquals(4, pixels.followedBy(pixels).followedBy(pixels.followedBy(pixels)).size());
        assertRefused(
                "[f] cannot join three: 3 samples of [2], 3 classes; need [2], 2 classes",
                () -> floats.followedBy(three));
    }

    @Test
    void countsValuesThatAreNoNumbers() {
        var data =
                Dataset.of(
                        "d",
                        PAIR,
                        new float[] {Float.NaN, 1, Float.POSITIVE_INFINITY, -0f},
                        new int[2],
                        1);
        assertEquals(2, data.nonFinite());
        assertEquals(0, three.nonFinite());
    }

    @Test
    void hashesFeatureBitsThenLabels() {
        // python3: hashlib.sha256(struct.pack('<6f3i', 1, 2, 3, 4, 5, 6, 0, 2, 1)).hexdigest()
        assertEquals(
                "2946356854411b6a0d58350e831ee68fd9e2634e2178e6fc83c31007bae95e13", three.sha256());
        assertEquals(three.sha256(), three.named("other").subset(0, 1, 2).sha256());
    }

    @Test
    void refusesALabelOutOfRange() {
        assertRefused(
                "[d] label 3 of sample 1 is out of range; need 0 to 2 (3 classes)",
                () -> Dataset.of("d", PAIR, new float[4], new int[] {2, 3}, 3));
        assertRefused(
                "[d] label -1 of sample 0 is out of range; need 0 to 2 (3 classes)",
                () -> Dataset.of("d", PAIR, new float[4], new int[] {-1, 3}, 3));
        assertRefused(
                "[d] 0 classes; need 1 or more",
                () -> Dataset.of("d", PAIR, new float[0], new int[0], 0));
    }

    @Test
    void refusesSizesThatDisagree() {
        assertRefused(
                "[d] 5 feature values for 2 labels and samples of [2]; need 2 * 2 = 4, at most"
                        + " 2^31 - 1",
                () -> Dataset.of("d", PAIR, new float[5], new int[2], 3));
    }

    @Test
    void refusesAnIndexOutOfRange() {
        var message = "[three] no sample 3; need 0 to 2 (3 samples)";
        assertRefused(message, () -> three.label(3));
        assertRefused(message, () -> three.copySample(3, new float[2], 0));
        assertRefused(message, () -> three.subset(0, 3));
        assertRefused("[three] no sample -1; need 0 to 2 (3 samples)", () -> three.label(-1));
        assertRefused(
                "[three] sample of 2 values does not fit at offset 3 of an array of 4; need 1 more"
                        + " values of room",
                () -> three.copySample(0, new float[4], 3));
    }

    @Test
    void refusesToDivideByNothing() {
        assertRefused(
                "[three] normalized with mean 0.5 and standard deviation 0.0; need a finite mean"
                        + " and a finite deviation above 0",
                () -> three.normalized(0.5f, 0));
    }

    private static void assertRefused(String message, Runnable run) {
        assertEquals(message, assertThrows(DataException.class, run::run).getMessage());
    }

    private static void assertSample(Dataset data, int index, float... values) {
        var out = new float[values.length];
        data.copySample(index, out, 0);
        assertArrayEquals(values, out);
    }
}
