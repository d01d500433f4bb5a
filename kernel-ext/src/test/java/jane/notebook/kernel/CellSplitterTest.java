package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CellSplitterTest {
    @Test
    void leavesJavaWhole() {
        assertEquals(
                List.of(new CellSplitter.Java("int a = 1;\na % 2", 0)),
                CellSplitter.split("int a = 1;\na % 2"));
    }

    @Test
    void findsLineMagicsBetweenJava() {
        assertEquals(
                List.of(
                        new CellSplitter.Java("int a = 1;", 0),
                        new CellSplitter.Line("", "seed", "42"),
                        new CellSplitter.Line("var h = ", "train", "t epochs=3"),
                        new CellSplitter.Java("h", 3)),
                CellSplitter.split("int a = 1;\n%seed 42;\nvar h = %train t epochs=3\nh"));
    }

    @Test
    void keepsTheTypeOfAnAssignment() {
        assertEquals(
                List.of(new CellSplitter.Line("Map<String, Run> m = ", "time", "x()")),
                CellSplitter.split("Map<String, Run> m = %time x();"));
    }

    @Test
    void takesACellMagicWithItsBody() {
        assertEquals(
                List.of(
                        new CellSplitter.Cell(
                                "layer", "Gated(int in, int out)", "param w = 1;\nreturn x;")),
                CellSplitter.split("\n%%layer Gated(int in, int out)\nparam w = 1;\nreturn x;"));
    }

    @Test
    void knowsQuestions() {
        assertEquals(List.of(new CellSplitter.Help("train")), CellSplitter.split("%train?"));
        assertEquals(List.of(new CellSplitter.Help("layer")), CellSplitter.split("%%layer?"));
        assertEquals(List.of(new CellSplitter.Help("train")), CellSplitter.split("?%train"));
    }

    @Test
    void turnsAMagicInsideBracketsIntoACall() {
        assertEquals(
                List.of(
                        new CellSplitter.Java(
                                "for (;;) {\n"
                                        + "jane.notebook.kernel.Kernel.magic(\"say\", \"\\\"hi\\\""
                                        + " \\\\n"
                                        + "\");\n"
                                        + "}",
                                0)),
                CellSplitter.split("for (;;) {\n    %say \"hi\" \\n\n}"));
    }

    @Test
    void leavesPercentInTextAndCommentsAlone() {
        for (var cell :
                List.of(
                        "String s = \"\"\"\n%seed 1\n\"\"\";",
                        "/*\n%seed 1\n*/",
                        "int r = 7\n    % 4;",
                        "String s = \"{\";\nint x = 'a' % 3;")) {
            assertEquals(List.of(new CellSplitter.Java(cell, 0)), CellSplitter.split(cell));
        }
    }

    @Test
    void bracketsInTextDoNotNest() {
        assertEquals(
                List.of(
                        new CellSplitter.Java("String s = \"{[(\"; // {", 0),
                        new CellSplitter.Line("", "seed", "1")),
                CellSplitter.split("String s = \"{[(\"; // {\n%seed 1"));
    }
}
