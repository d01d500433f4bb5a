package jane.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.Jane;
import jane.engine.Engines;
import jane.engine.power.Pacing;
import jane.ir.JaneException;
import jane.tensor.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MagicsTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @Test
    void everyMagicExplainsItselfAndItsJavaTwin() {
        for (var magic : notebook.magics().all()) {
            var help = notebook.magics().help(magic.name());
            assertTrue(help.startsWith("%"), help);
            assertFalse(magic.summary().isBlank());
            if (!magic.name().equals("lsmagic")) {
                assertTrue(magic.details().contains("In Java: "), magic.name());
            }
        }
    }

    @Test
    void helpIsGivenInsteadOfRunning() throws Exception {
        var help = (String) notebook.magic("%tensor --help").orElseThrow();
        assertTrue(help.startsWith("%tensor x = KIND SHAPE | x = JAVA | x [options]"), help);
        assertEquals(0, notebook.variables().size());
    }

    @Test
    void allMagicsAreListed() throws Exception {
        var list = Renderers.render(notebook.magic("%lsmagic").orElseThrow()).orElseThrow();
        for (var name :
                new String[] {
                    "%jane",
                    "%lsmagic",
                    "%seed",
                    "%tensor",
                    "%%tensor",
                    "%%layer",
                    "%summary",
                    "%step",
                    "%train",
                    "%%train",
                    "%chart",
                    "%mil",
                    "%graph"
                }) {
            assertTrue(list.toString().contains(name + " "), name);
        }
    }

    @Test
    void unknownOptionNamesTheNearest() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%train t epoch=3"));
        assertEquals(
                "[%train] unknown option epoch=3 (did you mean epochs?); need one of"
                        + " [epochs, steps, title]",
                e.getMessage());
    }

    @Test
    void unknownMagicNamesTheNearest() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%tenser x"));
        assertTrue(
                e.getMessage().startsWith("[%tenser] unknown magic (did you mean %tensor?)"),
                e.getMessage());
    }

    @Test
    void seedMakesRandomNumbersRepeat() throws Exception {
        notebook.magic("%seed 7");
        var first = notebook.cell("Tensor.randn(3).sum().item()");
        assertEquals(7L, notebook.magic("%seed 7").orElseThrow());
        assertEquals(first, notebook.cell("Tensor.randn(3).sum().item()"));
    }

    @Test
    void seedThatIsNoNumberIsRefused() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%seed seven"));
        assertEquals("[%seed] \"seven\" is no seed; need a whole number", e.getMessage());
    }

    @Test
    void janeShowsAndSetsTheEngine() throws Exception {
        var status = notebook.magic("%jane use cpu threads=1").orElseThrow();
        var text = Renderers.render(status).orElseThrow().toString();
        assertTrue(text.contains("1 thread"), text);
        assertTrue(text.contains("programs compiled"), text);
    }

    @Test
    void moreThreadsThanAnEngineCanHaveAreRefusedAndChangeNothing() throws Exception {
        notebook.magic("%jane use cpu threads=1");
        for (var line :
                List.of("%jane use cpu threads=100000", "%profile model 1x2 threads=100000")) {
            notebook.cell("var model = new Linear(2, 2);");
            var e = assertThrows(JaneException.class, () -> notebook.magic(line));
            assertTrue(
                    e.getMessage().startsWith("[engine] 100000 threads; need 1 to "),
                    e::getMessage);
        }
        assertTrue(Jane.engine().endsWith(", 1 threads"), Jane::engine);
    }

    @Test
    void janeSaysWhichTrainersStayOnAnotherEngine() throws Exception {
        notebook.cell(
                "var begun = Trainer.of(new Linear(2, 2), Loss.crossEntropy(), Sgd.of(0.1),"
                        + " Toy.moons(8, 0.1, 1)); begun.steps(1);");
        notebook.cell(
                "var idle = Trainer.of(new Linear(2, 2), Loss.crossEntropy(), Sgd.of(0.1),"
                        + " Toy.moons(8, 0.1, 1));");
        var status = notebook.magic("%jane use cpu threads=1").orElseThrow();
        var text = Renderers.render(status).orElseThrow().toString();
        assertTrue(text.contains("begun (stays on cpu), idle"), text);
        notebook.cell("idle.batchSize(4);"); // looking does not begin it
    }

    @Test
    void janeShowsAndSetsThePace() throws Exception {
        try {
            var status =
                    notebook.magic("%jane duty=0.5 battery=pause lowpower=pause heat=critical");
            var text = Renderers.render(status.orElseThrow()).orElseThrow().toString();
            assertTrue(
                    text.contains(
                            "50.0 % of the time; pauses on battery, in low-power mode, from heat"
                                    + " critical on"),
                    text);
            notebook.magic("%jane battery=run lowpower=run heat=run");
            assertEquals(Pacing.NONE.dutyCycle(0.5), Session.current().pacer().pacing());
            assertTrue(text.contains("low-power mode"), text);
        } finally {
            Session.current().pace(Pacing.NONE);
        }
    }

    @Test
    void janeRefusesAPaceThatIsNone() {
        refused("%jane duty=half", "[%jane] duty=half; need a share such as 0.5");
        refused("%jane duty=2", "[pacing] duty cycle 2.0; need a share above 0 and up to 1");
        refused("%jane battery=no", "[%jane] battery=no; need battery=pause or battery=run");
        refused("%jane heat=warm", "[%jane] heat=warm; need fair, serious, critical or run");
        refused(
                "%jane qos=utility",
                "[engine] cpu has no quality of service, asked for utility; need ane or"
                        + " ane:inprocess on a Mac");
        assertEquals(Pacing.NONE, Session.current().pacer().pacing());
    }

    private void refused(String line, String message) {
        var e = assertThrows(JaneException.class, () -> notebook.magic(line));
        assertEquals(message, e.getMessage());
    }

    @Test
    void janeRefusesAnUnknownEngine() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%jane use gpu"));
        assertEquals(
                "[engine] unknown engine 'gpu'; need one of " + Engines.names(), e.getMessage());
    }

    @Test
    void janeRefusesAnUnknownWord() {
        var e = assertThrows(JaneException.class, () -> notebook.magic("%jane trase on"));
        assertEquals(
                "[%jane] cannot read \"trase on\" (did you mean trace?); need nothing, use ENGINE,"
                        + " or trace on|off",
                e.getMessage());
    }
}
