package jane.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Toy;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.optim.Sgd;
import org.junit.jupiter.api.Test;

final class RunTest {
    private final Trainer trainer =
            Trainer.of(new Linear(2, 2), Loss.mse(), Sgd.of(0.1), Toy.moons(40, 0.1, 1))
                    .batchSize(20);

    @Test
    void tellsOfItsOwnStepsOnly() {
        trainer.fit(1);
        var begun = Run.begin(trainer);
        var run = begun.ended(trainer.fit(2));
        assertEquals(3, run.firstStep());
        assertEquals(4, run.steps());
        assertEquals(trainer.losses().subList(2, 6), run.losses());
        assertEquals(2, run.epochs().size());
        assertTrue(run.toString().startsWith("4 steps in 0."), run.toString());
        assertTrue(run.toString().endsWith("; finished at " + trainer.position()));
    }

    @Test
    void withoutAStepItSaysSo() {
        var run = Run.begin(trainer).ended(trainer.fit(0));
        assertEquals("no step was taken; training stands at step 0 (0 epochs)", run.toString());
    }

    @Test
    void nextBatchIsTheOneThatTheNextStepTakes() {
        trainer.steps(1);
        var batch = trainer.nextBatch();
        double loss = trainer.score(trainer.data()).loss(); // looking changes nothing
        assertEquals(batch.labels()[0], trainer.nextBatch().labels()[0]);
        assertTrue(loss > 0);
        trainer.steps(1);
        boolean same = java.util.Arrays.equals(batch.features(), trainer.nextBatch().features());
        assertFalse(same);
    }

    @Test
    void stepGraphTellsForwardFromBackward() {
        var made = StepGraph.of(trainer.model(), Loss.mse(), trainer.nextBatch());
        var outputs = made.graph().outputs();
        assertEquals(
                "[loss, d_weight_2, d_bias]",
                outputs.stream().map(jane.ir.Graph.Port::name).toList().toString());
        assertTrue(made.isForward(outputs.get(0).value()));
        assertFalse(made.isForward(outputs.get(1).value()));
        assertEquals(java.util.Set.of("weight_2", "bias"), made.parameters());
    }

    @Test
    void callbackTakenOffHearsNothing() {
        var heard = new int[1];
        var callback =
                new Trainer.Callback() {
                    @Override
                    public void step(Trainer of, StepReport report) {
                        heard[0]++;
                    }
                };
        trainer.on(callback).steps(1);
        trainer.off(callback).steps(1);
        assertEquals(1, heard[0]);
    }
}
