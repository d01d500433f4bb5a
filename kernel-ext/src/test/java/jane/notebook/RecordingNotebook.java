package jane.notebook;

import jane.ir.JaneException;
import jane.notebook.magic.MagicRegistry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** A notebook without Jupyter: a JShell in this process, and lists of what was shown. */
public final class RecordingNotebook implements Notebook, AutoCloseable {
    private static final AtomicReference<Object> HANDED = new AtomicReference<>();
    private static final String HERE = RecordingNotebook.class.getName();

    private final List<Display> outputs = new ArrayList<>();
    private final Workspace workspace = new Workspace();
    private final MagicRegistry magics = new MagicRegistry();
    private final Capturing control = new Capturing();
    private final JShell shell;
    private int updates;
    private Runnable stop = () -> {};

    /** Starts a session with Jane's imports and magics. */
    public RecordingNotebook() {
        shell =
                JShell.builder()
                        .executionEngine(new Provider(control), Map.of())
                        .compilerOptions("--class-path", absoluteClassPath())
                        .build();
        imports().forEach(shell::eval);
        Magics.register(magics, this, workspace);
    }

    /** The kernel's, its own helpers apart. */
    private static Stream<String> imports() {
        try (var in = Magics.class.getResourceAsStream("kernel/startup.jshell")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.contains("jane.notebook.kernel"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads variables as objects; JShell itself hands on only their text. */
    private static final class Capturing extends LocalExecutionControl {
        private Object last;

        @Override
        public String varValue(String className, String name)
                throws RunException, EngineTerminationException, InternalException {
            try {
                var field = findClass(className).getDeclaredField(name);
                field.setAccessible(true);
                last = field.get(null);
                return "";
            } catch (ReflectiveOperationException e) {
                throw new InternalException(e.toString());
            }
        }
    }

    private record Provider(ExecutionControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "recording";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return control;
        }
    }

    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    // What tests drive

    /** Runs a Java cell, and then what a host does after one. */
    public Optional<Object> cell(String java) {
        var value = eval(java);
        workspace.remember(this, java);
        return value;
    }

    /** Runs a {@code %line}, or a whole {@code %%cell}, and then what a host does after one. */
    public Optional<Object> magic(String cell) throws Exception {
        var lines = cell.split("\n", 2);
        boolean whole = lines[0].startsWith("%%");
        var words = lines[0].substring(whole ? 2 : 1).split(" ", 2);
        var rest = words.length > 1 ? words[1] : "";
        var value =
                whole
                        ? magics.cell(words[0], rest, lines.length > 1 ? lines[1] : "")
                        : magics.line(words[0], rest);
        workspace.remember(this, cell);
        return value;
    }

    public MagicRegistry magics() {
        return magics;
    }

    public Workspace workspace() {
        return workspace;
    }

    /** Everything shown, in order; a live output is one entry, its last state. */
    public List<Display> outputs() {
        return outputs;
    }

    /** How often a live output was replaced. */
    public int updates() {
        return updates;
    }

    /** What the person's interrupt does: asks the running work to end. */
    public void interrupt() {
        stop.run();
    }

    /** What a second interrupt does: ends snippet code where it stands. */
    public void halt() {
        shell.stop();
    }

    /** For the code that {@link #define} generates. */
    public static Object take() {
        return HANDED.getAndSet(null);
    }

    // Notebook

    @Override
    public String host() {
        return "recording";
    }

    @Override
    public void show(Display display) {
        outputs.add(display);
    }

    @Override
    public Live live(Display first) {
        outputs.add(first);
        int at = outputs.size() - 1;
        return display -> {
            outputs.set(at, display);
            updates++;
        };
    }

    @Override
    public List<String> variables() {
        return shell.variables()
                .map(VarSnippet::name)
                .filter(name -> !name.startsWith("$"))
                .toList();
    }

    @Override
    public Optional<Object> variable(String name) {
        return shell.variables()
                .filter(v -> v.name().equals(name) && shell.status(v) == Status.VALID)
                .findFirst()
                .flatMap(this::value);
    }

    private Optional<Object> value(VarSnippet variable) {
        shell.varValue(variable);
        return Optional.ofNullable(control.last);
    }

    @Override
    public void define(String type, String name, Object value) {
        HANDED.set(value);
        run(type + " " + name + " = (" + type + ") " + HERE + ".take();");
    }

    @Override
    public Optional<Object> eval(String source) {
        Optional<Object> value = Optional.empty();
        String rest = source;
        while (!rest.isBlank()) {
            var info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            boolean complete = info.completeness().isComplete();
            var snippet = complete ? info.source() : rest;
            value = run(snippet);
            rest = complete ? info.remaining() : "";
        }
        return value;
    }

    private Optional<Object> run(String snippet) {
        Optional<Object> value = Optional.empty();
        for (SnippetEvent event : shell.eval(snippet)) {
            if (event.causeSnippet() != null) {
                continue;
            }
            if (event.status() == Status.REJECTED) {
                throw refused(snippet, event);
            }
            if (event.exception() instanceof EvalException e) {
                throw new JaneException(e, "java", "%s", e.getMessage());
            }
            if (event.snippet() instanceof VarSnippet v && isExpression(v)) {
                value = value(v);
            } else if (event.snippet().kind() == Snippet.Kind.EXPRESSION) {
                value = variable(snippet.strip().replaceAll("[;\\s].*", ""));
            }
        }
        return value;
    }

    private static boolean isExpression(VarSnippet v) {
        return v.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
    }

    private JaneException refused(String snippet, SnippetEvent event) {
        var problem = shell.diagnostics(event.snippet()).findFirst().orElseThrow();
        var before = snippet.substring(0, (int) problem.getStartPosition());
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new JaneException(
                "java", "line %d, column %d: %s", line, column, problem.getMessage(Locale.ROOT));
    }

    @Override
    public void interruptible(Runnable onInterrupt, Runnable work) {
        stop = onInterrupt;
        try {
            work.run();
        } finally {
            stop = () -> {};
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
