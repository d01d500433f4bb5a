package jane.notebook.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;

/**
 * What is imported before the first cell. All imports are handed to JShell as one snippet: one by
 * one they cost three times as long.
 *
 * @param imports import declarations, one a line
 */
record Startup(String imports) {
    private static final String RESOURCE = "startup.jshell";

    /** The imports that ship with the kernel. */
    static Startup shipped() {
        try (InputStream in = Startup.class.getResourceAsStream(RESOURCE)) {
            return new Startup(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException("resource " + RESOURCE + " is unreadable", unreadable);
        }
    }

    /**
     * Runs the imports; if the one snippet is refused, line by line, and says which line is wrong.
     */
    void run(JavaSession session) {
        if (imports.isBlank() || accepted(session, imports.strip()).isEmpty()) {
            return;
        }
        imports.lines()
                .filter(line -> !line.isBlank())
                .forEach(
                        line ->
                                accepted(session, line)
                                        .ifPresent(
                                                why ->
                                                        System.err.println(
                                                                line + " refused: " + why)));
    }

    /** Empty if accepted, else why not. */
    private static Optional<String> accepted(JavaSession session, String code) {
        for (SnippetEvent event : session.shell().eval(code)) {
            if (event.status() == Status.REJECTED) {
                return session.shell()
                        .diagnostics(event.snippet())
                        .map(problem -> problem.getMessage(java.util.Locale.ROOT))
                        .findFirst();
            }
        }
        return Optional.empty();
    }
}
