package jane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DataException;
import jane.ir.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
    /** Changing a glyph, a range or a draw changes these: then every published accuracy is void. */
    @Test
    void theDataIsTheSameOnEveryJdkForEver() {
        assertEquals(
                "e1465b4d3cc01089e0a59ee2f3976c3bcfc0b6f5419063579f65b9e6e006169a",
                Digits.train(Digits.TRAIN_SIZE, 1).sha256());
        assertEquals(
                "1bbb51b1eea6d486e2f1b6ed60569f9de8491e1681542735827634c17581864e",
                Digits.test(Digits.TEST_SIZE, 1).sha256());
    }

    @Test
    void samplesAreImagesOfEveryDigitInTurn() {
        var data = Digits.train(1003, 3);
        assertEquals("digits-train: 1003 samples of [1, 28, 28], 10 classes", data.toString());
        assertEquals(Shape.of(1, 28, 28), data.sampleShape());
        for (int i = 0; i < data.size(); i++) {
            assertEquals(i % 10, data.label(i));
        }
    }

    @Test
    void everySampleHasInkOnPaper() {
        for (var data : new Dataset[] {Digits.train(2000, 9), Digits.test(2000, 9)}) {
            var pixels = new float[784];
            for (int i = 0; i < data.size(); i++) {
                data.copySample(i, pixels, 0);
                int dark = 0;
                int blank = 0;
                for (float pixel : pixels) {
                    assertTrue(pixel >= 0 && pixel <= 1);
                    dark += pixel > 0.5 ? 1 : 0;
                    blank += pixel < 0.2 ? 1 : 0;
                }
                assertTrue(dark >= 10 && blank >= 450, data + " " + i + ": " + dark + ", " + blank);
            }
        }
    }

    @Test
    void aSampleDependsOnSeedAndIndexAlone() {
        var ten = Digits.test(10, 4);
        assertEquals(ten.sha256(), Digits.test(50, 4).split(i -> i < 10).matching().sha256());
        assertNotEquals(ten.sha256(), Digits.test(10, 5).sha256());
        assertEquals(0, Digits.test(0, 4).size());
    }

    @Test
    void theTestSetUsesShapesThatTrainingNeverShows() {
        var train = Glyphs.train();
        var test = Glyphs.test();
        for (int digit = 0; digit < 10; digit++) {
            assertTrue(train.get(digit).size() >= 3 && test.get(digit).size() >= 2);
            for (var shown : train.get(digit)) {
                for (var heldOut : test.get(digit)) {
                    assertNotEquals(hash(shown), hash(heldOut), "digit " + digit);
                }
            }
        }
    }

    @Test
    void aLinearModelStaysUnder92Percent() {
        var accuracies = LinearModel.train(Digits.train(6000, 1), Digits.test(2000, 1), 10);
        double best = IntStream.range(0, 10).mapToDouble(i -> accuracies[i]).max().orElseThrow();
        System.out.printf("linear softmax on generated digits: best of 10 epochs %.3f%n", best);
        assertTrue(best < 0.92, "best " + best);
        assertTrue(accuracies[9] > 0.75, "a linear model that does not learn proves nothing");
    }

    @ParameterizedTest
    @CsvSource({"-1", "2739138"})
    void refusesSizesThatCannotBe(int n) {
        var error = assertThrows(DataException.class, () -> Digits.train(n, 1));
        assertEquals("[digits-train] " + n + " digits; need 0 to 2739137", error.getMessage());
    }

    /** What a shape looks like, drawn plainly. */
    private static int hash(Iterable<Stroke> strokes) {
        var raster = new Raster(100);
        raster.start(1);
        strokes.forEach(stroke -> stroke.draw(raster));
        return IntStream.range(0, 10_000)
                .map(i -> raster.coverage(i) > 0.5 ? i : 0)
                .reduce(0, (hash, i) -> 31 * hash + i);
    }
}
