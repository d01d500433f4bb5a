package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "fail")
    private record Failing(RuntimeException error) implements Runnable {
        @Override
        public void run() {
            throw error;
        }
    }

    @Command(name = "full")
    private static final class Full implements Runnable {
        @Override
        public void run() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void aFullMemoryIsALineAndNoStack() {
        assertEquals(1, jane(new Full()).execute("full"));
        assertTrue(
                err.toString()
                        .matches(
                                "\\[jane] out of memory, of which Java takes \\d+ MiB at most: Java"
                                        + " heap space; need less, or more: java -Xmx8g -jar"
                                        + " \\.\\.\\.\\R"),
                err::toString);
    }

    /** Settings reach only the subcommands that are there already, so they come last. */
    private CommandLine jane(Object... more) {
        CommandLine jane = Main.commandLine();
        for (Object command : more) {
            jane.addSubcommand(command);
        }
        return jane.setExecutionExceptionHandler(jane.getExecutionExceptionHandler())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }

    @Test
    void everyCommandHasHelp() {
        var commands = Main.commandLine().getSubcommands().keySet();
        assertTrue(commands.contains("doctor"), commands.toString());
        for (String command : commands) {
            out.getBuffer().setLength(0);
            assertEquals(0, jane().execute(command, "--help"), command);
            assertTrue(out.toString().startsWith("Usage: jane " + command), out.toString());
        }
    }

    @Test
    void versionIsTheBuildsOwn() {
        assertEquals(0, jane().execute("--version"));
        assertTrue(
                out.toString().matches("(?s)jane \\d+\\.\\d+\\.\\d+\\S*\\Rjava \\d.*"),
                out::toString);
    }

    @Test
    void noCommandOrAnUnknownOneIsAUsageError() {
        assertEquals(2, jane().execute());
        assertTrue(err.toString().startsWith("[jane] no command given; need one"), err::toString);
        err.getBuffer().setLength(0);
        assertEquals(2, jane().execute("dance"));
        assertTrue(
                err.toString().startsWith("Unmatched argument at index 0: 'dance'"), err::toString);
        assertEquals(2, jane().execute("doctor", "--cure"));
    }

    @Test
    void ourErrorsPrintTheMessageAndNoStack() {
        var error = new JaneException("matmul", "inner dims differ: %d, %d", 3, 4);
        assertEquals(1, jane(new Failing(error)).execute("fail"));
        assertEquals("[matmul] inner dims differ: 3, 4" + System.lineSeparator(), err.toString());
    }

    @Test
    void aBugPrintsItsStack() {
        var bug = new IllegalStateException("cannot be");
        assertEquals(1, jane(new Failing(bug)).execute("fail"));
        assertTrue(
                err.toString().startsWith("[jane] internal error in fail; please report:"),
                err::toString);
        assertTrue(err.toString().contains("at " + MainTest.class.getName()), err::toString);
    }
}
