package jane.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Toy;
import jane.ir.JaneException;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.tensor.Session;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    private static final Confusion SMALL =
            Confusion.of(new int[] {0, 0, 0, 0, 1, 1, 1, 2}, new int[] {0, 0, 0, 1, 1, 0, 1, 0}, 3);

    @Test
    void countsAndShares() {
        assertEquals(3, SMALL.count(0, 0));
        assertEquals(1, SMALL.count(2, 0));
        assertEquals(4, SMALL.actual(0));
        assertEquals(5, SMALL.predicted(0));
        assertEquals(8, SMALL.total());
        assertEquals(5 / 8.0, SMALL.accuracy());
        assertEquals(3 / 5.0, SMALL.precision(0));
        assertEquals(3 / 4.0, SMALL.recall(0));
        assertEquals(6 / 9.0, SMALL.f1(0));
        assertTrue(Double.isNaN(SMALL.precision(2)));
        assertEquals(0, SMALL.recall(2));
    }

    @Test
    void theTableShowsEverything() {
        assertEquals(
                """
                true\\as  0  1  2  precision  recall     F1
                      0  3  1  0      0.600   0.750  0.667
                      1  1  2  0      0.667   0.667  0.667
                      2  1  0  0        NaN   0.000  0.000
                accuracy 0.6250 of 8 samples\
                """,
                SMALL.toString());
    }

    @Test
    void agreesWithTheScore() {
        Session.current().seed(1);
        var data = Toy.moons(150, 0.1, 1); // more than one batch, the last short
        var model = new Linear(2, 2);
        var confusion = Confusion.of(model, data);
        assertEquals(
                Evaluation.of(model, Loss.crossEntropy()).score(data, 50).accuracy(),
                confusion.accuracy());
        assertEquals(150, confusion.total());
    }

    @Test
    void whatIsNoClassIsRefused() {
        assertEquals(
                "[confusion] sample 1 is of class 1, predicted as 3; need 0 to 2",
                assertThrows(
                                JaneException.class,
                                () -> Confusion.of(new int[] {0, 1}, new int[] {0, 3}, 3))
                        .getMessage());
        assertEquals(
                "[confusion] class 3; need 0 to 2",
                assertThrows(JaneException.class, () -> SMALL.recall(3)).getMessage());
        assertEquals(
                "[confusion] 1 labels, 2 predictions, 3 classes; need as many predictions as labels"
                        + " and a class or more",
                assertThrows(JaneException.class, () -> Confusion.of(new int[1], new int[2], 3))
                        .getMessage());
    }
}
