package jane.notebook.kernel;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * The Java of a session: JShell in this process, snippet by snippet, with values and exceptions as
 * objects and positions in terms of the cell.
 */
final class JavaSession implements AutoCloseable {
    private final SnippetControl control;
    private final JShell shell;
    private final Map<String, SnippetOrigin> origins = new ConcurrentHashMap<>();
    private final Set<String> reset = new LinkedHashSet<>(); // of the cell's thread

    /** Where a snippet stands: its cell, and the line there that its own first line is. */
    record SnippetOrigin(CellSource cell, int firstLine) {}

    /** A piece of Java in a cell: its text, and the cell's line that it starts on, from 0. */
    record Piece(CellSource cell, String java, int firstLine) {}

    JavaSession(SnippetControl control) {
        this.control = control;
        this.shell =
                JShell.builder()
                        .executionEngine(new Provider(control), Map.of())
                        .compilerOptions("--class-path", absoluteClassPath())
                        .build();
    }

    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Hands JShell the one control of this session. */
    private record Provider(SnippetControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "jane";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return control;
        }
    }

    /** JShell's analysis; for {@link Completer} and {@link Inspector}. */
    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    JShell shell() {
        return shell;
    }

    /**
     * Runs all snippets of a piece in order.
     *
     * @return the last snippet's value if that was an expression, else empty
     */
    Optional<Object> run(Piece piece) throws CellFailure {
        Optional<Object> result = Optional.empty();
        String rest = piece.java();
        while (!rest.isBlank()) {
            String code = rest;
            CompletionInfo info = shielded(() -> analysis().analyzeCompletion(code));
            String snippet = rest;
            String remaining = "";
            switch (info.completeness()) {
                case EMPTY:
                    return result;
                case COMPLETE:
                case COMPLETE_WITH_SEMI:
                    snippet = info.source();
                    remaining = info.remaining();
                    break;
                default: // what is left is wrong or unfinished: the compiler words it best
                    break;
            }
            String stripped = snippet.stripLeading(); // JShell counts lines from the first word on
            int offset =
                    piece.java().length() - rest.length() + snippet.length() - stripped.length();
            result = runSnippet(piece, stripped, offset);
            rest = remaining;
        }
        return result;
    }

    private Optional<Object> runSnippet(Piece piece, String snippet, int offset)
            throws CellFailure {
        int line = piece.firstLine() + Lines.count(piece.java(), offset);
        List<SnippetEvent> events = shielded(() -> shell.eval(snippet));
        Optional<Object> result = Optional.empty();
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null) {
                origins.put(event.snippet().id(), new SnippetOrigin(piece.cell(), line));
                check(piece, event, offset);
                result = value(event);
            } else {
                noteReset(event);
            }
        }
        return result;
    }

    private static <T> T shielded(Supplier<T> work) {
        return CellThread.shielded(work);
    }

    private void check(Piece piece, SnippetEvent event, int offset) throws CellFailure {
        Snippet snippet = event.snippet();
        if (event.status() == Status.REJECTED) {
            throw ErrorReport.compile(piece, shell.diagnostics(snippet).toList(), offset);
        }
        if (event.exception() != null) {
            throw ErrorReport.runtime(event.exception(), control.takeThrown(), origins, shell);
        }
        if (CellThread.currentMustStop()) {
            throw CellFailure.interrupted(control.takeThrown().orElse(null));
        }
        boolean waits =
                event.status() == Status.RECOVERABLE_DEFINED
                        || event.status() == Status.RECOVERABLE_NOT_DEFINED;
        if (waits && snippet instanceof DeclarationSnippet declaration) {
            System.err.printf(
                    "%s is declared, but cannot be used until these are: %s%n",
                    declaration.name(),
                    shell.unresolvedDependencies(declaration).collect(Collectors.joining(", ")));
        }
    }

    private Optional<Object> value(SnippetEvent event) {
        Optional<Object> value = Optional.ofNullable(control.takeValue());
        switch (event.snippet().subKind()) {
            case VAR_VALUE_SUBKIND:
            case OTHER_EXPRESSION_SUBKIND:
            case TEMP_VAR_EXPRESSION_SUBKIND:
                return value;
            default:
                return Optional.empty();
        }
    }

    /** JShell sets a variable back to null when a class it mentions changes. */
    private void noteReset(SnippetEvent event) {
        boolean wasSet = event.previousStatus() == Status.VALID && event.status() != Status.DROPPED;
        if (wasSet && event.snippet() instanceof VarSnippet variable && event.isSignatureChange()) {
            reset.add(variable.name());
        }
    }

    /** The variables that JShell set back to null since the last call. */
    Set<String> takeReset() {
        Set<String> taken = new LinkedHashSet<>(reset);
        reset.clear();
        return taken;
    }

    /** The value of the variable of that name; empty if there is none or it is null. */
    Optional<Object> variable(String name) {
        return shielded(
                () -> {
                    Optional<VarSnippet> snippet = declared(name);
                    snippet.ifPresent(shell::varValue);
                    return snippet.flatMap(found -> Optional.ofNullable(control.takeVariable()));
                });
    }

    /** Whether a variable of that name exists, null or not. */
    boolean declares(String name) {
        return shielded(() -> declared(name)).isPresent();
    }

    /**
     * The names of all variables, in the order of their declaration, without {@code $1} and such.
     */
    List<String> variableNames() {
        List<String> names = new ArrayList<>();
        shielded(() -> shell.variables().toList()).stream()
                .map(VarSnippet::name)
                .filter(name -> !name.startsWith("$"))
                .forEach(names::add);
        return names;
    }

    private Optional<VarSnippet> declared(String name) {
        return shell.variables()
                .filter(variable -> variable.name().equals(name))
                .filter(variable -> shell.status(variable) == Status.VALID)
                .findFirst();
    }

    /**
     * Sets a variable, declaring it if need be. One that exists with that type, or that JShell set
     * back to null, is only assigned: a second declaration would make JShell reset all that depends
     * on it.
     */
    void define(String type, String name, Object value) throws CellFailure {
        boolean written =
                shielded(
                        () ->
                                declared(name)
                                        .filter(variable -> canHold(variable, type))
                                        .map(variable -> write(variable, value))
                                        .orElse(false));
        if (!written) {
            assign(type, name, value);
        }
    }

    private boolean canHold(VarSnippet variable, String type) {
        shell.varValue(variable);
        boolean isNull = control.takeVariable() == null;
        return isNull || TypeNames.simple(variable.typeName()).equals(TypeNames.simple(type));
    }

    private boolean write(VarSnippet variable, Object value) {
        control.writeNext(value);
        shell.varValue(variable);
        return control.takeWritten();
    }

    private void assign(String type, String name, Object value) throws CellFailure {
        assign(type + " " + name + " = ", value, type);
    }

    /** Runs {@code left VALUE;}, where left ends in an equals sign. */
    void assign(String left, Object value) throws CellFailure {
        assign(left, value, TypeNames.of(value));
    }

    private void assign(String left, Object value, String type) throws CellFailure {
        Kernel.hand(value);
        String code = left + "(" + type + ") " + Kernel.class.getName() + ".take();";
        run(new Piece(new CellSource("assignment", code), code, 0));
    }

    /** Puts jars or folders on the session's class path. */
    void addToClassPath(String path) {
        shielded(
                () -> {
                    shell.addToClasspath(path);
                    return path;
                });
    }

    @Override
    public void close() {
        shell.close();
    }
}
