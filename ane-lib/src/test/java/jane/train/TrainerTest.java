package jane.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Dataset;
import jane.data.Toy;
import jane.engine.power.Pacing;
import jane.ir.JaneException;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.tensor.Session;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final Dataset MOONS = Toy.moons(300, 0.1, 1);

    private static Trainer trainer() {
        Session.current().seed(5);
        Layer model = new Sequential(new Linear(2, 16), new GELU(), new Linear(16, 2));
        return Trainer.of(model, Loss.crossEntropy(), Adam.of(0.02), MOONS)
                .batchSize(64)
                .validation(Toy.moons(200, 0.1, 2));
    }

    @Test
    void learnsTheMoons() {
        var trainer = trainer();
        assertEquals(Trainer.End.FINISHED, trainer.fit(40));
        var score = trainer.epochs().get(39).validation().orElseThrow();
        assertTrue(score.accuracy() > 0.97, score.toString());
        assertEquals(40 * 5, trainer.losses().size());
    }

    @Test
    void anInterruptStopsBetweenStepsAndFitGoesOnFromThere() {
        var whole = trainer();
        whole.fit(3);
        var interrupted = trainer();
        interrupted.on(
                new Trainer.Callback() {
                    @Override
                    public void step(Trainer t, StepReport report) {
                        if (report.step() == 7) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
        assertEquals(Trainer.End.STOPPED, interrupted.fit(3));
        assertEquals("step 7 (epoch 2, 2 of 5)", interrupted.position());
        assertEquals(Trainer.End.FINISHED, interrupted.fit(2));
        assertEquals(whole.losses(), interrupted.losses());
        assertArrayEquals(weights(whole), weights(interrupted));
        assertEquals(whole.epochs().get(1).trainLoss(), interrupted.epochs().get(1).trainLoss());
    }

    @Test
    void aBatchIsNoLargerThanTheDataFill() {
        var all = trainer().batchSize(300);
        var more = trainer().batchSize(Integer.MAX_VALUE);
        all.fit(2);
        more.fit(2);
        assertEquals(all.losses(), more.losses());
        assertEquals(300, more.nextBatch().weights().length);
        var inParts = trainer().batchSize(1000).accumulate(7);
        inParts.fit(2);
        assertEquals(301, inParts.nextBatch().weights().length);
        assertEquals(all.losses().get(1), inParts.losses().get(1), 1e-5);
    }

    @Test
    void aBatchOfNothingIsRefusedWhereItIsWritten() {
        var e = assertThrows(JaneException.class, () -> trainer().batchSize(0));
        assertEquals("[trainer] batch size 0; need 1 or more", e.getMessage());
    }

    @Test
    void itStaysOnTheEngineItBeganOn() {
        var session = Session.current();
        var before = session.engine();
        var trainer = trainer();
        assertEquals(Optional.empty(), trainer.engine());
        trainer.steps(1);
        try {
            session.use("sim:m1", 1);
            var step = Inspector.of(trainer).step();
            assertEquals(before.name(), step.place().engine());
            assertEquals(before.name(), step.report().engine());
            assertEquals(Optional.of(before), trainer.engine());
        } finally {
            session.use(before.name(), 2);
        }
    }

    private static float[] weights(Trainer trainer) {
        return trainer.model().parameters().get("linear2.weight").toArray();
    }

    /** A step, and then a pause of a million times its length, in which {@code what} happens. */
    private static void inALongPause(Trainer trainer, Runnable what) {
        var fitting = Thread.currentThread();
        var watch =
                new Trainer.Callback() {
                    @Override
                    public void step(Trainer t, StepReport report) {
                        whenItSleeps(fitting, what);
                    }
                };
        trainer.on(watch);
        Session.current().pace(Pacing.NONE.dutyCycle(1e-6));
        try {
            assertEquals(Trainer.End.STOPPED, trainer.fit(1));
            assertEquals("step 1 (epoch 1, 1 of 5)", trainer.position());
        } finally {
            Session.current().pace(Pacing.NONE);
        }
        trainer.off(watch);
        assertEquals(Trainer.End.FINISHED, trainer.fit(1));
    }

    @Test
    void anInterruptEndsAPauseBetweenSteps() {
        var trainer = trainer();
        inALongPause(trainer, Thread.currentThread()::interrupt);
        assertFalse(Thread.interrupted());
    }

    private static void whenItSleeps(Thread thread, Runnable what) {
        var watch =
                new Thread(
                        () -> {
                            while (thread.getState() != Thread.State.TIMED_WAITING) {
                                Thread.onSpinWait();
                            }
                            what.run();
                        });
        watch.setDaemon(true);
        watch.start();
    }

    @Test
    void stopEndsAPauseBetweenSteps() {
        var trainer = trainer();
        inALongPause(trainer, trainer::stop);
    }

    @Test
    void aStepThatIsInterruptedInAPauseSaysThatNothingChanged() {
        var trainer = trainer();
        var batch = trainer.nextBatch();
        trainer.step().run(batch);
        var before = weights(trainer);
        Session.current().pace(Pacing.NONE.dutyCycle(1e-6));
        try {
            trainer.step().run(batch); // the pause after it is owed by the next
            before = weights(trainer);
            Thread.currentThread().interrupt();
            var e = assertThrows(JaneException.class, () -> trainer.step().run(batch));
            assertEquals(
                    "[step] interrupted in a pause before step 3; nothing was changed, run it"
                            + " again",
                    e.getMessage());
        } finally {
            Session.current().pace(Pacing.NONE);
        }
        assertTrue(Thread.interrupted(), "whoever runs the loop sees it too");
        assertArrayEquals(before, weights(trainer));
    }

    @Test
    void stepsCountAcrossEpochs() {
        var trainer = trainer();
        assertEquals(Trainer.End.FINISHED, trainer.steps(8));
        assertEquals(1, trainer.epochs().size());
        assertEquals("step 8 (epoch 2, 3 of 5)", trainer.position());
    }

    @Test
    void callbacksHearOfEveryStepAndEpoch() {
        var heard = new ArrayList<String>();
        trainer()
                .on(
                        new Trainer.Callback() {
                            @Override
                            public void step(Trainer t, StepReport report) {
                                heard.add("step " + report.step());
                            }

                            @Override
                            public void epoch(Trainer t, EpochReport report) {
                                heard.add("epoch " + report.epoch());
                            }
                        })
                .fit(1);
        assertEquals("[step 1, step 2, step 3, step 4, step 5, epoch 1]", heard.toString());
    }

    @Test
    void settingsAreFixedOnceItRuns() {
        var trainer = trainer();
        trainer.steps(1);
        assertEquals(
                "[trainer] batchSize cannot change after the first step; make a new trainer",
                assertThrows(JaneException.class, () -> trainer.batchSize(3)).getMessage());
    }
}
