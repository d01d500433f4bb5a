package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.Jane;
import jane.data.Dataset;
import jane.data.Toy;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InspectorTest {
    private static Layer model() {
        Jane.seed(3);
        return new Sequential(new Linear(2, 6), new ReLU(), new Linear(6, 2));
    }

    private static Trainer trainer(Layer model, double rate, Dataset data) {
        return Trainer.of(model, Loss.crossEntropy(), Sgd.of(rate), data).batchSize(16);
    }

    private static Trainer trainer(double rate) {
        return trainer(model(), rate, Toy.moons(40, 0.1, 1));
    }

    @Test
    void stepItselfIsTheTrainersOwn() {
        var plain = trainer(0.1);
        plain.steps(5);
        var watched = trainer(0.1);
        var inspector = Inspector.of(watched);
        for (int i = 0; i < 5; i++) {
            inspector.step();
        }
        assertEquals(plain.losses(), watched.losses());
        assertEquals(plain.position(), watched.position());
        assertArrayEquals(
                plain.model().parameters().get("linear1.weight").toArray(),
                watched.model().parameters().get("linear1.weight").toArray());
    }

    @Test
    void gradientsAndUpdatesAgreeWithTheStepsReport() {
        var trainer = trainer(model(), 0.1, Toy.moons(40, 0.1, 1)).detailed();
        var step = Inspector.of(trainer).step();
        assertEquals(step.report().loss(), step.lossBefore(), 1e-6);
        assertTrue(step.lossAfter() < step.lossBefore());
        for (int i = 0; i < step.parameters().size(); i++) {
            var moved = step.parameters().get(i);
            var reported = step.report().parameters().get(i);
            assertEquals(reported.name(), moved.path());
            assertEquals(reported.gradient(), moved.gradientNorm(), 1e-5);
            assertEquals(reported.update(), moved.updateNorm(), 1e-5);
            assertEquals(0.1 * moved.gradientNorm(), moved.updateNorm(), 1e-5);
        }
    }

    @Test
    void layersAreInOrderWithOutputAndGradient() {
        var step = Inspector.of(trainer(0.1)).step();
        assertEquals(
                List.of("linear1", "relu1", "linear2"),
                step.layers().stream().map(Inspection.Seen::path).toList());
        var relu = step.layers().get(1);
        assertEquals("[16, 6]", relu.output().shape().toString());
        // d loss / d relu output, summed over the batch through the weights, gives linear2's bias
        var logits = step.layers().get(2).gradient();
        assertArrayEquals(
                step.parameters().get(3).gradient().toArray(), logits.sum(0).toArray(), 1e-6f);
    }

    @Test
    void nothingIsCompiledAfterTheFirstStep() {
        var inspector = Inspector.of(trainer(0.1));
        inspector.step();
        long compiled = Session.current().compiled();
        for (int i = 0; i < 4; i++) {
            inspector.step(); // across a short last batch and an epoch
        }
        assertEquals(compiled, Session.current().compiled());
    }

    @Test
    void steepestAreTheLargestByMagnitude() {
        var step = Inspector.of(trainer(0.1)).step();
        var steepest = step.steepest(3);
        assertEquals(3, steepest.size());
        double most = 0;
        for (var p : step.parameters()) {
            for (float g : p.gradient().toArray()) {
                most = Math.max(most, Math.abs(g));
            }
        }
        var first = steepest.get(0);
        assertEquals(most, Math.abs(first.value()));
        var index = first.index().stream().mapToInt(i -> i).toArray();
        var gradient =
                step.parameters().stream()
                        .filter(p -> p.path().equals(first.path()))
                        .findFirst()
                        .orElseThrow()
                        .gradient();
        assertEquals(first.value(), gradient.get(index));
        assertTrue(Math.abs(first.value()) >= Math.abs(steepest.get(2).value()));
    }

    @Test
    void healthyStepHasNoWarnings() {
        assertEquals(List.of(), Inspector.of(trainer(0.05)).step().warnings());
    }

    @Test
    void rateTooHighIsSaid() {
        var warnings = Inspector.of(trainer(300)).step().warnings().toString();
        assertTrue(warnings.contains("The loss of this very batch rose from"), warnings);
        assertTrue(warnings.contains("too high"), warnings);
    }

    @Test
    void rateTooLowIsSaid() {
        assertEquals(
                List.of(
                        "The weights moved by less than 1e-05 of their size: the learning rate 1E-7"
                                + " is probably too low; try 0.000001."),
                Inspector.of(trainer(1e-7)).step().warnings());
    }

    @Test
    void deadUnitsAreCounted() {
        var model = model();
        model.parameters().get("linear1.bias").set(Tensor.of(-99, -99, -99, 1, 1, 1));
        var warnings = Inspector.of(trainer(model, 0.05, Toy.moons(40, 0.1, 1))).step().warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(
                warnings.get(0).startsWith("3 of 6 units of relu1 are 0 for every sample"),
                warnings.toString());
    }

    @Test
    void weightsThatDeadUnitsKeepFromLearningAreNotBlamedOnTheLearningRate() {
        var model = model();
        model.parameters().get("linear1.bias").set(Tensor.of(-99, -99, -99, -99, -99, -99));
        var warnings = Inspector.of(trainer(model, 0.05, Toy.moons(40, 0.1, 1))).step().warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(
                warnings.get(0).startsWith("6 of 6 units of relu1 are 0 for every sample"),
                warnings.toString());
    }

    @Test
    void lossThatIsNotFiniteNamesTheLayerWhereItBegan() {
        var model = model();
        var values = model.parameters().get("linear2.weight").toArray();
        values[0] = Float.NaN;
        model.parameters().get("linear2.weight").set(Tensor.of(Shape.of(2, 6), values));
        var trainer = trainer(model, 0.1, Toy.moons(40, 0.1, 1));
        var e = assertThrows(JaneException.class, () -> Inspector.of(trainer).step());
        assertEquals(
                "[step 1] the loss is NaN: NaN or infinity first appears in the output of layer"
                        + " linear2, in 16 of 32 values; nothing was updated, the weights are those"
                        + " of step 0. Lower the learning rate, or look at the data",
                e.getMessage());
        assertEquals(0, trainer.step().steps());
    }
}
