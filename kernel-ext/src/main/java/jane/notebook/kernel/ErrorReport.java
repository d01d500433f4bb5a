package jane.notebook.kernel;

import jane.ir.JaneException;
import jane.notebook.kernel.JavaSession.Piece;
import jane.notebook.kernel.JavaSession.SnippetOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;

/**
 * Words errors for the notebook: where in the cell, what, and the line with a caret. Frames of
 * JShell and of the kernel are left out; an error of Jane's own family is its message and nothing
 * else.
 */
final class ErrorReport {
    private static final int MAX_FRAMES = 8;

    private ErrorReport() {}

    /** What the compiler says, each problem with its line of the cell and a caret under it. */
    static CellFailure compile(Piece piece, List<Diag> diagnostics, int offset) {
        List<String> lines = new ArrayList<>();
        String first = "";
        for (Diag problem : diagnostics) {
            if (!problem.isError() && diagnostics.stream().anyMatch(Diag::isError)) {
                continue;
            }
            int at = offset + (int) Math.max(0, problem.getStartPosition());
            int end = offset + (int) Math.max(0, problem.getEndPosition());
            String message = message(problem);
            first = first.isEmpty() ? message.lines().findFirst().orElse("") : first;
            int line = piece.firstLine() + Lines.count(piece.java(), at);
            int column = Lines.column(piece.java(), at);
            String place = piece.cell().place(line) + ", column " + (column + 1) + ": ";
            lines.add(Ansi.place(place) + Ansi.error(message));
            lines.addAll(snippet(piece.cell(), line, column, end - at));
        }
        if (lines.isEmpty()) {
            first = "not valid Java";
            lines.add(Ansi.place(piece.cell().place(piece.firstLine()) + ": ") + Ansi.error(first));
        }
        return new CellFailure("CompileError", first, lines, null);
    }

    /** Without the location, which names the class that JShell wraps the snippet in. */
    private static String message(Diag problem) {
        return problem.getMessage(Locale.ROOT)
                .lines()
                .filter(line -> !line.strip().startsWith("location:"))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static List<String> snippet(CellSource cell, int line, int column, int length) {
        List<String> lines = new ArrayList<>();
        for (int number = Math.max(0, line - 1); number <= line; number++) {
            lines.add(String.format("%5d | %s", number + 1, cell.line(number)));
        }
        int room = Math.max(1, cell.line(line).length() - column);
        String carets = "^".repeat(Math.max(1, Math.min(length, room)));
        lines.add("      | " + " ".repeat(Math.min(column, 200)) + Ansi.error(carets));
        return lines;
    }

    /** What user code threw: the error, where in the cells, and its causes. */
    static CellFailure runtime(
            JShellException translated,
            Optional<Throwable> thrown,
            Map<String, SnippetOrigin> origins,
            JShell shell) {
        if (translated instanceof UnresolvedReferenceException unresolved) {
            return unresolved(unresolved.getSnippet(), shell);
        }
        if (thrown.isPresent() && thrown.get() instanceof CellFailure failure) {
            return failure; // of code that the cell evaluated in turn
        }
        if (thrown.isPresent() && thrown.get() instanceof JaneException jane) {
            List<String> lines = new ArrayList<>(List.of(Ansi.error(jane.getMessage())));
            lines.addAll(frames(translated.getStackTrace(), origins));
            return new CellFailure(name(jane), jane.getMessage(), lines, jane);
        }
        List<String> lines = new ArrayList<>();
        String first = "";
        String name = "";
        Throwable error = translated;
        for (int depth = 0; error != null && depth < 4; depth++) {
            String kind = error instanceof EvalException e ? e.getExceptionClassName() : "Error";
            String message = error.getMessage() == null ? "" : error.getMessage();
            name = name.isEmpty() ? simple(kind) : name;
            first = depth == 0 ? message : first;
            String head = (depth == 0 ? "" : "caused by ") + simple(kind);
            lines.add(Ansi.error(head + (message.isEmpty() ? "" : ": " + message)));
            lines.addAll(frames(error.getStackTrace(), origins));
            error = error.getCause();
        }
        return new CellFailure(name, first, lines, thrown.orElse(translated));
    }

    private static CellFailure unresolved(DeclarationSnippet snippet, JShell shell) {
        String missing = String.join(", ", shell.unresolvedDependencies(snippet).toList());
        String message = snippet.name() + " cannot be used until these are declared: " + missing;
        return new CellFailure("UnresolvedReference", message, List.of(Ansi.error(message)), null);
    }

    /**
     * The library call that failed, then each cell line on the way to it, innermost first; a line
     * that calls itself, or that JShell runs through two methods, once.
     */
    private static List<String> frames(
            StackTraceElement[] stack, Map<String, SnippetOrigin> origins) {
        List<String> lines = new ArrayList<>();
        String call = "";
        for (StackTraceElement frame : stack) {
            String file = frame.getFileName() == null ? "" : frame.getFileName();
            boolean user = file.startsWith("#");
            if (!user) {
                boolean first = lines.isEmpty() && !isPlumbing(frame);
                call = first ? frame.getClassName() + "." + frame.getMethodName() : call;
                continue;
            }
            if (lines.isEmpty() && !call.isEmpty()) {
                lines.add("    in " + call);
            }
            if (lines.size() >= MAX_FRAMES) {
                lines.add("    ...");
                break;
            }
            SnippetOrigin origin = origins.get(file.substring(1));
            List<String> place =
                    origin == null ? List.of("    in " + method(frame)) : cellFrame(frame, origin);
            int before = Math.max(0, lines.size() - place.size());
            if (!lines.subList(before, lines.size()).equals(place)) {
                lines.addAll(place);
            }
        }
        return lines;
    }

    private static List<String> cellFrame(StackTraceElement frame, SnippetOrigin origin) {
        int line = origin.firstLine() + Math.max(1, frame.getLineNumber()) - 1;
        String method = method(frame);
        String in = method.isEmpty() ? "" : " in " + method;
        List<String> lines = new ArrayList<>();
        lines.add("    at " + Ansi.place(origin.cell().place(line)) + in);
        lines.add(String.format("%5d | %s", line + 1, origin.cell().line(line)));
        return lines;
    }

    private static String method(StackTraceElement frame) {
        String type = frame.getClassName();
        String method = frame.getMethodName();
        String name = type.isEmpty() ? method : type + "." + method;
        return name.startsWith("do_it$") ? "" : name.replaceAll("lambda\\$[\\w$]+", "a lambda");
    }

    private static boolean isPlumbing(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("REPL.")
                || type.startsWith("jdk.internal.reflect.")
                || type.startsWith("java.lang.reflect.")
                || type.startsWith("jdk.jshell.")
                || type.startsWith("jane.notebook.kernel.");
    }

    /** What a magic or a renderer threw. */
    static CellFailure magic(Throwable thrown) {
        if (thrown instanceof CellFailure failure) {
            return failure;
        }
        if (thrown instanceof JaneException && thrown.getCause() instanceof CellFailure failure) {
            return failure; // of code that a magic evaluated
        }
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        List<String> lines = new ArrayList<>();
        if (thrown instanceof JaneException) {
            lines.add(Ansi.error(message));
            return new CellFailure(name(thrown), message, lines, thrown);
        }
        lines.add(Ansi.error(name(thrown) + (message.isEmpty() ? "" : ": " + message)));
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (lines.size() <= MAX_FRAMES && !isPlumbing(frame)) {
                lines.add("    at " + frame);
            }
        }
        return new CellFailure(name(thrown), message, lines, thrown);
    }

    private static String name(Throwable thrown) {
        return simple(thrown.getClass().getName());
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    }
}
