package jane.notebook.host;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * What IJava and JJava both have for a heart, in small: a JShell in the kernel's own process, each
 * snippet on a thread of a pool, nested ones too, values handed on as objects, and an interrupt
 * that cancels the wait and leaves the thread to itself.
 */
public final class MiniShell implements AutoCloseable {
    /** What the hosts name the exception of a cell that was interrupted. */
    public static final String INTERRUPTED = "Execution Interrupted";

    private final Control control = new Control();
    private final JShell shell;

    /** A snippet that does not compile. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(SnippetEvent event) {
            super(event.snippet().source());
        }
    }

    private static final class Control extends DirectExecutionControl {
        private final ExecutorService pool =
                Executors.newCachedThreadPool(
                        work -> {
                            var thread = new Thread(work, "host-executor");
                            thread.setDaemon(true);
                            return thread;
                        });
        private final Map<String, Future<Object>> running = new ConcurrentHashMap<>();
        private final Map<String, Object> results = new HashMap<>();

        @Override
        protected String invoke(Method snippet) throws Exception {
            var key = UUID.randomUUID().toString();
            var task = pool.submit(() -> snippet.invoke(null));
            running.put(key, task);
            try {
                put(key, task.get());
                return key;
            } catch (CancellationException cancelled) {
                throw new UserException("interrupted", INTERRUPTED, cancelled.getStackTrace());
            } catch (ExecutionException failed) {
                throw thrown(failed.getCause());
            } finally {
                running.remove(key);
            }
        }

        private static UserException thrown(Throwable failed) {
            Throwable cause =
                    failed instanceof InvocationTargetException ? failed.getCause() : failed;
            return new UserException(
                    String.valueOf(cause.getMessage()),
                    cause.getClass().getName(),
                    cause.getStackTrace());
        }

        private synchronized void put(String key, Object value) {
            results.put(key, value);
        }

        private synchronized Object take(String key) {
            return results.remove(key);
        }
    }

    private record Provider(ExecutionControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "mini";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return control;
        }
    }

    /** Starts it with its streams on the process's, whatever they are at the time. */
    public MiniShell() {
        shell =
                JShell.builder()
                        .executionEngine(new Provider(control), Map.of())
                        .in(InputStream.nullInputStream())
                        .out(new PrintStream(OutputStream.nullOutputStream()))
                        .err(new PrintStream(OutputStream.nullOutputStream()))
                        .build();
    }

    /** The name that IJava's evaluator gives it. */
    public JShell getShell() {
        return shell;
    }

    /** Runs snippet by snippet; the last one's value, or null. */
    public Object eval(String code) throws JShellException {
        Object value = null;
        var analysis = shell.sourceCodeAnalysis();
        var info = analysis.analyzeCompletion(code);
        while (info.completeness().isComplete()) {
            value = one(info.source());
            info = analysis.analyzeCompletion(info.remaining());
        }
        if (!info.remaining().isBlank()) {
            throw new IllegalArgumentException("Incomplete input: " + info.remaining());
        }
        return value;
    }

    private Object one(String snippet) throws JShellException {
        List<SnippetEvent> events = shell.eval(snippet);
        Object value = null;
        for (SnippetEvent event : events) {
            Object given = event.value() == null ? null : control.take(event.value());
            value = isExpression(event.snippet().subKind()) ? given : null;
        }
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null && event.exception() != null) {
                throw event.exception();
            }
            if (event.causeSnippet() == null && !event.status().isDefined()) {
                throw new Refused(event);
            }
        }
        return value;
    }

    private static boolean isExpression(SubKind kind) {
        return kind == SubKind.VAR_VALUE_SUBKIND
                || kind == SubKind.OTHER_EXPRESSION_SUBKIND
                || kind == SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
    }

    /** What the hosts do on an interrupt. */
    public void interrupt() {
        control.running.values().forEach(task -> task.cancel(true));
    }

    @Override
    public void close() {
        shell.close();
        control.pool.shutdownNow();
    }
}
