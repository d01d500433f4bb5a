package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void countsInEqualBinsTheLargestInTheLast() {
        var histogram = Histogram.of(new float[] {0, 1, 2, 3, 4}, 4);
        assertEquals(1, histogram.count(0));
        assertEquals(1, histogram.count(1));
        assertEquals(1, histogram.count(2));
        assertEquals(2, histogram.count(3));
        assertEquals(2, histogram.highest());
        assertEquals(1.0, histogram.edge(1));
        assertEquals(4.0, histogram.edge(4));
    }

    @Test
    void keepsWhatIsNotFiniteApart() {
        var histogram =
                Histogram.of(
                        new double[] {Double.NaN, 1, 0, Double.NEGATIVE_INFINITY, Double.NaN}, 2);
        assertEquals(2, histogram.nans());
        assertEquals(1, histogram.infinities());
        assertEquals(2, histogram.finite());
        assertEquals(1, histogram.zeros());
        assertEquals(0.5, histogram.zeroShare());
        assertEquals(0.5, histogram.mean());
        assertEquals(0.5, histogram.std());
    }

    @Test
    void ofNothingHasNoMoments() {
        assertEquals(0, Histogram.EMPTY.finite());
        assertTrue(Double.isNaN(Histogram.EMPTY.mean()));
        assertTrue(Double.isNaN(Histogram.EMPTY.min()));
        assertTrue(Double.isNaN(Histogram.of(new double[] {Double.NaN}, 3).zeroShare()));
    }

    @Test
    void ofOneValueManyTimesIsOneBin() {
        var histogram = Histogram.of(new float[] {7, 7, 7}, 5);
        assertEquals(3, histogram.count(0));
        assertEquals(0.0, histogram.std());
    }

    @Test
    void momentsHoldFarFromZero() {
        var random = new Random(5);
        var values = new double[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1e9 + random.nextGaussian();
        }
        assertEquals(1.0, Histogram.of(values, 10).std(), 0.02);
    }

    @Test
    void everyValueFallsInABin() {
        for (int n : new int[] {1, 13, 257}) {
            var values = new Random(n).doubles(n, -3, 5).toArray();
            var histogram = Histogram.of(values, 7);
            assertEquals(n, IntStream.range(0, 7).mapToLong(histogram::count).sum());
        }
    }

    @Test
    void readsATensorOfAnyType() {
        var buffer = Buffer.direct(new TensorType(DType.FP16, Shape.of(3)));
        buffer.put(new float[] {1, 2, 3});
        assertEquals(2.0, Histogram.of(Tensor.holding(buffer), 3).mean());
        assertEquals(2.5, Histogram.of(Given.tensor(i -> i, 2, 3), 3).mean());
    }

    @Test
    void refusesNoBins() {
        var e = assertThrows(JaneException.class, () -> Histogram.of(new float[] {1}, 0));
        assertEquals("[histogram] 0 bins; need 1 to 10000", e.getMessage());
    }
}
