package jane.notebook.kernel;

import jane.ir.JaneException;
import jane.notebook.Display;
import jane.notebook.Notebook;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel as magics see it. */
final class KernelNotebook implements Notebook {
    /** A training step may be long; a second interrupt does not wait for it. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final JaneKernel kernel;

    KernelNotebook(JaneKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String host() {
        return "Java (Jane)";
    }

    @Override
    public void show(Display display) {
        kernel.display(data(display), metadata(display));
    }

    @Override
    public Live live(Display first) {
        String id = kernel.displayWithId(data(first), metadata(first));
        return next -> kernel.updateDisplay(id, data(next), metadata(next));
    }

    static Map<String, Object> data(Display display) {
        return new LinkedHashMap<>(display.data());
    }

    static Map<String, Object> metadata(Display display) {
        return new LinkedHashMap<>(display.metadata());
    }

    @Override
    public List<String> variables() {
        return kernel.variableNames();
    }

    @Override
    public Optional<Object> variable(String name) {
        return kernel.variable(name);
    }

    @Override
    public void define(String type, String name, Object value) {
        try {
            kernel.define(type, name, value);
        } catch (Exception failed) {
            throw asJane(failed, name);
        }
    }

    @Override
    public Optional<Object> eval(String source) {
        try {
            return Optional.ofNullable(kernel.evalRaw(source));
        } catch (Exception failed) {
            throw asJane(failed, "cell");
        }
    }

    private static JaneException asJane(Exception failed, String where) {
        if (failed instanceof JaneException jane) {
            return jane;
        }
        // A compiler's complaint comes with its place, from which a magic finds the line it wrote.
        boolean placed = failed instanceof CellFailure cell && cell.name().equals("CompileError");
        String message =
                placed ? Ansi.plain(((CellFailure) failed).lines().get(0)) : failed.getMessage();
        return new JaneException(failed, where, "%s", message);
    }

    @Override
    public void interruptible(Runnable stop, Runnable work) {
        InterruptHook hook =
                () -> {
                    stop.run();
                    return GRACE;
                };
        InterruptHook.Registration registered = kernel.onInterrupt(hook);
        try {
            work.run();
        } finally {
            registered.close();
        }
    }
}
