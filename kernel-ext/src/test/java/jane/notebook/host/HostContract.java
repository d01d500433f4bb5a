package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a person at a notebook sees of Jane in a host; the same in each of them. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostContract {
    private HostDriver host;

    /** A running host in which Jane is installed. */
    abstract HostDriver start() throws Exception;

    /** As {@code %jane} has it. */
    abstract String name();

    @BeforeAll
    void startHost() throws Exception {
        host = start();
    }

    @AfterAll
    void stopHost() {
        host.close();
    }

    /** Runs a cell that must not fail. */
    final Ran run(String cell) {
        var ran = host.run(cell);
        assertEquals(List.of(), ran.error(), cell);
        return ran;
    }

    /** Runs a cell that shows one thing, by itself or as the cell's result. */
    private JsonObject bundle(String cell) {
        var ran = run(cell);
        assertEquals(1, ran.displays().size() + ran.results().size(), cell);
        return (ran.displays().isEmpty() ? ran.results() : ran.displays()).get(0);
    }

    private String shown(String cell) {
        return Ran.text(bundle(cell));
    }

    private void trainer(String name) {
        run(
                "var "
                        + name
                        + " = Trainer.of(new Sequential(new Linear(2, 4), new GELU(), new Linear(4,"
                        + " 2)), Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64, 0.1, 1))"
                        + ".batchSize(16);");
    }

    @Test
    void janeNamesTheHost() {
        var status = shown("%jane");
        assertTrue(status.matches("(?s).*\nnotebook +" + name() + " *\n.*"), status);
    }

    @Test
    void magicMakesATensorThatJavaSees() {
        assertTrue(shown("%tensor x = full 2 3 value=7").startsWith("tensor([[7.0, 7.0, 7.0],"));
        assertEquals("[2, 3]", Ran.text(run("x.shape()").results().get(0)));
    }

    @Test
    void valueOfJaneThatEndsACellIsAPicture() {
        var result = run("Tensor.ones(2)").results().get(0);
        assertTrue(Ran.text(result).startsWith("tensor([1.0, 1.0]"), Ran.text(result));
        assertTrue(result.getAsJsonObject("data").has("text/html"));
    }

    @Test
    void valueOfNoneOfJaneStaysTheHosts() {
        var result = run("List.of(1, 2)").results().get(0);
        assertEquals("[1, 2]", Ran.text(result));
        assertEquals(1, result.getAsJsonObject("data").size());
    }

    @Test
    void assignedValueIsNotShown() {
        var ran = run("Tensor made = %tensor ones 2");
        assertEquals(List.of(), ran.displays());
        assertEquals("[2]", Ran.text(run("made.shape()").results().get(0)));
    }

    @Test
    void magicTakesAVariableOfJava() {
        run("float[] measured = {1, 2, 3};");
        var chart = bundle("%chart line measured title=\"As measured\"");
        assertTrue(Ran.text(chart).startsWith("Line chart \"As measured\""), Ran.text(chart));
        var alt = chart.getAsJsonObject("metadata").getAsJsonObject("image/png").get("alt");
        assertTrue(alt.getAsString().startsWith("Line chart"), alt.getAsString());
    }

    @Test
    void cellMagicDefinesALayer() {
        var layer =
                "%%layer Gated(int in, int out)\n"
                        + "param w = Init.uniform(in, in, out);\n"
                        + "layer gate = new Linear(in, out);\n"
                        + "return x.matmul(w).mul(gate.apply(x).sigmoid());";
        assertEquals("Gated(int in, int out) is a layer now: param w, layer gate", shown(layer));
        run("var gated = new Sequential(new Gated(2, 3));");
        assertTrue(shown("%summary gated 5x2").contains("[5, 3]"));
        assertTrue(shown(layer.replace("mul(gate", "add(gate")).contains("version 2"));
    }

    @Test
    void compileErrorInALayerIsOneLineWithItsPlace() {
        var ran = host.run("%%layer Bad(int in)\nvar y = 1;\nreturn x.matmul(nothing);");
        assertEquals(
                List.of(
                        "[%%layer Bad, line 3, column 17] cannot find symbol, symbol: variable"
                                + " nothing; in \"return x.matmul(nothing);\""),
                ran.error());
    }

    @Test
    void stepShowsWhatItDid() {
        trainer("stepped");
        var displays = run("%step stepped").displays();
        assertTrue(Ran.text(displays.get(0)).startsWith("step 1: loss"), displays.toString());
    }

    @Test
    void trainingIsOneOutputThatIsReplaced() {
        trainer("trained");
        var ran = run("Run run = %train trained epochs=3");
        assertEquals(1, ran.displays().size());
        var last = ran.updates().get(ran.updates().size() - 1);
        assertEquals(Ran.id(ran.displays().get(0)), Ran.id(last));
        assertTrue(Ran.text(last).startsWith("finished at step 12"), Ran.text(last));
        assertEquals("12", Ran.text(run("run.steps()").results().get(0)));
    }

    @Test
    void interruptEndsTrainingAtAStepAndTheNextMagicShowsWhere() throws Exception {
        trainer("endless");
        var ran = new Ran();
        var cell =
                CompletableFuture.runAsync(() -> host.run("%train endless steps=100000000", ran));
        ran.awaitDisplay();
        host.interrupt();
        cell.get(200, TimeUnit.SECONDS);
        assertEquals(
                List.of(
                        "[%train] interrupted; training ends with the step under way, and the same"
                                + " cell goes on from there"),
                ran.error());
        var next = run("%train endless steps=2");
        var id = Ran.id(ran.displays().get(0));
        var late = next.updates().stream().filter(update -> Ran.id(update).equals(id)).toList();
        var last = Ran.text(late.get(late.size() - 1));
        assertTrue(last.startsWith("interrupted at step "), last);
    }

    @Test
    void errorOfAMagicIsOneLine() {
        assertEquals(
                List.of(
                        "[%tensor] unknown option sed=1 (did you mean seed?); need one of [seed,"
                                + " dtype, value, low, high, as]"),
                host.run("%tensor z = randn 2 sed=1").error());
    }

    @Test
    void errorOfJaneInPlainJavaIsItsLineAndTheCellsLine() {
        var error = host.run("int two = 2;\nTensor.ones(2)\n   .add(Tensor.ones(3))").error();
        assertEquals(2, error.size(), error.toString());
        assertTrue(error.get(0).startsWith("[add] shapes [2] and [3]"), error.toString());
    }

    @Test
    void errorOfNoneOfJaneStaysTheHosts() {
        var error = host.run("Integer.parseInt(\"x\")").error();
        assertTrue(String.join("\n", error).contains("NumberFormatException"), error.toString());
    }

    @Test
    void failedMagicEndsTheCell() {
        host.run("int reached = 0;");
        host.run("%tensor nothing\nreached = 1;");
        assertEquals("0", Ran.text(run("reached").results().get(0)));
    }

    @Test
    void lineMagicOnACellSaysSo() {
        assertEquals(
                List.of(
                        "[%%jane] is a line magic, used on a whole cell; need %jane with one"
                                + " percent sign"),
                host.run("%%jane\nmore").error());
    }

    @Test
    void questionMarkGivesHelp() {
        assertTrue(shown("%train?").startsWith("%train [TRAINER] [options]"));
        assertTrue(shown("%train --help").startsWith("%train [TRAINER] [options]"));
    }

    @Test
    void valueThatJShellForgotIsGivenBack() {
        var twice = "class Twice extends Layer { public Tensor forward(Tensor x) { return x; } }";
        run(twice);
        run("var still = new Twice();");
        run("%jane");
        run(twice.replace("return x", "return x.mul(2)"));
        assertFalse(host.run("still.describe()").error().isEmpty(), "JShell has lost it");
        run("%jane");
        assertEquals("Twice", Ran.text(run("still.describe()").results().get(0)));
    }

    @Test
    void valueThatTheUserLetGoStaysAway() {
        run("%tensor gone = ones 2");
        run("gone = null;");
        assertEquals(
                List.of("[%tensor] variable gone is null; need a value: assign it first"),
                host.run("%tensor gone").error());
    }

    @Test
    void magicInALoopRunsEachTime() {
        run("%tensor counted = ones 1");
        run("for (int i = 0; i < 3; i++) {\n    %tensor counted = counted.mul(2)\n}");
        assertTrue(shown("%tensor counted").startsWith("tensor([8.0]"));
    }

    @Test
    void secondInstallationDoesNoHarm() {
        var said = Ran.text(run("jane.notebook.Install.here()").results().get(0));
        assertEquals("Jane is in " + name() + " already; %lsmagic lists its magics", said);
        assertTrue(shown("%lsmagic").startsWith("Magics"));
    }
}
