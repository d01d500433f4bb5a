package jane.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WorkspaceTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @Test
    void variableThatJShellResetsGetsItsValueBack() {
        notebook.cell(
                "class Twice extends Layer { public Tensor forward(Tensor x) { return x; } }");
        notebook.cell("var model = new Twice();");
        var model = notebook.variable("model").orElseThrow();
        notebook.eval(
                "class Twice extends Layer { public Tensor forward(Tensor x) { return x.mul(2); }"
                        + " }");
        assertEquals(Optional.empty(), notebook.variable("model"), "JShell resets it");
        assertEquals(List.of("model"), notebook.workspace().remember(notebook));
        assertSame(model, notebook.variable("model").orElseThrow());
    }

    @Test
    void variableGivenAnotherValueKeepsThat() {
        notebook.cell("Tensor t = Tensor.ones(2);");
        notebook.cell("t = Tensor.zeros(3);");
        assertEquals(List.of(), notebook.workspace().remember(notebook));
        assertEquals(3, notebook.cell("t.shape().size()").orElseThrow());
    }

    @Test
    void variableSetToNullOnPurposeStaysNull() {
        notebook.cell("Tensor t = Tensor.ones(2);");
        notebook.cell("t = null;");
        assertEquals(Optional.empty(), notebook.variable("t"));
        assertEquals(Optional.empty(), notebook.workspace().find(notebook, "t"));
    }

    @Test
    void nameThatBecomesSomethingElseIsNotKept() {
        notebook.cell("var t = Tensor.ones(2);");
        notebook.cell("var t = \"text\";");
        assertEquals("text", notebook.workspace().find(notebook, "t").orElseThrow());
        assertTrue(notebook.workspace().names(jane.tensor.Tensor.class).isEmpty());
    }
}
