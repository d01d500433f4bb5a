package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.train.Confusion;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionPictureTest {
    private static final Confusion SMALL =
            Confusion.of(new int[] {0, 0, 0, 0, 1, 1, 1, 2}, new int[] {0, 0, 0, 1, 1, 2, 2, 2}, 3);

    private static ConfusionPicture small() {
        return ConfusionPicture.of(SMALL).title("cats");
    }

    /** Every class always right, but for class 1, which is taken for class 0. */
    private static Confusion many(int classes) {
        var labels = new int[classes];
        var predicted = new int[classes];
        for (int i = 0; i < classes; i++) {
            labels[i] = i;
            predicted[i] = i == 1 ? 0 : i;
        }
        return Confusion.of(labels, predicted, classes);
    }

    @Test
    void rightIsBlueAndTheMostFrequentMistakeOrange() {
        var seen = new Seen(small()).isADrawing().nothingIsCutOff();
        assertTrue(seen.count(Palette.BLUE) > 500, "blue: " + seen.count(Palette.BLUE));
        assertTrue(
                seen.count(Palette.VERMILLION) > 500, "orange: " + seen.count(Palette.VERMILLION));
    }

    @Test
    void withoutMistakesNothingIsOrange() {
        var all = ConfusionPicture.of(Confusion.of(new int[] {0, 1}, new int[] {0, 1}, 2));
        assertEquals(0, new Seen(all).isADrawing().count(Palette.VERMILLION));
        assertEquals("Confusion matrix of 2 classes: 100% of 2 right; no mistakes.", all.alt());
    }

    @Test
    void altTellsAccuracyTheWorstMixUpAndTheWorstClass() {
        assertEquals(
                "Confusion matrix \"cats\" of 3 classes: 62.5% of 8 right; most often 1 taken for 2"
                        + " (2); lowest recall 33.3% (1).",
                small().alt());
        assertEquals(small().alt(), small().display().metadata().get("image/png").get("alt"));
    }

    @Test
    void textIsTheTable() {
        assertEquals(
                small().alt()
                        + """

                        is \\ taken for     0      1      2  recall
                        --------------  ----  -----  -----  ------
                        0                  3      1      0  75.0%
                        1                  0      1      2  33.3%
                        2                  0      0      1  100%
                        --------------  ----  -----  -----  ------
                        precision       100%  50.0%  33.3%  62.5%\
                        """,
                small().text());
    }

    @Test
    void classesHaveNames() {
        var named = small().names(List.of("cat", "a dog of a very long breed's name", "fish"));
        assertTrue(named.alt().contains("a dog of a very long breed's name taken for fish (2)"));
        assertTrue(named.text().contains("\ncat "), named.text());
        new Seen(named).isADrawing().nothingIsCutOff();
        assertEquals(
                "[chart] 2 names for 3 classes; need one each",
                assertThrows(JaneException.class, () -> small().names(List.of("a", "b")))
                        .getMessage());
    }

    @Test
    void aClassWithoutSamplesHasNoRecall() {
        var gap = ConfusionPicture.of(Confusion.of(new int[] {0, 2}, new int[] {0, 0}, 3));
        assertTrue(gap.text().contains("\n1                   0  0  0  –\n"), gap.text());
        assertTrue(gap.alt().endsWith("lowest recall 0% (2)."), gap.alt());
        new Seen(gap).isADrawing();
    }

    @Test
    void noSamplesAreSaid() {
        var none = ConfusionPicture.of(Confusion.of(new int[0], new int[0], 2));
        assertEquals("Confusion matrix of 2 classes: no samples.", none.alt());
        new Seen(none).isADrawing();
    }

    @Test
    void manyClassesAreDrawnWithoutNumbersAndToldByTheirMixUps() {
        for (int classes : new int[] {1, 20, 21, 100, 128, 129, 1000}) {
            var picture = ConfusionPicture.of(many(classes));
            var seen = new Seen(picture).isADrawing().nothingIsCutOff();
            assertTrue(seen.image.getWidth() < 1100, classes + ": " + seen.image.getWidth());
            if (classes > 20) {
                assertEquals(picture.alt() + "\n  1 taken for 0 (1)", picture.text());
                assertFalse(picture.text().contains("precision"));
            }
        }
    }
}
