package jane.engine.sim;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.ir.JaneException;
import jane.mil.Program;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A loaded program: takes part in what happens to its process, and tells when it is closed. */
final class Resident extends Around {
    private final Program program;
    private final Evaluations.Loaded loaded;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    Resident(Program program, Executable inner, Evaluations.Loaded loaded, Runnable onClose) {
        super(inner);
        this.program = program;
        this.loaded = loaded;
        this.onClose = onClose;
    }

    /** What was compiled. */
    Program program() {
        return program;
    }

    boolean isOf(Evaluations process) {
        return loaded.isOf(process);
    }

    /** Unloads the program and loads {@code compiled}, what is compiled of it, in its place. */
    Resident reloaded(Executable compiled) {
        requireOpen();
        closed.set(true);
        if (compiled != inner) {
            inner.close();
        }
        return new Resident(program, compiled, loaded, onClose);
    }

    /** What is compiled of the program. */
    Executable compiled() {
        return inner;
    }

    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        requireOpen();
        var binding = inner.bind(buffers);
        return () -> {
            requireOpen();
            loaded.beforeRun();
            binding.run();
            loaded.afterRun();
        };
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new JaneException("sim", "this executable was closed; compile the program again");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inner.close();
            onClose.run();
        }
    }
}
