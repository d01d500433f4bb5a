package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.notebook.Display;
import jane.notebook.RecordingNotebook;
import jane.notebook.Renderers;
import jane.tensor.Session;
import jane.train.Inspection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StepMagicTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @BeforeEach
    void trainer() {
        notebook.cell(
                "var trainer = Trainer.of(new Sequential(new Linear(2, 4), new ReLU(), new"
                        + " Linear(4, 2)), Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64, 0.1, 1))"
                        + ".batchSize(16);");
    }

    private Inspection step(String line) throws Exception {
        return (Inspection) notebook.magic(line).orElseThrow();
    }

    @Test
    void laysOneStepOpen() throws Exception {
        var step = step("%step trainer");
        assertEquals(1, step.report().step());
        assertTrue(notebook.outputs().get(0).data().containsKey("image/png"));
        var display = Renderers.render(step).orElseThrow();
        for (var what :
                new String[] {
                    "loss",
                    "linear1",
                    "relu1",
                    "linear2",
                    "linear1.weight",
                    "update/weight",
                    "Largest gradients",
                    "forward, backward and update",
                    "cpu"
                }) {
            assertTrue(display.toString().contains(what), what + " in " + display);
            assertTrue(display.data().get("text/html").contains(what), what);
        }
    }

    @Test
    void takesStepsBeforeTheOneLaidOpen() throws Exception {
        assertEquals(4, step("%step trainer 4").report().step());
        assertEquals(6, step("%step 2").report().step());
    }

    @Test
    void nextStepCompilesNothing() throws Exception {
        step("%step trainer");
        long compiled = Session.current().compiled();
        step("%step trainer");
        assertEquals(compiled, Session.current().compiled());
    }

    @Test
    void moreOfTheLargestGradientsAreShownInAnOutputOfTheirOwn() throws Exception {
        assertTrue(notebook.magic("%step trainer top=2").isEmpty());
        assertEquals(2, notebook.outputs().size());
    }

    @Test
    void briefIsThePanelAndTheVerdict() throws Exception {
        notebook.cell(
                "var slow = Trainer.of(new Linear(2, 2), Loss.crossEntropy(), Sgd.of(1e-6),"
                        + " Toy.moons(64, 0.1, 1)).batchSize(16);");
        var verdict = (Display) notebook.magic("%step slow --brief").orElseThrow();
        assertTrue(notebook.outputs().get(0).data().containsKey("image/png"));
        assertEquals(1, notebook.outputs().size());
        var lines = verdict.toString().lines().toList();
        assertEquals(2, lines.size(), verdict.toString());
        assertTrue(lines.get(0).startsWith("step 1: loss "), verdict.toString());
        assertTrue(lines.get(1).startsWith("! The weights moved by less than 1e-05 of their size"));
        assertFalse(verdict.data().get("text/html").contains("<table>"));
    }

    @Test
    void zeroStepsAreRefused() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%step trainer 0"));
        assertEquals("[%step] N is 0; need 1 or more", e.getMessage());
    }

    @Test
    void withoutATrainerItSaysHowToMakeOne() {
        notebook.cell("trainer = null;");
        var e = assertThrows(JaneException.class, () -> notebook.magic("%step"));
        assertEquals(
                "[%step] no trainer; make one: var trainer = Trainer.of(model, Loss.crossEntropy(),"
                        + " Adam.of(1e-3), data)",
                e.getMessage());
    }
}
