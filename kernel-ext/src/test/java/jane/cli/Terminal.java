package jane.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs command lines as {@code jane} does, and keeps what the last one printed. */
final class Terminal {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** The exit code. */
    int jane(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    String out() {
        return out.toString();
    }

    /** Without the end of the last line. */
    String err() {
        return err.toString().stripTrailing();
    }
}
