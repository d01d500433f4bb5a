package jane.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.ir.Shape;
import jane.nn.Linear;
import jane.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MistakesTest {
    @Test
    void namesWhatIsWrongTheSurestFirst() {
        var copy = new Linear(2, 2); // answers with the larger feature
        copy.parameters().get("weight").set(Tensor.eye(2));
        copy.parameters().get("bias").set(Tensor.zeros(2));
        float[] features = {1, 0, 0, 1, 3, 0, 0, 2};
        var data = Dataset.of("four", Shape.of(2), features, new int[] {1, 1, 1, 0}, 2);
        var mistakes = Mistakes.of(copy, data);
        assertEquals(
                List.of(2, 3, 0), mistakes.list().stream().map(Mistakes.Mistake::index).toList());
        assertEquals(1 / (1 + Math.exp(-3)), mistakes.list().get(0).confidence(), 1e-6);
        assertEquals("3 of 4 wrong, surest first: 1 as 0, 0 as 1, 1 as 0", mistakes.toString());
        assertEquals(Shape.of(2, 2), mistakes.samples(2).shape());
        assertEquals(3, mistakes.samples(9).get(0, 0));
    }

    @Test
    void aModelThatIsAlwaysRightHasNone() {
        var model = new Linear(2, 2);
        model.parameters().get("weight").set(Tensor.eye(2));
        model.parameters().get("bias").set(Tensor.zeros(2));
        var data = Dataset.of("one", Shape.of(2), new float[] {1, 0}, new int[] {0}, 2);
        var mistakes = Mistakes.of(model, data);
        assertTrue(mistakes.list().isEmpty());
        assertEquals("0 of 1 wrong", mistakes.toString());
    }
}
