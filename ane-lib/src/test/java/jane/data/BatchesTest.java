package jane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.engine.Buffer;
import jane.ir.DataException;
import jane.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
    /** Sample i holds i + 1 and its label is i % 3. */
    private static Dataset counting(int n) {
        var features = new float[n];
        var labels = new int[n];
        for (int i = 0; i < n; i++) {
            features[i] = i + 1;
            labels[i] = i % 3;
        }
        return Dataset.of("count", Shape.of(1), features, labels, 3);
    }

    @Test
    void padsTheLastBatchWithWeightZero() {
        var batches = Batches.of(counting(5), 3);
        assertEquals(2, batches.steps());
        var iterator = batches.epoch(0).iterator();
        var first = iterator.next();
        assertEquals(3, first.count());
        assertArrayEquals(new float[] {1, 2, 3}, first.features());
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, first.oneHot());
        assertArrayEquals(new float[] {1, 1, 1}, first.weights());
        var last = iterator.next();
        assertEquals(2, last.count());
        assertArrayEquals(new float[] {4, 5, 0}, last.features());
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 0}, last.oneHot());
        assertArrayEquals(new float[] {1, 1, 0}, last.weights());
        assertArrayEquals(new int[] {0, 1, -1}, last.labels());
        assertFalse(iterator.hasNext());
        var error = assertThrows(NoSuchElementException.class, iterator::next);
        assertEquals("all 2 batches have been given", error.getMessage());
    }

    @Test
    void everyBatchHasTheSameShapes() {
        var images = Dataset.of("i", Shape.of(1, 2, 3), new float[30], new int[5], 4);
        for (var batch : Batches.of(images, 4).epoch(0)) {
            assertEquals(Shape.of(4, 1, 2, 3), batch.featureShape());
            assertEquals(Shape.of(4, 4), batch.oneHotShape());
            assertEquals(Shape.of(4), batch.weightShape());
            assertEquals(24, batch.features().length);
        }
    }

    @Test
    void refillsOneBatchInAnEpochAndNotAcrossEpochs() {
        var batches = Batches.of(counting(4), 2);
        var a = batches.epoch(0).iterator();
        var b = batches.epoch(0).iterator();
        var first = a.next();
        var other = b.next();
        assertSame(first, a.next());
        assertArrayEquals(new float[] {1, 2}, other.features());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "13, 1", "13, 4", "13, 13", "13, 100", "257, 128"})
    void anEpochHoldsEachSampleOnce(int n, int batchSize) {
        var order = order(Batches.of(counting(n), batchSize).shuffled(3), 5, 0);
        assertEquals(
                IntStream.rangeClosed(1, n).boxed().toList(), order.stream().sorted().toList());
    }

    @Test
    void shufflesBySeedAndEpochAlone() {
        var data = counting(100);
        var batches = Batches.of(data, 7).shuffled(1);
        var later = order(batches, 4, 0);
        assertEquals(later, order(Batches.of(data, 7).shuffled(1), 4, 0));
        assertEquals(later, order(Batches.of(data, 50).shuffled(1), 4, 0));
        assertNotEquals(later, order(batches, 5, 0));
        assertNotEquals(later, order(Batches.of(data, 7).shuffled(2), 4, 0));
    }

    @Test
    void resumesInTheMiddleOfAnEpoch() {
        var batches = Batches.of(counting(100), 7).shuffled(1);
        var whole = order(batches, 2, 0);
        assertEquals(whole.subList(21, 100), order(batches, 2, 3));
        assertEquals(List.of(), order(batches, 2, batches.steps()));
    }

    @Test
    void aBatchMayBeLargerThanTheData() {
        var batch = Batches.of(counting(2), 5).epoch(0).iterator().next();
        assertArrayEquals(new float[] {1, 2, 0, 0, 0}, batch.features());
        assertEquals(1, Batches.of(counting(2), Integer.MAX_VALUE).steps());
    }

    @Test
    void refusesWhatCannotBeCut() {
        var data = counting(3);
        assertRefused("[count] batch size 0; need 1 or more", () -> Batches.of(data, 0));
        assertRefused(
                "[count] no samples to cut into batches; need 1 or more",
                () -> Batches.of(counting(0), 4));
        assertRefused(
                "[count] epoch -1 from step 0; need epoch 0 or more and step 0 to 2",
                () -> Batches.of(data, 2).epoch(-1));
        assertRefused(
                "[count] epoch 0 from step 3; need epoch 0 or more and step 0 to 2",
                () -> Batches.of(data, 2).epoch(0, 3));
    }

    private static void assertRefused(String message, Runnable run) {
        assertEquals(message, assertThrows(DataException.class, run::run).getMessage());
    }

    private static List<Integer> order(Batches batches, int epoch, int firstStep) {
        var order = new ArrayList<Integer>();
        for (var batch : batches.epoch(epoch, firstStep)) {
            for (int i = 0; i < batch.count(); i++) {
                order.add((int) batch.features()[i]);
            }
        }
        return order;
    }

    /** 300 values a sample, so that threads share the work, and more samples than a piece has. */
    @Test
    void whatAProgramReadsIsWhatTheArraysHold() {
        var values = new float[300 * 130];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        var data = Dataset.of("rows", Shape.of(300), values, new int[130], 1);
        var watched = Batches.of(data, 100).shuffled(5).epoch(1).iterator();
        for (var batch : Batches.of(data, 100).shuffled(5).epoch(1)) {
            var arrays = watched.next();
            var array = arrays.features();
            assertArrayEquals(array, read(batch.featureBuffer()));
            assertArrayEquals(arrays.oneHot(), read(batch.oneHotBuffer()));
            assertArrayEquals(arrays.weights(), read(batch.weightBuffer()));
            assertSame(array, arrays.features());
            array[299] = -1;
            assertArrayEquals(array, read(arrays.featureBuffer()));
        }
        assertFalse(watched.hasNext());
    }

    private static float[] read(Buffer buffer) {
        var values = new float[buffer.type().shape().size()];
        buffer.get(values);
        return values;
    }
}
