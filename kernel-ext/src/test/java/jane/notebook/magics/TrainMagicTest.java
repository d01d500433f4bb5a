package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.notebook.RecordingNotebook;
import jane.train.Run;
import jane.train.StepReport;
import jane.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TrainMagicTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @BeforeEach
    void trainer() {
        notebook.cell(
                "var trainer = Trainer.of(new Sequential(new Linear(2, 4), new GELU(), new"
                        + " Linear(4, 2)), Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64, 0.1,"
                        + " 1)).batchSize(16).validation(Toy.moons(32, 0.1, 2));");
    }

    private Run run(String cell) throws Exception {
        return (Run) notebook.magic(cell).orElseThrow();
    }

    private String error(String cell) {
        return assertThrows(JaneException.class, () -> notebook.magic(cell)).getMessage();
    }

    private Trainer of() {
        return (Trainer) notebook.variable("trainer").orElseThrow();
    }

    @Test
    void trainsEpochsInOneOutputAndGivesTheRun() throws Exception {
        var run = run("%train trainer epochs=3");
        assertEquals(12, run.steps());
        assertEquals(3, run.epochs().size());
        assertEquals(Trainer.End.FINISHED, run.end());
        assertEquals(1, notebook.outputs().size());
        var shown = notebook.outputs().get(0);
        assertTrue(shown.toString().startsWith("finished at step 12"), shown.toString());
        assertTrue(shown.metadata().get("image/png").get("alt").contains("12 steps"));
    }

    @Test
    void onlyTrainerNeedNotBeNamed() throws Exception {
        assertEquals(5, run("%train steps=5").steps());
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        of().on(
                        new Trainer.Callback() {
                            @Override
                            public void step(Trainer trainer, StepReport report) {
                                if (report.step() == 6) {
                                    notebook.interrupt();
                                }
                            }
                        });
        var run = run("%train trainer epochs=5");
        assertEquals(6, run.steps());
        assertEquals(Trainer.End.STOPPED, run.end());
        var shown = notebook.outputs().get(0).toString();
        assertTrue(
                shown.startsWith(
                        "interrupted at step 6 (epoch 2, 2 of 4); run the cell again to go on"),
                shown);
        assertEquals(7, run("%train trainer epochs=1").firstStep());
        assertEquals(8, of().step().steps());
    }

    @Test
    void tenThousandStepsLeaveOneSmallOutput() throws Exception {
        run("%train trainer steps=10000");
        assertEquals(1, notebook.outputs().size());
        var png = notebook.outputs().get(0).data().get("image/png");
        assertTrue(png.length() < 200_000, "bytes in base 64: " + png.length());
    }

    @Test
    void updatesAtMostFourTimesASecond() throws Exception {
        long start = System.nanoTime();
        run("%train trainer steps=3000");
        double seconds = (System.nanoTime() - start) / 1e9;
        assertTrue(notebook.updates() <= 4 * seconds + 1, notebook.updates() + " in " + seconds);
    }

    @Test
    void cellMayBeJavaThatEndsInATrainer() throws Exception {
        var run =
                run(
                        "%%train epochs=2\n"
                            + "var small = new Linear(2, 2);\n"
                            + "Trainer.of(small, Loss.mse(), Sgd.of(0.1), Toy.moons(20, 0.1, 3))");
        assertEquals(2, run.epochs().size());
    }

    @Test
    void cellMayBeOptions() throws Exception {
        assertEquals(3, run("%%train trainer\nsteps = 3;\ntitle = \"three steps\"").steps());
        assertEquals(4, run("%%train\ntrainer\nsteps=4").steps());
    }

    @Test
    void cellThatGivesNoTrainerIsNamed() {
        assertEquals(
                "[%%train] the cell ends in an Integer; need a Trainer as its last expression,"
                        + " without a semicolon",
                error("%%train\n1 + 1"));
    }

    @Test
    void modelWithoutParametersIsNamed() {
        notebook.cell(
                "var none = Trainer.of(new ReLU(), Loss.mse(), Sgd.of(0.1), Toy.moons(8, 0.1,"
                        + " 1));");
        assertEquals(
                "[step] the model ReLU has no parameters to train; need a layer such as Linear, or"
                        + " one that calls param(...)",
                error("%train none"));
    }

    @Test
    void whatIsNoTrainerIsNamed() {
        notebook.cell("var model = new Linear(2, 2);");
        assertEquals(
                "[%train] model is a layer, Linear(2 -> 2); need a Trainer, such as trainer",
                error("%train model"));
        assertEquals(
                "[%train] no variable trainr (did you mean trainer?); there are trainer, model",
                error("%train trainr"));
    }

    @Test
    void twoTrainersMustBeToldApart() {
        notebook.cell("var other = trainer;");
        assertEquals("[%train] which trainer? there are trainer, other; name one", error("%train"));
    }

    @Test
    void wrongOptionsAreNamed() {
        assertEquals(
                "[%train] epochs is \"three\"; need a whole number",
                error("%train trainer epochs=three"));
        assertEquals("[%train] steps is -1; need 0 or more", error("%train trainer steps=-1"));
        assertEquals(
                "[%train] epochs and steps are both given; need one of them",
                error("%train trainer epochs=1 steps=1"));
    }

    @Test
    void lossThatIsNotFiniteStopsAndKeepsTheWeights() throws Exception {
        notebook.cell(
                "var wild = Trainer.of(new Sequential(new Linear(2, 4), new Linear(4, 2)),"
                        + " Loss.mse(), Sgd.of(1e6), Toy.moons(64, 0.1, 1)).batchSize(16);");
        var message = error("%train wild epochs=50");
        assertTrue(message.contains("nothing was updated, the weights are those of step"), message);
        var shown = notebook.outputs().get(0).toString();
        assertTrue(shown.startsWith("stopped at step"), shown);
        var wild = (Trainer) notebook.variable("wild").orElseThrow();
        for (var p : wild.model().parameters().values()) {
            for (float v : p.toArray()) {
                assertTrue(Float.isFinite(v));
            }
        }
    }
}
