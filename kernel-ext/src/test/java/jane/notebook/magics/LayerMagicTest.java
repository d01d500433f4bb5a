package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.nn.Layer;
import jane.notebook.RecordingNotebook;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class LayerMagicTest {
    private static final String GATED =
            """
            %%layer Gated(int in, int out)
            // how much of each product passes
            param w = Tensor.ones(in, out);
            layer gate = new Linear(in, out); // learned
            var h = x.matmul(w);
            return h.mul(gate.apply(x).sigmoid());\
            """;

    private final RecordingNotebook notebook = new RecordingNotebook();

    private Object define(String cell) throws Exception {
        return notebook.magic(cell).orElseThrow();
    }

    private String error(String cell) {
        return assertThrows(JaneException.class, () -> notebook.magic(cell)).getMessage();
    }

    @Test
    void becomesAClassThatJavaCanUseAtOnce() throws Exception {
        assertEquals("Gated(int in, int out) is a layer now: param w, layer gate", define(GATED));
        var model = (Layer) notebook.cell("new Sequential(new Gated(2, 3), new ReLU())").get();
        assertEquals(
                "[gated1.w, gated1.gate.weight, gated1.gate.bias]",
                model.parameters().keySet().toString());
        assertEquals(
                "[5, 3]",
                notebook.cell("new Gated(2, 3).apply(Tensor.ones(5, 2)).eval().shape()")
                        .get()
                        .toString());
    }

    @Test
    void anotherBodyLeavesOldObjectsAndVariablesAlone() throws Exception {
        define(GATED);
        notebook.cell("var old = new Gated(2, 2);");
        var before = notebook.variable("old").orElseThrow();
        assertEquals(
                "Gated(int in, int out) has a new body, version 2, without parameters; objects made"
                        + " before keep theirs",
                define("%%layer Gated(int in, int out)\nreturn x.mul(in * out);"));
        assertSame(before, notebook.variable("old").orElseThrow());
        assertEquals(10L, notebook.cell("old.parameterCount()").get());
        assertEquals(60.0, notebook.cell("new Gated(2, 3).apply(Tensor.of(10)).item()").get());
    }

    @Test
    void anotherSignatureReplacesTheClass() throws Exception {
        define("%%layer Scale(double by)\nreturn x.mul(by);");
        notebook.cell("Layer twice = new Scale(2);");
        define("%%layer Scale(double by, double plus)\nreturn x.mul(by).add(plus);");
        assertEquals(7.0, notebook.cell("new Scale(2, 1).apply(Tensor.of(3)).item()").get());
        assertEquals(6.0, notebook.cell("twice.apply(Tensor.of(3)).item()").get());
    }

    @Test
    void parameterTypesMayBeAnything() throws Exception {
        define(
                "%%layer Pick(List<Integer> sizes, String name, int... more)\n"
                        + "return x.mul(sizes.size() + more.length);");
        assertEquals(
                4.0,
                notebook.cell("new Pick(List.of(1), \"a\", 1, 2, 3).apply(Tensor.of(1)).item()")
                        .get());
    }

    @Test
    void stateIsKeptButNotTrained() throws Exception {
        define("%%layer Shift()\nstate by = Tensor.of(1, 2);\nreturn x.add(by);");
        var layer = (Layer) notebook.cell("new Shift()").get();
        assertEquals(0, layer.parameterCount());
        assertEquals("[by]", layer.parameters().keySet().toString());
    }

    @Test
    void compilerPointsIntoTheBody() {
        assertEquals(
                "[%%layer Bad, line 4, column 8] cannot find symbol, symbol: method foo(); in"
                        + " \"return h.foo();\"",
                error(
                        "%%layer Bad(int in)\nparam w = Tensor.ones(in, in);\n"
                                + "var h = x.matmul(w);\nreturn h.foo();"));
        assertTrue(notebook.cell("1 + 1").isPresent(), "the session goes on");
    }

    @Test
    void compilerPointsIntoAParameterLine() {
        assertEquals(
                "[%%layer Bad, line 3, column 12] cannot find symbol, symbol: method oens(int,int);"
                        + " in \"param w = Tensor.oens(in, in);\"",
                error(
                        "%%layer Bad(int in)\nparam v = Tensor.ones(2); // one\n"
                                + " param w = Tensor.oens(in, in);\nreturn x.matmul(w);"));
    }

    @Test
    void unknownNameInTheBodyIsAnErrorAtOnce() {
        assertEquals(
                "[%%layer Bad, line 2, column 14] cannot find symbol, symbol: variable weight; in"
                        + " \"return x.mul(weight);\"",
                error("%%layer Bad()\nreturn x.mul(weight);"));
    }

    @Test
    void brokenHeadsAndBodiesAreNamed() {
        assertEquals(
                "[%%layer] cannot read \"Gated int in\"; need a name and constructor parameters, as"
                        + " in Gated(int in, int out)",
                error("%%layer Gated int in\nreturn x;"));
        assertEquals(
                "[%%layer G] cannot read the parameter \"in\"; need a type and a name, as in int"
                        + " in",
                error("%%layer G(in)\nreturn x;"));
        assertEquals(
                "[%%layer G] the body returns nothing; need return EXPR; as its last statement,"
                        + " with x as the input",
                error("%%layer G()\nx.add(1); // return later"));
        assertEquals(
                "[%%layer G, line 2] \"param w\" does not end; need a semicolon",
                error("%%layer G()\nparam w = Tensor.ones(2)\nreturn x"));
        assertEquals(
                "[%%layer G, line 2] \"param w\" does not end; need a semicolon",
                error("%%layer G()\nparam w = Tensor.ones(2)\nreturn x.mul(w);"));
        assertEquals(
                "[%%layer G, line 2] \"param w\" does not end; need a semicolon",
                error("%%layer G()\nparam w = Tensor.ones(2)\nparam b = w;\nreturn x.mul(w);"));
        assertEquals(
                "[%%layer G, line 3] \"param\" comes after a statement; need all param, state and"
                        + " layer lines first",
                error("%%layer G()\nvar y = x.add(1);\nparam w = Tensor.ones(2);\nreturn y;"));
        assertEquals(
                "[%%layer G, line 3] param w is the second of that name; need one each",
                error(
                        "%%layer G()\n"
                                + "param w = Tensor.ones(2);\n"
                                + "param w = Tensor.ones(3);\n"
                                + "return x;"));
    }

    @Test
    void failedCellLeavesTheOldLayer() throws Exception {
        define("%%layer Same()\nreturn x;");
        error("%%layer Same()\nreturn y;");
        assertEquals(3.0, notebook.cell("new Same().apply(Tensor.of(3)).item()").get());
    }

    @Test
    void wrongShapeNamesTheLayerAndBothShapes() throws Exception {
        define(GATED);
        notebook.cell("var g = new Gated(2, 3);");
        var e =
                assertThrows(
                        JaneException.class, () -> notebook.cell("g.apply(Tensor.ones(5, 4))"));
        assertTrue(
                e.getMessage()
                        .contains(
                                "[Gated(2, 3)] an input of shape [5, 4] does not fit: [matmul]"
                                        + " inner dims differ: x [5, 4] has 4, y [2, 3] has 2"),
                e.getMessage());
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_19, disabledReason = "later JDKs need the kernel's own stop")
    void bodyThatNeverReturnsCanBeStopped() throws Exception {
        define("%%layer Endless()\nwhile (x.shape().rank() >= 0) { }\nreturn x;");
        var caller = new Thread(() -> notebook.eval("new Endless().apply(Tensor.of(1));"));
        caller.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (caller.isAlive() && System.nanoTime() < end) {
            notebook.halt();
            caller.join(50);
        }
        assertFalse(caller.isAlive());
        assertEquals(2, notebook.cell("1 + 1").get());
    }
}
