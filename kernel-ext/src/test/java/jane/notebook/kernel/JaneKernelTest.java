package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel without sockets. One session for all tests: starting one takes a second. */
final class JaneKernelTest {
    private static final RecordingFrontend FRONTEND = new RecordingFrontend();
    private static JaneKernel kernel;

    @BeforeAll
    static void start() {
        kernel = new JaneKernel(FRONTEND, new Startup("import java.util.*;"));
        kernel.awaitSession();
    }

    private static Optional<String> run(String cell) throws Exception {
        return kernel.runCell(new CellSource("cell [1]", cell))
                .map(shown -> shown.getData(MIMEType.TEXT_PLAIN).toString());
    }

    private static CellFailure failure(String cell) {
        return assertThrows(CellFailure.class, () -> run(cell));
    }

    private static void interruptAfter(long millis) {
        new Timer(true)
                .schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                kernel.interrupt();
                            }
                        },
                        millis);
    }

    @Test
    void showsTheLastValueOnly() throws Exception {
        assertEquals(Optional.of("4"), run("1 + 1\n;2 + 2"));
        assertEquals(Optional.empty(), run("int shown = 3;"));
        assertEquals(Optional.empty(), run("shown = 4"));
        assertEquals(Optional.empty(), run("(Object) null"));
        assertEquals(Optional.of("[[1, 2], [3]]"), run("new int[][] {{1, 2}, {3}}"));
    }

    @Test
    void evaluatesInsideACell() throws Exception {
        assertEquals(
                Optional.of("42"),
                run("jane.notebook.kernel.Kernel.evalRaw(\"int inner = 42;\\ninner\")"));
        assertEquals(Optional.of("43"), run("inner + 1"));
    }

    @Test
    void definesVariablesWithTypesThatCellsCanUse() throws Exception {
        kernel.define("names", List.of("a", "b"));
        assertEquals(Optional.of("2"), run("names.size()"));
        kernel.define("count", 3);
        assertEquals(Optional.of("4"), run("int next = count + 1;\nnext"));
        kernel.define("grid", new float[2][3]);
        assertEquals(Optional.of("3"), run("grid[1].length"));
        assertEquals(Optional.of(List.of("a", "b")), kernel.variable("names"));
        assertEquals(Optional.empty(), kernel.variable("absent"));
        assertTrue(kernel.variableNames().containsAll(List.of("names", "count", "grid")));
    }

    @Test
    void assignsWithoutResettingWhatDepends() throws Exception {
        kernel.define("base", List.of(1));
        run("var dependent = new ArrayList<>(base);");
        kernel.define("base", List.of(1, 2));
        assertEquals(Optional.of("[1]"), run("dependent"));
        assertEquals(Optional.of("[1, 2]"), run("base"));
    }

    @Test
    void pointsAtTheLineOfTheCell() {
        CellFailure failure = failure("int ok = 1;\n\n// comment\nint bad = \"x\";");
        assertEquals("CompileError", failure.name());
        String text = String.join("\n", failure.lines()).replaceAll("\u001b\\[[0-9;]*m", "");
        assertEquals(
                "cell [1], line 4, column 11: incompatible types: java.lang.String cannot be"
                        + " converted to int\n"
                        + "    3 | // comment\n"
                        + "    4 | int bad = \"x\";\n"
                        + "      |           ^^^",
                text);
    }

    @Test
    void showsALineOnceHoweverManyCallsGoThroughIt() {
        String text = String.join("\n", failure("var bad = jane.tensor.Tensor.ones(-1);").lines());
        assertEquals(
                "[shape] negative dimension -1 in [-1]; need 0 or more\n"
                        + "    in jane.tensor.TensorFactory.ones\n"
                        + "    at cell [1], line 1\n"
                        + "    1 | var bad = jane.tensor.Tensor.ones(-1);",
                text.replaceAll("\u001b\\[[0-9;]*m", ""));
        text =
                String.join(
                        "\n",
                        failure("int down(int n) { return n < 0 ? 1 / 0 : down(n - 1); }\ndown(5)")
                                .lines());
        assertEquals(1, text.split("1 / 0", -1).length - 1, text);
    }

    @Test
    void stopsALoopThatNeverLooks() throws Exception {
        for (var cell :
                List.of(
                        "while (true) { }",
                        "jane.notebook.kernel.Kernel.evalRaw(\"int again = 1;\");\n"
                                + "while (true) { }",
                        "{ jane.notebook.kernel.Kernel.evalRaw(\"1\"); while (true) { } }",
                        "%time while (true) { }",
                        "Thread.sleep(100_000);")) {
            interruptAfter(300);
            CellFailure failure =
                    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> failure(cell), cell);
            assertEquals("Interrupted", failure.name(), cell);
            assertEquals(Optional.of("2"), run("1 + 1"), cell);
        }
    }

    @Test
    void asksAHookBeforeItInterrupts() throws Exception {
        CellFailure failure =
                failure(
                        "var stop = new java.util.concurrent.atomic.AtomicBoolean();\n"
                                + "int steps = 0;\n"
                                + "var kernel = jane.notebook.kernel.Kernel.current();\n"
                                + "var hook = kernel.onInterrupt(() -> { stop.set(true);"
                                + " return java.time.Duration.ofSeconds(30); });\n"
                                + "{ new Thread(kernel::interrupt).start();\n"
                                + "do { Thread.sleep(400); steps++; } while (!stop.get()); }\n"
                                + "steps = 99;");
        assertEquals("Interrupted", failure.name());
        assertEquals(Optional.of("1"), run("steps"));
        assertFalse(kernel.interrupted());
    }

    @Test
    void completesAndInspects() {
        assertEquals(
                List.of("toUpperCase("), kernel.complete("\"abc\".toUpp", 11).getReplacements());
        assertTrue(
                kernel.inspect("Math.max", 8, false)
                        .getData(MIMEType.TEXT_PLAIN)
                        .toString()
                        .contains("int Math.max(int a, int b)"));
    }

    @Test
    void knowsWhatIsComplete() {
        assertEquals("complete", kernel.isComplete("int f() {\n    return 1;\n}"));
        assertEquals("    ", kernel.isComplete("int f() {"));
        assertEquals("invalid", kernel.isComplete("foo)"));
    }
}
