package jane.notebook.host;

import jane.ir.JaneException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;

/**
 * Sees every snippet that the host's JShell has run, since hosts tell their guests nothing of a
 * cell's end. So it knows the source that ran since the last magic, what the compiler refused, and
 * whether a magic's value stands alone or was assigned.
 */
final class CellWatch {
    /** What hosts make of a magic: {@code lineMagic(...)}, with or without the class. */
    private static final Pattern MAGIC = Pattern.compile("[\\w.]*\\b(line|cell)Magic\\s*\\(");

    /** What a host puts after a magic whose value it does not show. */
    private static final String SHOWS_NOTHING = "{}";

    private static final Pattern JANE = Pattern.compile("\\[([^\\]]+)\\] (.*)", Pattern.DOTALL);

    private final JShell shell;
    private final Consumer<Object> show;
    private final Runnable abandoned;
    private final StringBuilder sources = new StringBuilder();
    private Object value;
    private Object alone;
    private Throwable failure;
    private String refusal;
    private String java = "";
    private final Deque<String> running = new ArrayDeque<>();
    private int nested;

    /**
     * Starts to watch.
     *
     * @param show shows the value of a magic in the running cell
     * @param abandoned is run when a cell ended and left the magic running that it had called
     */
    CellWatch(JShell shell, Consumer<Object> show, Runnable abandoned) {
        this.shell = shell;
        this.show = show;
        this.abandoned = abandoned;
        shell.onSnippetEvent(this::seen);
    }

    private void seen(SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return;
        }
        note(event);
        throwIfAbandoned(event);
        throwFailure(event);
        Object shown = nested() ? null : shownBy(event);
        if (shown != null) {
            show.accept(shown);
        }
    }

    private synchronized void note(SnippetEvent event) {
        if (nested == 0) {
            sources.append(event.snippet().source()).append(";\n");
        }
        if (event.status() == Status.REJECTED) {
            refusal = refusal(event);
        } else if (event.status() == Status.RECOVERABLE_NOT_DEFINED) {
            refusal = unresolved(event);
        }
    }

    private String refusal(SnippetEvent event) {
        return shell.diagnostics(event.snippet())
                .findFirst()
                .map(problem -> placed(event.snippet().source(), problem))
                .orElse("does not compile: " + event.snippet().source());
    }

    /** The compiler's message and its place in all of the Java that Jane runs. */
    private String placed(String snippet, Diag problem) {
        var message = problem.getMessage(Locale.ROOT);
        if (problem.getStartPosition() < 0) {
            return message;
        }
        int at = Math.max(0, java.indexOf(snippet)) + (int) problem.getStartPosition();
        var before = java.substring(0, Math.min(at, java.length()));
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return String.format("line %d, column %d: %s", line, column, message);
    }

    private String unresolved(SnippetEvent event) {
        return event.snippet() instanceof DeclarationSnippet declared
                ? declared.name()
                        + " cannot be used until these are declared: "
                        + String.join(", ", shell.unresolvedDependencies(declared).toList())
                : "does not compile: " + event.snippet().source();
    }

    /** Hosts do so when they are interrupted, or their time limit is reached. */
    private void throwIfAbandoned(SnippetEvent event) {
        var magic = running();
        if (event.exception() != null && !nested() && !magic.isEmpty()) {
            abandoned.run();
            var failure =
                    new JaneException(
                            magic,
                            "interrupted; training ends with the step under way, and the same cell"
                                    + " goes on from there");
            throw new CellFailed(failure, "");
        }
    }

    private synchronized String running() {
        return running.isEmpty() ? "" : running.peek();
    }

    /** Thrown from here it leaves JShell as it is; hosts wrap only what JShell reports. */
    private void throwFailure(SnippetEvent event) {
        Throwable ofMagic = takeFailure();
        if (!(event.exception() instanceof EvalException thrown)) {
            return;
        }
        var type = thrown.getExceptionClassName();
        if (ofMagic != null && type.equals(MagicError.class.getName())) {
            throw new CellFailed(ofMagic, "");
        }
        var message = JANE.matcher(String.valueOf(thrown.getMessage()));
        if (type.startsWith("jane.") && message.matches()) {
            var failure = new JaneException(message.group(1), "%s", message.group(2));
            throw new CellFailed(failure, line(event.snippet(), thrown));
        }
    }

    /** The snippet's line that threw, for it is not in the message of a library's error. */
    private static String line(Snippet snippet, EvalException thrown) {
        var lines = snippet.source().strip().split("\n");
        return Arrays.stream(thrown.getStackTrace())
                .filter(frame -> ("#" + snippet.id()).equals(frame.getFileName()))
                .mapToInt(StackTraceElement::getLineNumber)
                .filter(line -> line >= 1 && line <= lines.length)
                .mapToObj(line -> "\n    " + lines[line - 1].strip())
                .findFirst()
                .orElse("");
    }

    private synchronized Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }

    /** The value to show now: that of a magic after which the host shows nothing. */
    private synchronized Object shownBy(SnippetEvent event) {
        var source = event.snippet().source().strip();
        Object shown = source.equals(SHOWS_NOTHING) ? alone : null;
        alone = MAGIC.matcher(source).lookingAt() ? value : null;
        value = null;
        return shown;
    }

    private synchronized boolean nested() {
        return nested > 0;
    }

    // What magics tell

    /** A magic begins, by the name that messages give it. */
    synchronized void began(String magic) {
        running.push(magic);
    }

    /** A magic ended with a value, which may be null. */
    synchronized void ended(Object result) {
        running.poll();
        value = result;
    }

    /** A magic failed. */
    synchronized void failed(Throwable why) {
        running.poll();
        failure = why;
    }

    /** What runs from now on is Jane's, not the cell's. */
    synchronized void enter(String source) {
        nested++;
        java = source;
        refusal = null;
    }

    /** The cell goes on. */
    synchronized void leave() {
        nested--;
    }

    /** Why the compiler refused the last Java that Jane ran, if it did. */
    synchronized Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The source that cells ran since the last call. */
    synchronized String takeSources() {
        var taken = sources.toString();
        sources.setLength(0);
        return taken;
    }
}
